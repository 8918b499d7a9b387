use std::sync::Arc;

use async_trait::async_trait;

use crate::adapter::ErrorExt as _;
use crate::{Error, PendingDelivery, Result, WebhookFeed};

/// A feed of waiting deliveries under the name that an app's configuration gives its provider.
///
/// Errors carry that name, so that the feeds of two accounts at one vendor are told apart.
#[derive(Clone, Debug)]
pub struct NamedFeed<F> {
    name: Arc<str>,
    inner: F,
}

impl<F: WebhookFeed> NamedFeed<F> {
    /// Calls the provider of `feed` by `name`.
    #[must_use]
    pub fn new(name: impl Into<Arc<str>>, feed: F) -> Self {
        Self { name: name.into(), inner: feed }
    }

    fn name_error(&self, error: Error) -> Error {
        error.with_provider(self.name.to_string())
    }
}

#[async_trait]
impl<F: WebhookFeed> WebhookFeed for NamedFeed<F> {
    async fn pending(&self) -> Result<Vec<PendingDelivery>> {
        self.inner.pending().await.map_err(|error| self.name_error(error))
    }

    async fn acknowledge(&self, id: &str) -> Result<()> {
        self.inner.acknowledge(id).await.map_err(|error| self.name_error(error))
    }
}
