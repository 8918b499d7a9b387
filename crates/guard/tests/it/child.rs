//! Starts the test binary again, as another process of the same machine.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use anykey_guard::{FileStore, Guard, Policy};

use crate::file_vendor::FileVendor;
use crate::machine::installation;
use crate::vendor::code;

const DIRECTORY: &str = "ANYKEY_GUARD_TEST_DIRECTORY";
const LATENCY: Duration = Duration::from_micros(300);

/// A guard on the machine that all processes of `directory` share.
pub(crate) fn guard(directory: &Path, latency: Duration) -> Guard {
    let vendor = FileVendor::new(&vendor_path(directory)).with_latency(latency);
    let store = FileStore::in_directory(installation("machine-1"), directory.join("license"));
    Guard::open(store, Arc::new(vendor), Policy::default()).unwrap()
}

pub(crate) fn vendor_path(directory: &Path) -> PathBuf {
    directory.join("vendor")
}

/// Another process and its output lines: `ready`, then the result of [`act`].
pub(crate) struct Process {
    pub(crate) child: Child,
    pub(crate) lines: Receiver<String>,
}

impl Process {
    pub(crate) fn start(directory: &Path) -> Self {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "child::act_as_child", "--nocapture", "--test-threads=1"])
            .env(DIRECTORY, directory)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let stdout = BufReader::new(child.stdout.take().unwrap());
        let (sender, lines) = channel();
        std::thread::spawn(move || {
            let said = stdout.lines().map_while(Result::ok);
            let own = said.filter_map(|line| line.split_once("child: ").map(|(_, rest)| rest.to_owned()));
            own.map_while(|line| sender.send(line).ok()).for_each(drop);
        });
        Self { child, lines }
    }

    pub(crate) fn wait_until_ready(&self) {
        assert_eq!(self.lines.recv().unwrap(), "ready");
    }

    /// Starts the work, once the process is ready.
    pub(crate) fn go(&mut self) {
        self.child.stdin.take().unwrap().write_all(b"go\n").unwrap();
    }
}

/// The entry point of the child process. Does nothing in the process that runs the tests.
#[test]
fn act_as_child() {
    let Some(directory) = std::env::var_os(DIRECTORY) else { return };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let guard = guard(Path::new(&directory), LATENCY);
    println!("child: ready");
    std::io::stdin().read_line(&mut String::new()).unwrap();
    let done = runtime.block_on(act(&guard));
    println!("child: {done}");
}

async fn act(guard: &Guard) -> String {
    let activated = guard.activate(code(FileVendor::CODE)).await;
    let access = match activated {
        Ok(access) => access,
        Err(error) => return error.to_string(),
    };
    for _ in 0..2 {
        guard.refresh().await.unwrap();
    }
    let held = guard.record().unwrap().held.unwrap();
    format!("{} {}", access.is_allowed(), held.activation.unwrap())
}
