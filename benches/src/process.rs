//! Other processes of this same program.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use crate::Fault;
use crate::server::Tally;
use crate::vendor::TOKEN;

/// A [server](crate::server) in a process of its own, ended when dropped.
#[derive(Debug)]
pub struct Server {
    child: Child,
    orders: ChildStdin,
    replies: BufReader<ChildStdout>,
    /// `http://127.0.0.1:…`
    pub url: String,
}

impl Server {
    /// Starts a server with `keys` keys of each vendor.
    ///
    /// # Errors
    ///
    /// When this program cannot be started again.
    pub fn start(keys: usize) -> Result<Self, Fault> {
        let mut child = Command::new(std::env::current_exe()?)
            .args(["serve", &keys.to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let orders = child.stdin.take().ok_or("no standard input")?;
        let mut replies = BufReader::new(child.stdout.take().ok_or("no standard output")?);
        let mut port = String::new();
        replies.read_line(&mut port)?;
        let url = format!("http://127.0.0.1:{}", port.trim());
        Ok(Self { child, orders, replies, url })
    }

    /// Behaves as a plain, fast vendor again, with nothing counted yet.
    ///
    /// # Errors
    ///
    /// When the server is gone.
    pub fn reset(&mut self) -> Result<(), Fault> {
        self.order("reset").map(drop)
    }

    /// Waits so many milliseconds before each answer.
    ///
    /// # Errors
    ///
    /// When the server is gone.
    pub fn latency(&mut self, milliseconds: u64) -> Result<(), Fault> {
        self.order(&format!("latency {milliseconds}")).map(drop)
    }

    /// Answers 429 to what is more than `requests` in any `milliseconds`.
    ///
    /// # Errors
    ///
    /// When the server is gone.
    pub fn limit(&mut self, requests: u32, milliseconds: u64) -> Result<(), Fault> {
        self.order(&format!("limit {requests} {milliseconds}")).map(drop)
    }

    /// Answers every so manieth request with `status` and `Retry-After: 1`.
    ///
    /// # Errors
    ///
    /// When the server is gone.
    pub fn fault(&mut self, every: u64, status: u16) -> Result<(), Fault> {
        self.order(&format!("fault {every} {status}")).map(drop)
    }

    /// What was asked for since the last reset.
    ///
    /// # Errors
    ///
    /// When the server is gone.
    pub fn tally(&mut self) -> Result<Tally, Fault> {
        let reply = self.order("tally")?;
        let numbers: Vec<u64> = reply.split_whitespace().filter_map(|word| word.parse().ok()).collect();
        match numbers[..] {
            [requests, over_limit, faults] => Ok(Tally { requests, over_limit, faults }),
            _ => Err("the server does not tell".into()),
        }
    }

    fn order(&mut self, line: &str) -> Result<String, Fault> {
        writeln!(self.orders, "{line}")?;
        self.orders.flush()?;
        let mut reply = String::new();
        self.replies.read_line(&mut reply)?;
        Ok(reply)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// Runs this program again with `arguments` and gives back what it prints.
///
/// # Errors
///
/// When it cannot be started or fails.
pub fn fresh(arguments: &[&str]) -> Result<String, Fault> {
    let output = Command::new(std::env::current_exe()?)
        .args(arguments)
        .env("BENCH_TOKEN", TOKEN)
        .stderr(Stdio::inherit())
        .output()?;
    if !output.status.success() {
        return Err(format!("{arguments:?} ended with {}", output.status).into());
    }
    Ok(String::from_utf8(output.stdout)?)
}
