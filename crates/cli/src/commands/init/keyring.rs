use std::io;

use anykey::{ProcessSecrets, SecretSource, SecretString};

use crate::context::Context;
use crate::failure::Failure;

/// Asks for the credential without showing it, or reads it from stdin where nobody can be asked, and puts it into
/// `entry` of the system's keyring.
pub(super) async fn put(context: &Context, field: &str, entry: &str) -> Result<SecretSource, Failure> {
    let (can_ask, question) = (context.terminal.can_ask, format!("`{field}`, which is not shown: "));
    let owned = entry.to_owned();
    let stored = tokio::task::spawn_blocking(move || {
        let typed = if can_ask { ask(&question) } else { io::read_to_string(io::stdin()) }?;
        store(&owned, typed.trim())
    });
    let stored = stored.await.map_err(io::Error::other)?;
    stored.map_err(|cause| Failure::Usage(format!("`{field}`: nothing was written: {cause}")))?;
    let source = SecretSource::Keyring(entry.into());
    context.note(&format!("put `{field}` into {source}"));
    Ok(source)
}

fn ask(question: &str) -> io::Result<String> {
    let terminal = console::Term::stderr();
    terminal.write_str(question)?;
    terminal.read_secure_line()
}

fn store(entry: &str, secret: &str) -> io::Result<()> {
    if secret.is_empty() {
        return Err(io::Error::new(
            io::ErrorKind::InvalidInput,
            "it is empty; next: enter it, or write it to stdin",
        ));
    }
    ProcessSecrets::default().set_keyring(entry, &SecretString::from(secret))
}
