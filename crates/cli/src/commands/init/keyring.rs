use std::io;

use anykey::{ProcessSecrets, SecretString};

use crate::change::ask_line;
use crate::context::Context;
use crate::failure::Failure;

/// Whether somebody at the terminal wants the credential in the system's keyring.
pub(super) async fn is_wanted(field: &str) -> Result<bool, Failure> {
    let answer = ask_line(&format!("Put `{field}` into the system's keyring? [y/N] ")).await?;
    Ok(matches!(answer.trim().to_ascii_lowercase().as_str(), "y" | "yes"))
}

/// Asks for the credential without showing it, or reads it from stdin where nobody can be asked, and puts it into `entry`.
pub(super) async fn put(context: &Context, field: &str, entry: String) -> Result<(), Failure> {
    let (can_ask, question) = (context.terminal.can_ask, format!("`{field}`, which is not shown: "));
    let stored = tokio::task::spawn_blocking(move || {
        let typed = if can_ask { ask(&question) } else { io::read_to_string(io::stdin()) }?;
        store(&entry, typed.trim())
    });
    let stored = stored.await.map_err(io::Error::other)?;
    stored.map_err(|cause| Failure::Usage(format!("`{field}`: nothing was written: {cause}")))
}

fn ask(question: &str) -> io::Result<String> {
    let terminal = console::Term::stderr();
    terminal.write_str(question)?;
    terminal.read_secure_line()
}

fn store(entry: &str, secret: &str) -> io::Result<()> {
    if secret.is_empty() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is empty; next: write it to stdin"));
    }
    ProcessSecrets::default().set_keyring(entry, &SecretString::from(secret))
}
