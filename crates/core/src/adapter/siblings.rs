use std::sync::Arc;

use crate::{LicenseProvider, Result, WebhookFeed, WebhookReceiver};

/// The providers of one configuration, for a provider that is built over some of them: a router.
///
/// A registry implements it and passes it on in [`BuildContext::siblings`](super::BuildContext::siblings).
pub trait Siblings: Send + Sync {
    /// The provider that the configuration calls `name`, built when it is asked for and then shared.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`](crate::ErrorKind::Config) when there is none, with the names that exist; when it cannot be
    /// built; or when it would be built over the provider that asks, directly or through others. Only the error of
    /// one that cannot be built has a [provider](crate::Error::provider).
    fn provider(&self, name: &str) -> Result<Arc<dyn LicenseProvider>>;

    /// The former names of the provider called `name`, which ids in the app's records may still carry. Empty when it
    /// was never renamed.
    fn aliases(&self, name: &str) -> &[String];

    /// The webhook receiver of the provider called `name`; `None` when its vendor sends no webhooks, or when its
    /// configuration has no field that begins with `webhook_`, such as `webhook_secrets`.
    ///
    /// # Errors
    ///
    /// As [`provider`](Self::provider).
    fn receiver(&self, name: &str) -> Result<Option<Arc<dyn WebhookReceiver>>>;

    /// The waiting deliveries of the provider called `name`; `None` when its vendor keeps none, or when its
    /// configuration names no endpoint that does.
    ///
    /// # Errors
    ///
    /// As [`provider`](Self::provider).
    fn feed(&self, name: &str) -> Result<Option<Arc<dyn WebhookFeed>>>;
}
