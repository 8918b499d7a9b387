//! Stores of which deliveries were applied already.

mod error;
mod memory;
mod once;
#[cfg(feature = "sqlite")]
mod sqlite;

use std::fmt;

use anykey_core::{LicenseEvent, SignedDuration, Timestamp, async_trait};

pub use error::{OnceError, StoreError};
pub use memory::MemoryDeliveries;
pub use once::{DeliveriesExt, Once};
#[cfg(feature = "sqlite")]
pub use sqlite::{DeliveryTransaction, SqliteClaim, SqliteDeliveries};

/// Dodo tries for 28 hours, Polar for some: what comes later was sent again by hand.
const WINDOW: SignedDuration = SignedDuration::from_hours(7 * 24);

/// Longer than any endpoint may take to answer: Dodo waits 15 seconds, Polar 10.
const LEASE: SignedDuration = SignedDuration::from_mins(5);

/// Remembers which deliveries were applied, so that each is applied once. For authors of stores; callers use
/// [`DeliveriesExt::once`].
///
/// A delivery is claimed, applied, and then finished or released. When neither comes within the lease, five
/// minutes by default, the claim ends, and the next caller may claim it. Memory is bounded: a delivery is
/// forgotten after a window, seven days by default, which is longer than any vendor tries by itself.
#[async_trait]
pub trait Deliveries: fmt::Debug + Send + Sync + 'static {
    /// Claims the delivery of `event`, unless it is claimed or finished already.
    ///
    /// # Errors
    ///
    /// When the store does not answer. Nothing is known then: answer the vendor with a failure.
    async fn claim(&self, event: &LicenseEvent, now: Timestamp) -> Result<Claim, StoreError>;

    /// Remembers that the claimed delivery was applied.
    ///
    /// # Errors
    ///
    /// When the store does not answer.
    async fn finish(&self, event: &LicenseEvent, now: Timestamp) -> Result<(), StoreError>;

    /// Gives the claim back: the delivery was not applied. A finished delivery stays finished.
    ///
    /// # Errors
    ///
    /// When the store does not answer; the claim ends by itself then.
    async fn release(&self, event: &LicenseEvent) -> Result<(), StoreError>;
}

/// What is known about a delivery that wants to be applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(clippy::exhaustive_enums, reason = "a caller has to answer each")]
pub enum Claim {
    /// It is new, and the caller's to apply.
    New,
    /// Another caller is applying it at this moment and may still fail: let the vendor try again.
    InProgress,
    /// It was applied.
    Done,
}
