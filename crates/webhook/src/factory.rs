use std::fmt;
use std::sync::Arc;

use anykey_core::{
    Error, ErrorKind, Operation, ProviderSettings, Result, SecretResolver, SecretSource, SecretString,
    WebhookReceiver,
};

/// How a registry builds one vendor's receiver from the same fields as its provider.
///
/// An adapter that receives webhooks exports one as `WEBHOOK_FACTORY`, beside its provider's `FACTORY`.
#[derive(Clone, Copy)]
#[expect(clippy::exhaustive_structs, reason = "adapters outside this workspace write it as a constant")]
pub struct WebhookFactory {
    /// The word that chooses it: `provider = "polar"`.
    pub name: &'static str,
    /// Builds the receiver. Nothing is sent.
    pub build: fn(&ProviderSettings, &dyn SecretResolver) -> Result<Arc<dyn WebhookReceiver>>,
}

impl fmt::Debug for WebhookFactory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WebhookFactory").field("name", &self.name).finish_non_exhaustive()
    }
}

/// Reads the secrets of the field `webhook_secrets`. For authors of receivers.
///
/// # Errors
///
/// [`ErrorKind::Config`], naming the field, when there is none or one cannot be read.
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
