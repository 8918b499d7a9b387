//! One process of a fleet: an app with a configuration, that does what it reads, a line each.

use std::io::{BufRead as _, BufReader, Lines, Write as _, stdin};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use anykey::http::{Limit, Pacer, SharedPacing};
use anykey::{
    Config, KeyCode, LicenseProvider, LicenseProviderExt as _, Registry, SecretString, Timestamp,
    ValidateRequest,
};
use anykey_redis::RedisServer;

use crate::vendor::PROCESSES;

/// The configuration of a process. The test of this program that is one is started with it.
const CONFIG: &str = "ANYKEY_TEST_PROCESS";

/// How many times as fast as the documented ones its limits are.
const SPEED: &str = "ANYKEY_TEST_SPEED";

/// The URL of Redis.
pub(crate) const REDIS: &str = "ANYKEY_TEST_REDIS";

/// How a process' answers begin, beside what the test runner prints.
const ANSWER: &str = "answer ";

/// Does what it reads, all at the same time. Nothing to do unless it is a process of another test.
#[tokio::test]
async fn a_process() {
    let Ok(config) = std::env::var(CONFIG) else { return };
    let config = Config::from_toml(&config).unwrap();
    let registry = registry();
    let provider = registry.cache(&config).unwrap().wrap(registry.build(&config).unwrap());
    let provider: Arc<dyn LicenseProvider> = Arc::new(provider);
    let (sender, mut lines) = tokio::sync::mpsc::unbounded_channel();
    std::thread::spawn(move || stdin().lines().map_while(Result::ok).try_for_each(|line| sender.send(line)));
    let mut running = tokio::task::JoinSet::new();
    while let Some(line) = lines.recv().await {
        let provider = Arc::clone(&provider);
        running.spawn(async move { println!("{ANSWER}{}", run(&*provider, &line).await) });
    }
    running.join_all().await;
}

async fn run(provider: &dyn LicenseProvider, line: &str) -> String {
    let words: Vec<_> = line.split(' ').collect();
    let validate = async |code: &str, activation: Option<&&str>| {
        let mut request = ValidateRequest::new(KeyCode::parse(code).unwrap());
        request.activation = activation.map(|id| (*id).into());
        provider.validate(request).await
    };
    match words[0] {
        "validate" => match validate(words[1], words.get(2)).await {
            Ok(answer) => if answer.is_valid() { "valid" } else { "refused" }.to_owned(),
            Err(error) => error.to_string(),
        },
        "until" => {
            let start = Instant::now();
            while validate(words[2], None).await.unwrap().is_valid() != (words[1] == "valid") {
                if start.elapsed() > Duration::from_secs(10) {
                    return "never".to_owned();
                }
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
            now()
        }
        "enable" => provider.enable(&words[1].into()).await.map(|_| now()).unwrap(),
        "disable" => {
            let start = now();
            provider.disable(&words[1].into()).await.map(|_| start).unwrap()
        }
        other => panic!("{other}"),
    }
}

fn now() -> String {
    Timestamp::now().as_nanosecond().to_string()
}

/// The registry of an app, but for limits that are shorter by the speed.
fn registry() -> Registry {
    let speed: u32 = std::env::var(SPEED).unwrap().parse().unwrap();
    if speed == 1 {
        return Registry::builtin();
    }
    // Longer than by default, so that a busy machine is no outage.
    let connect =
        |url: String| RedisServer::builder(SecretString::from(url)).patience(Duration::from_secs(5));
    let redis = std::env::var(REDIS).ok().map(|url| connect(url).build().unwrap());
    Registry::builtin().with_shared_pacing(SharedPacing::new(move |account, pacer| {
        let pacer = Pacer::new(&faster(pacer.limits(), speed));
        redis.as_ref().map_or(pacer.clone(), |redis| redis.pacer(account, &pacer, PROCESSES))
    }))
}

/// `limits` in windows that are shorter by `speed`.
pub(crate) fn faster(limits: &[Limit], speed: u32) -> Vec<Limit> {
    limits.iter().map(|limit| Limit::new(limit.requests, limit.per / speed)).collect()
}

/// A running process and its answers. It is killed on drop.
pub(crate) struct Process {
    process: Child,
    input: Option<ChildStdin>,
    answers: Lines<BufReader<ChildStdout>>,
}

impl Process {
    /// Starts a process with a configuration and the environment that this names.
    pub(crate) fn start(config: &str, speed: u32, environment: &[(String, String)]) -> Self {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args(["--exact", "process::a_process", "--nocapture"]);
        command.env(CONFIG, config).env(SPEED, speed.to_string()).envs(environment.iter().cloned());
        let mut process = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let answers = BufReader::new(process.stdout.take().unwrap()).lines();
        Self { input: process.stdin.take(), process, answers }
    }

    /// Lets it do something.
    pub(crate) fn send(&mut self, line: &str) {
        let input = self.input.as_mut().unwrap();
        writeln!(input, "{line}").and_then(|()| input.flush()).expect("it reads");
    }

    /// Waits for the next answer.
    pub(crate) fn answer(&mut self) -> String {
        let lines = self.answers.by_ref().map_while(Result::ok);
        lines.filter_map(|line| Some(line.split_once(ANSWER)?.1.to_owned())).next().expect("it answers")
    }

    /// Lets it do something and waits for the answer.
    pub(crate) fn ask(&mut self, line: &str) -> String {
        self.send(line);
        self.answer()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        drop(self.input.take());
        let _may_have_ended = self.process.kill();
        let _ended = self.process.wait();
    }
}
