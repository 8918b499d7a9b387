use std::error::Error as StdError;

use thiserror::Error;

/// The store of deliveries does not answer; the cause is the [`source`](StdError::source).
#[derive(Debug, Error)]
#[error("the store of webhook deliveries does not answer")]
pub struct StoreError(#[source] Box<dyn StdError + Send + Sync>);

impl StoreError {
    /// The store failed because of `cause`.
    pub fn new(cause: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self(cause.into())
    }
}

/// Why a delivery was not applied for good. Answer the vendor with a failure: it delivers again.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum OnceError<E> {
    /// The store failed: before the delivery was applied, or after, when it may be applied once more.
    #[error(transparent)]
    Store(StoreError),
    /// The delivery could not be applied.
    #[error("the webhook delivery could not be applied")]
    Effect(#[source] E),
}
