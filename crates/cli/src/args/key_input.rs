use std::io::{IsTerminal, Read, Write};
use std::path::{Path, PathBuf};

use anykey::{PastedKey, ProcessSecrets};
use clap::Args;

use crate::failure::Failure;

/// A license key from the command line, from stdin or from a file.
#[derive(Args, Clone)]
#[group(required = true, multiple = false)]
pub(crate) struct KeyInput {
    /// The license key; `-` reads it from stdin
    ///
    /// An argument stays in the shell's history and shows in the list of processes. Prefer `-` or
    /// `--key-file`.
    #[arg(value_name = "KEY")]
    key: Option<String>,
    /// Read the license key from this file, in UTF-8 or UTF-16
    #[arg(long, value_name = "FILE")]
    key_file: Option<PathBuf>,
}

impl KeyInput {
    /// Reads the key. Waiting for stdin does not hold Ctrl-C back.
    ///
    /// On a terminal stdin is one line; otherwise it is read to its end, since a pasted key may be wrapped.
    pub(crate) async fn read(&self) -> Result<PastedKey, Failure> {
        let pasted = match (&self.key, &self.key_file) {
            (_, Some(path)) => PastedKey::decode(&read_file(path)?),
            (Some(key), None) => return pasted(key).await,
            (None, None) => PastedKey::parse(""),
        };
        pasted.map_err(|error| Failure::Usage(error.message().to_owned()))
    }
}

/// What was typed in the place of a key: the text itself, or `-` for stdin.
pub(crate) async fn pasted(typed: &str) -> Result<PastedKey, Failure> {
    let pasted = if typed == "-" {
        let read = tokio::task::spawn_blocking(read_stdin).await.map_err(std::io::Error::other)?;
        PastedKey::decode(&read?)
    } else {
        PastedKey::parse(typed)
    };
    pasted.map_err(|error| Failure::Usage(error.message().to_owned()))
}

impl std::fmt::Debug for KeyInput {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("KeyInput").field("key_file", &self.key_file).finish_non_exhaustive()
    }
}

fn read_file(path: &Path) -> Result<Vec<u8>, Failure> {
    ProcessSecrets::default()
        .bytes(path)
        .map_err(|error| Failure::Usage(format!("cannot read the key file {}: {error}", path.display())))
}

fn read_stdin() -> Result<Vec<u8>, Failure> {
    let failed = |error| Failure::Usage(format!("cannot read the key from stdin: {error}"));
    let stdin = std::io::stdin();
    if stdin.is_terminal() {
        let _nobody_there_to_ask = write!(std::io::stderr(), "license key: ");
        let mut line = String::new();
        stdin.read_line(&mut line).map_err(failed)?;
        return Ok(line.into_bytes());
    }
    let mut bytes = Vec::new();
    stdin.take(ProcessSecrets::LARGEST_FILE).read_to_end(&mut bytes).map_err(failed)?;
    Ok(bytes)
}
