use std::error::Error as StdError;

use thiserror::Error;

/// A failure of a store of deliveries. The cause is its [`source`](StdError::source).
#[derive(Debug, Error)]
#[error("the store of webhook deliveries failed")]
pub struct StoreError(#[source] Box<dyn StdError + Send + Sync>);

impl StoreError {
    /// An error with the cause `cause`.
    pub fn new(cause: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self(cause.into())
    }
}

/// The error of [`DeliveriesExt::once`](crate::DeliveriesExt::once). Answer the vendor with a failure; it delivers
/// again.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum OnceError<E> {
    /// The store failed, either before the delivery was applied or after it; in the second case it may be applied
    /// again.
    #[error(transparent)]
    Store(StoreError),
    /// The effect failed with this error.
    #[error("the webhook delivery could not be applied")]
    Effect(#[source] E),
}
