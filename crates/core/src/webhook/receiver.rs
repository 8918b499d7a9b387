use std::fmt;
use std::sync::Arc;

use http::HeaderMap;
use jiff::Timestamp;

use super::{LicenseEvent, WebhookError};

/// A vendor's deliveries, as an endpoint sees them: bytes in, a proven [`LicenseEvent`] out.
///
/// It sends nothing and reads no clock. Hand it the bytes *as they came*: a body that was parsed and written
/// again has another signature.
///
/// ```
/// use anykey_core::{LicenseEvent, Timestamp, WebhookError, WebhookReceiver};
///
/// /// The endpoint's whole work, and the HTTP status to answer with.
/// fn endpoint(receiver: &dyn WebhookReceiver, headers: &http::HeaderMap, body: &[u8]) -> u16 {
///     match receiver.verify(headers, body, Timestamp::now()) {
///         Ok(event) => apply(event),
///         Err(WebhookError::Unreadable(delivery)) => keep(delivery.body().expose()),
///         Err(refused) => refused.status_hint(),
///     }
/// }
/// # fn apply(_: LicenseEvent) -> u16 { 200 }
/// # fn keep(_: &[u8]) -> u16 { 200 }
/// ```
pub trait WebhookReceiver: fmt::Debug + Send + Sync + 'static {
    /// The name of the provider whose deliveries it reads, as
    /// [`LicenseProvider::name`](crate::LicenseProvider::name).
    fn provider(&self) -> &str;

    /// Proves that `body` comes from the vendor and was sent within five minutes of `now`, and reads it.
    ///
    /// # Errors
    ///
    /// Three different answers, see [`WebhookError`]: not authentic, authentic but unreadable, and authentic
    /// but not about license keys.
    fn verify(&self, headers: &HeaderMap, body: &[u8], now: Timestamp) -> Result<LicenseEvent, WebhookError>;
}

macro_rules! forward {
    ($pointer:ty) => {
        impl<R: WebhookReceiver + ?Sized> WebhookReceiver for $pointer {
            fn provider(&self) -> &str {
                (**self).provider()
            }

            fn verify(
                &self,
                headers: &HeaderMap,
                body: &[u8],
                now: Timestamp,
            ) -> Result<LicenseEvent, WebhookError> {
                (**self).verify(headers, body, now)
            }
        }
    };
}

forward!(Arc<R>);
forward!(Box<R>);
