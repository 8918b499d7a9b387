use std::process::Output;

use serde_json::Value;

/// What a run of the command left behind.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Ran {
    pub(crate) fn of(output: Output) -> Self {
        Self {
            code: output.status.code(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// The one JSON document on stdout.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    #[track_caller]
    pub(crate) fn exits(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "{self:?}");
        self
    }

    /// The run as a terminal would have shown it.
    pub(crate) fn transcript(&self, args: &[&str]) -> String {
        let mut text = format!("$ anykey {}\n{}", args.join(" "), self.stdout);
        for line in self.stderr.lines() {
            text.push_str(&format!("2> {line}\n"));
        }
        if self.code != Some(0) {
            text.push_str(&format!("[exit code {}]\n", self.code.map_or(-1, |code| code)));
        }
        text.push('\n');
        text
    }
}
