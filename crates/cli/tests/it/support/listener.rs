use std::io::{BufRead, BufReader, Read};
use std::process::{ChildStderr, ChildStdout};

use super::bench::Bench;
use super::running::{Running, read_to};

/// `anykey webhook listen`.
pub(crate) struct Listener {
    pub(crate) running: Running,
    pub(crate) stdout: BufReader<ChildStdout>,
    pub(crate) stderr: BufReader<ChildStderr>,
    /// What it said before it listened.
    pub(crate) told: Vec<String>,
    /// Where it listens, without a path.
    pub(crate) url: String,
}

impl Listener {
    /// On a free port.
    pub(crate) fn start(bench: &Bench, args: &[&str]) -> Self {
        Self::start_on(bench, 0, args)
    }

    pub(crate) fn start_on(bench: &Bench, port: u16, args: &[&str]) -> Self {
        let port = port.to_string();
        let running =
            Running::start(bench.command(&[&["webhook", "listen", "--port", &port], args].concat()));
        let (stdout, mut stderr) = (running.stdout(), running.stderr());
        let told = read_to(&mut stderr, "until Ctrl-C");
        let (_, url) = told[0].split_once(" is taken at ").unwrap();
        let url = url.trim_end_matches('/').to_owned();
        Self { running, stdout, stderr, told, url }
    }

    /// The next line on stdout.
    pub(crate) fn line(&mut self) -> String {
        let mut line = String::new();
        self.stdout.read_line(&mut line).unwrap();
        line
    }

    /// The next line on stderr.
    pub(crate) fn told(&mut self) -> String {
        let mut line = String::new();
        self.stderr.read_line(&mut line).unwrap();
        line
    }

    /// What was printed and not read yet, once it is stopped.
    pub(crate) fn rest(mut self) -> (String, String) {
        drop(self.running);
        let (mut printed, mut told) = (String::new(), String::new());
        self.stdout.read_to_string(&mut printed).unwrap();
        self.stderr.read_to_string(&mut told).unwrap();
        (printed, told)
    }
}
