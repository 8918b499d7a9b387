use std::sync::Arc;

use http::HeaderMap;

use crate::{LicenseEvent, Timestamp, WebhookError, WebhookReceiver};

/// A webhook receiver under the name that an app's configuration gives its provider.
///
/// Events, and the keys in them, carry that name, so that the deliveries of two accounts at one vendor are told
/// apart.
#[derive(Clone, Debug)]
pub struct NamedReceiver<R> {
    name: Arc<str>,
    inner: R,
}

impl<R: WebhookReceiver> NamedReceiver<R> {
    /// Calls the provider of `receiver` by `name`.
    #[must_use]
    pub fn new(name: impl Into<Arc<str>>, receiver: R) -> Self {
        Self { name: name.into(), inner: receiver }
    }
}

impl<R: WebhookReceiver> WebhookReceiver for NamedReceiver<R> {
    fn provider(&self) -> &str {
        &self.name
    }

    fn verify(&self, headers: &HeaderMap, body: &[u8], now: Timestamp) -> Result<LicenseEvent, WebhookError> {
        let mut event = self.inner.verify(headers, body, now)?;
        event.provider = self.name.to_string().into();
        for key in event.key.iter_mut().chain(&mut event.further_keys) {
            key.provider = self.name.to_string().into();
        }
        Ok(event)
    }
}
