//! Stores that record which deliveries were applied.

mod error;
mod memory;
mod once;
#[cfg(feature = "postgres")]
mod postgres;
#[cfg(feature = "sqlite")]
mod sqlite;
mod times;

use std::fmt;

use anykey_core::{LicenseEvent, Timestamp, async_trait};

pub use error::{OnceError, StoreError};
pub use memory::MemoryDeliveries;
pub use once::{DeliveriesExt, Once};
#[cfg(feature = "postgres")]
pub use postgres::{PostgresClaim, PostgresDeliveries, PostgresTransaction};
#[cfg(feature = "sqlite")]
pub use sqlite::{DeliveryTransaction, SqliteClaim, SqliteDeliveries};

/// A record of which deliveries were applied, so that each is applied once. For authors of stores; callers use
/// [`DeliveriesExt::once`].
///
/// A delivery is claimed, applied, and then finished or released. If neither happens within the lease, five minutes
/// by default, the claim ends and the next caller can claim the delivery. A delivery is forgotten after the window,
/// seven days by default, which is longer than any vendor retries.
#[async_trait]
pub trait Deliveries: fmt::Debug + Send + Sync + 'static {
    /// Claims the delivery of `event`, unless it is already claimed or finished. `now` is the current time.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the store fails. The state of the delivery is unknown; answer the vendor with a failure.
    async fn claim(&self, event: &LicenseEvent, now: Timestamp) -> Result<Claim, StoreError>;

    /// Records that the claimed delivery was applied.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the store fails. The delivery may then be applied again.
    async fn finish(&self, event: &LicenseEvent, now: Timestamp) -> Result<(), StoreError>;

    /// Releases the claim of a delivery that was not applied. `claimed_at` is the time that was passed to
    /// [`claim`](Self::claim): a claim whose lease has ended may be that of another caller by now, which stays, as does
    /// a finished delivery.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the store fails. The claim then ends with the lease.
    async fn release(&self, event: &LicenseEvent, claimed_at: Timestamp) -> Result<(), StoreError>;
}

/// The state of a delivery that is to be applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(clippy::exhaustive_enums, reason = "a caller has to handle each")]
pub enum Claim {
    /// It is new and now claimed: the caller has to apply it.
    New,
    /// Another caller is applying it and may still fail: let the vendor deliver again.
    InProgress,
    /// It was applied before.
    Done,
}
