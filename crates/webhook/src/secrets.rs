use anykey_core::adapter::ErrorExt as _;
use anykey_core::{Error, ErrorKind, Operation, Result, SecretResolver, SecretSource, SecretString};

/// Resolves the secrets of the configuration field `webhook_secrets`. For authors of receivers.
///
/// # Errors
///
/// [`ErrorKind::Config`] with the name of the field when the list is empty or a secret cannot be read.
pub fn resolve_secrets(sources: &[SecretSource], secrets: &dyn SecretResolver) -> Result<Vec<SecretString>> {
    if sources.is_empty() {
        return Err(Error::new(
            ErrorKind::Config,
            "`webhook_secrets` is missing; list the endpoint's secrets, such as [{ env = \"WEBHOOK_SECRET\" }]",
        )
        .with_operation(Operation::Configure));
    }
    let resolve = |(index, source): (usize, &SecretSource)| {
        source.resolve(&format!("webhook_secrets[{index}]"), secrets)
    };
    sources.iter().enumerate().map(resolve).collect()
}
