use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use http::HeaderMap;

use crate::Result;

/// The deliveries of a vendor that keeps them until they are asked for: webhooks without a public address.
///
/// Ask for the [`pending`](Self::pending) ones every few seconds, hand each to the
/// [`WebhookReceiver`](crate::WebhookReceiver) of the same provider as one that was received, and
/// [`acknowledge`](Self::acknowledge) it when it was handled. One that is left alone comes again.
#[async_trait]
pub trait WebhookFeed: fmt::Debug + Send + Sync + 'static {
    /// The deliveries that nobody acknowledged, oldest first. Empty when there are none. There may be more than one answer
    /// has: ask again after these were acknowledged.
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
}

impl PendingDelivery {
    /// The delivery `id` with these headers and this body. For authors of adapters.
    pub fn new(id: impl Into<Box<str>>, headers: HeaderMap, body: impl Into<Box<[u8]>>) -> Self {
        Self { id: id.into(), headers, body: body.into() }
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
