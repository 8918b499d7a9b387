use std::io::Read;

use pty_process::Size;
use pty_process::blocking::{Command, Pts, Pty, open};

use super::bench::{Bench, NOW};

/// A terminal that the command runs on.
pub(crate) struct Screen {
    pub(crate) pty: Pty,
    pub(crate) pts: Pts,
}

impl Screen {
    /// One with so many columns.
    pub(crate) fn new(columns: u16) -> Self {
        let (pty, pts) = open().unwrap();
        pty.resize(Size::new(40, columns)).unwrap();
        Self { pty, pts }
    }

    /// The command in the bench's folder.
    pub(crate) fn command(bench: &Bench, args: &[&str]) -> Command {
        Command::new(env!("CARGO_BIN_EXE_anykey"))
            .args(args)
            .env_clear()
            .env("HOME", bench.folder.path())
            .env("TERM", "xterm-256color")
            .env("__ANYKEY_TEST_NOW", NOW)
            .env("TZ", "UTC0")
            .current_dir(bench.folder.path())
    }

    /// Runs to the end, and tells the exit code and what was on the screen.
    pub(crate) fn run(self, command: Command) -> (Option<i32>, String) {
        let mut child = command.spawn(self.pts).unwrap();
        let text = read_to_end(self.pty);
        (child.wait().unwrap().code(), text)
    }
}

/// A terminal whose last writer is gone reads as an error on Linux.
pub(crate) fn read_to_end(mut pty: impl Read) -> String {
    let mut bytes = Vec::new();
    let mut chunk = [0; 4096];
    while let Ok(count @ 1..) = pty.read(&mut chunk) {
        bytes.extend_from_slice(&chunk[..count]);
    }
    String::from_utf8(bytes).unwrap()
}

/// Reads until `wanted` is on the screen, and returns what was there by then.
pub(crate) fn read_until(pty: &mut Pty, wanted: &str) -> String {
    let mut bytes = Vec::new();
    let mut chunk = [0; 1024];
    loop {
        let text = String::from_utf8_lossy(&bytes);
        if text.contains(wanted) {
            return text.into_owned();
        }
        let count = pty.read(&mut chunk).expect(wanted);
        bytes.extend_from_slice(&chunk[..count]);
    }
}
