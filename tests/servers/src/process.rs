use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::process::{Child, Command};
use std::time::{Duration, Instant};

/// A process that is killed on drop.
#[derive(Debug)]
pub(crate) struct Process(Child);

impl Process {
    pub(crate) fn start(command: &mut Command) -> Self {
        Self(command.spawn().expect("the server starts"))
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
            let _status = Command::new("kill").arg(format!("-{signal}")).arg(child).status();
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

/// Waits until something listens on `port`; `false` when `process` ends before.
pub(crate) fn listens(port: u16, process: &mut Process) -> bool {
    let start = Instant::now();
    while !process.has_ended() {
        if TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_ok() {
            return true;
        }
        assert!(start.elapsed() < Duration::from_secs(30), "the server does not listen");
        std::thread::sleep(Duration::from_millis(5));
    }
    false
}
