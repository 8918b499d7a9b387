use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};

use anykey::KeyCode;
use clap::Args;

use crate::failure::Failure;

/// A license key from the command line, from stdin or from a file.
#[derive(Args, Clone)]
#[group(required = true, multiple = false)]
pub(crate) struct KeyInput {
    /// The license key; `-` reads it from stdin, one line
    ///
    /// An argument stays in the shell's history and shows in the list of processes. Prefer `-` or
    /// `--key-file`.
    #[arg(value_name = "KEY")]
    key: Option<String>,
    /// Read the license key from this file
    #[arg(long, value_name = "FILE")]
    key_file: Option<PathBuf>,
}

impl KeyInput {
    /// Reads the key. Waiting for stdin does not hold Ctrl-C back.
    pub(crate) async fn read(&self) -> Result<KeyCode, Failure> {
        let text = match (&self.key, &self.key_file) {
            (_, Some(path)) => read_file(path)?,
            (Some(key), None) if key == "-" => {
                tokio::task::spawn_blocking(read_stdin).await.map_err(std::io::Error::other)??
            }
            (Some(key), None) => key.clone(),
            (None, None) => String::new(),
        };
        KeyCode::parse(&text).map_err(|error| Failure::Usage(error.message().to_owned()))
    }
}

impl std::fmt::Debug for KeyInput {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("KeyInput").field("key_file", &self.key_file).finish_non_exhaustive()
    }
}

fn read_file(path: &Path) -> Result<String, Failure> {
    std::fs::read_to_string(path)
        .map_err(|error| Failure::Usage(format!("cannot read the key file {}: {error}", path.display())))
}

fn read_stdin() -> Result<String, Failure> {
    let stdin = std::io::stdin();
    if stdin.is_terminal() {
        let _nobody_there_to_ask = write!(std::io::stderr(), "license key: ");
    }
    let mut text = String::new();
    stdin
        .read_line(&mut text)
        .map_err(|error| Failure::Usage(format!("cannot read the key from stdin: {error}")))?;
    Ok(text)
}
