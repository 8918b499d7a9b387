use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use http::HeaderMap;

use crate::{Result, Timestamp};

/// The deliveries of a vendor that keeps them until they are asked for: webhooks without a public address.
///
/// Ask for the [`pending`](Self::pending) ones every few seconds, let the [`WebhookReceiver`](crate::WebhookReceiver)
/// of the same provider verify each at the time [`received_at`](PendingDelivery::received_at), and
/// [`acknowledge`](Self::acknowledge) it when it was handled. One that is left alone comes again.
#[async_trait]
pub trait WebhookFeed: fmt::Debug + Send + Sync + 'static {
    /// The deliveries that nobody acknowledged, oldest first. Empty when there are none. There may be more than one
    /// answer has: ask again after these were acknowledged.
    ///
    /// # Errors
    ///
    /// Those of the vendor's API: there is no such endpoint, or the credential may not read it, or there is no answer.
    async fn pending(&self) -> Result<Vec<PendingDelivery>>;

    /// Reports that the delivery `id` was handled, so that it does not come again. Can be repeated.
    ///
    /// # Errors
    ///
    /// Those of [`pending`](Self::pending), and [`NotFound`](crate::ErrorKind::NotFound) for an unknown delivery.
    async fn acknowledge(&self, id: &str) -> Result<()>;
}

/// A delivery that nobody acknowledged yet. `Debug` prints neither headers nor body.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct PendingDelivery {
    /// The id that acknowledges it.
    pub id: Box<str>,
    /// The headers of the delivery, with its signature. A header that HTTP does not have is left out.
    pub headers: HeaderMap,
    /// The signed body.
    pub body: Box<[u8]>,
    /// When the vendor signed it; `None` where the signature has no time. A vendor that signs once may keep it for
    /// longer than a receiver accepts.
    pub signed_at: Option<Timestamp>,
}

impl PendingDelivery {
    /// The delivery `id` with these headers and this body. For authors of adapters.
    pub fn new(id: impl Into<Box<str>>, headers: HeaderMap, body: impl Into<Box<[u8]>>) -> Self {
        Self { id: id.into(), headers, body: body.into(), signed_at: None }
    }

    /// Adds when the vendor signed it.
    #[must_use]
    pub const fn with_signed_at(mut self, signed_at: Option<Timestamp>) -> Self {
        self.signed_at = signed_at;
        self
    }

    /// The time at which a receiver verifies the delivery, if it is read at `now`. Nobody can repeat an old delivery
    /// here, as they could towards a public address: the vendor itself was asked for it.
    #[must_use]
    pub fn received_at(&self, now: Timestamp) -> Timestamp {
        self.signed_at.unwrap_or(now)
    }
}

impl fmt::Debug for PendingDelivery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PendingDelivery").field("id", &self.id).finish_non_exhaustive()
    }
}

#[async_trait]
impl<F: WebhookFeed + ?Sized> WebhookFeed for Arc<F> {
    async fn pending(&self) -> Result<Vec<PendingDelivery>> {
        (**self).pending().await
    }

    async fn acknowledge(&self, id: &str) -> Result<()> {
        (**self).acknowledge(id).await
    }
}
