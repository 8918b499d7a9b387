use std::io::{BufRead, BufReader};
use std::process::{Child, ChildStderr, ChildStdout, Command, Stdio};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// Far longer than any test; only a broken command comes to it.
const PATIENCE: Duration = Duration::from_secs(120);

/// A command that runs until it is stopped; it ends with the test.
///
/// It is stopped too when the test waits for what never comes: the pipes close, and the test fails.
pub(crate) struct Running {
    child: Arc<Mutex<Child>>,
    _ends_the_watch: Sender<()>,
}

impl Running {
    pub(crate) fn start(mut command: Command) -> Self {
        let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let child = Arc::new(Mutex::new(child));
        let (ends_the_watch, over) = channel();
        let watched = Arc::clone(&child);
        std::thread::spawn(move || {
            if over.recv_timeout(PATIENCE) == Err(RecvTimeoutError::Timeout) {
                let _ = watched.lock().unwrap().kill();
            }
        });
        Self { child, _ends_the_watch: ends_the_watch }
    }

    pub(crate) fn stdout(&self) -> BufReader<ChildStdout> {
        BufReader::new(self.child.lock().unwrap().stdout.take().unwrap())
    }

    pub(crate) fn stderr(&self) -> BufReader<ChildStderr> {
        BufReader::new(self.child.lock().unwrap().stderr.take().unwrap())
    }

    /// How it ended; for after the end of its stderr.
    pub(crate) fn exit_code(&self) -> Option<i32> {
        self.child.lock().unwrap().wait().unwrap().code()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let mut child = self.child.lock().unwrap();
        let _ = child.kill();
        let _ = child.wait();
    }
}

/// Reads `stream` up to the line that holds `last`.
pub(crate) fn read_to(stream: impl BufRead, last: &str) -> Vec<String> {
    let mut lines = Vec::new();
    for line in stream.lines() {
        lines.push(line.unwrap());
        if lines.last().is_some_and(|line| line.contains(last)) {
            return lines;
        }
    }
    panic!("it ended without {last:?}: {lines:?}")
}
