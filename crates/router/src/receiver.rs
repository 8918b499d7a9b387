//! One webhook receiver for all providers.

use std::sync::Arc;

use anykey_core::{HeaderMap, LicenseEvent, NotAuthentic, Timestamp, WebhookError, WebhookReceiver};

use crate::ids::name_event;

/// The webhook receivers of a [`Router`](crate::Router)'s providers as one, for a single endpoint.
///
/// The receivers are tried in order, and the one that can verify a delivery takes it: signatures decide, since
/// deliveries of different vendors may have the same headers. The event carries the name of its provider, and its ids
/// have the form of the router's: [`read_key`](LicenseEvent::read_key) with the router reads the key.
///
/// A delivery that none can verify is not authentic. Its reason is `TooOld` or `TooNew` if one of them got as far as
/// the time, and otherwise `SignatureMismatch`.
#[derive(Debug)]
pub struct RouterReceiver {
    /// The router's name.
    name: Box<str>,
    /// One of each provider that has one.
    receivers: Vec<Arc<dyn WebhookReceiver>>,
}

impl RouterReceiver {
    /// The receivers of the providers of the router called `name`, each with the name of its provider.
    pub fn new(
        name: impl Into<Box<str>>,
        receivers: impl IntoIterator<Item = Arc<dyn WebhookReceiver>>,
    ) -> Self {
        Self { name: name.into(), receivers: receivers.into_iter().collect() }
    }
}

impl WebhookReceiver for RouterReceiver {
    fn provider(&self) -> &str {
        &self.name
    }

    fn verify(&self, headers: &HeaderMap, body: &[u8], now: Timestamp) -> Result<LicenseEvent, WebhookError> {
        let mut closest = NotAuthentic::SignatureMismatch;
        for receiver in &self.receivers {
            match receiver.verify(headers, body, now) {
                Ok(event) => return Ok(name_event(receiver.provider(), event)),
                // Only the owner of the secret gets as far as the time.
                Err(WebhookError::NotAuthentic(reason @ (NotAuthentic::TooOld | NotAuthentic::TooNew))) => {
                    closest = reason;
                }
                Err(WebhookError::NotAuthentic(_)) => {}
                Err(error) => return Err(error),
            }
        }
        Err(closest.into())
    }
}
