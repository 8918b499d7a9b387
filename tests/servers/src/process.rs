use std::io::{BufRead as _, BufReader, Read};
use std::net::{Ipv4Addr, TcpListener};
use std::process::{Child, ChildStderr, ChildStdout, Command};
use std::thread;

/// A process that is killed on drop.
#[derive(Debug)]
pub(crate) struct Process(Child);

impl Process {
    pub(crate) fn start(command: &mut Command) -> Self {
        Self(command.spawn().expect("the server starts"))
    }

    /// What it writes on stderr, which was piped.
    pub(crate) fn errors(&mut self) -> ChildStderr {
        self.0.stderr.take().expect("it is piped, and taken once")
    }

    /// What it writes on stdout, which was piped.
    pub(crate) fn output(&mut self) -> ChildStdout {
        self.0.stdout.take().expect("it is piped, and taken once")
    }

    pub(crate) fn has_ended(&mut self) -> bool {
        self.0.try_wait().expect("the server is our own").is_some()
    }

    /// Sends `signal`, such as `STOP`.
    pub(crate) fn signal(&self, signal: &str) {
        let status = Command::new("kill").arg(format!("-{signal}")).arg(self.0.id().to_string()).status();
        assert!(status.expect("`kill` is there").success());
    }

    /// Sends `signal` to every process that this one started.
    pub(crate) fn signal_children(&self, signal: &str) {
        let own = self.0.id();
        let children =
            std::fs::read_to_string(format!("/proc/{own}/task/{own}/children")).unwrap_or_default();
        for child in children.split_ascii_whitespace() {
            // One that has just ended needs no signal.
            let _output = Command::new("kill").arg(format!("-{signal}")).arg(child).output();
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _killed = self.0.kill();
        let _ended = self.0.wait();
    }
}

/// A port that was free a moment ago.
pub(crate) fn free_port() -> u16 {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .and_then(|listener| listener.local_addr())
        .expect("a port")
        .port()
}

/// Waits until a server says on its `output` that it is ready; `false` when it ends before.
pub(crate) fn is_ready(output: impl Read + Send + 'static) -> bool {
    let mut lines = BufReader::new(output).lines().map_while(Result::ok);
    let is_ready = lines.any(|line| line.to_lowercase().contains("ready to accept"));
    // A full pipe would stop the server.
    thread::spawn(move || lines.for_each(drop));
    is_ready
}
