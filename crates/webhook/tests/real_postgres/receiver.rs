//! Receivers that are processes of their own.

use std::io::{BufRead as _, BufReader, Lines, Write as _, stdin};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use anykey_test_deliveries::event;
use anykey_webhook::Claim;

use crate::store::{apply, open};

/// The database of a receiver. The test of this program that serves one is started with it.
const DATABASE: &str = "ANYKEY_TEST_RECEIVER";

/// How a receiver's answers begin, beside what the test runner prints.
const ANSWER: &str = "answer ";

/// Applies the deliveries whose ids it reads, one a line. Nothing to do unless it is a receiver of another test.
#[tokio::test]
async fn a_receiver() {
    let Ok(url) = std::env::var(DATABASE) else { return };
    let deliveries = open(&url).await;
    for id in stdin().lines() {
        let status = match apply(&deliveries, &event("acme", &id.unwrap()), true).await {
            Ok(Claim::New | Claim::Done) => 200,
            Ok(Claim::InProgress) | Err(_) => 503,
        };
        println!("{ANSWER}{status}");
    }
}

/// How to deliver to a receiver's process.
pub(crate) struct Receiver {
    input: ChildStdin,
    answers: Lines<BufReader<ChildStdout>>,
}

impl Receiver {
    /// Starts one, and returns its process beside it, which others may kill.
    pub(crate) fn start(url: &str) -> (Child, Self) {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args(["--exact", "receiver::a_receiver", "--nocapture"]).env(DATABASE, url);
        let mut process = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let answers = BufReader::new(process.stdout.take().unwrap()).lines();
        let input = process.stdin.take().unwrap();
        (process, Self { input, answers })
    }

    /// Delivers one, and returns the status of the answer; `None` when the process has ended.
    pub(crate) fn deliver(&mut self, number: usize) -> Option<u16> {
        writeln!(self.input, "msg_{number}").and_then(|()| self.input.flush()).ok()?;
        let mut lines = self.answers.by_ref().map_while(Result::ok);
        lines.find_map(|line| line.split_once(ANSWER)?.1.parse().ok())
    }
}
