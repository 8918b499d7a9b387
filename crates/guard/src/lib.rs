#![doc = include_str!("../README.md")]

mod access;
mod answer;
#[cfg(feature = "blocking")]
pub mod blocking;
mod builder;
mod clock;
mod config;
mod error;
mod evaluate;
mod guard;
mod inner;
mod installation;
mod keep_fresh;
mod policy;
#[cfg(test)]
mod properties;
mod record;
mod schedule;
mod seat;
mod seen_time;
mod session;
mod snapshot;
mod store;
mod timeline;

pub use access::{Access, AccessState, Cause, RefusedBy};
pub use builder::GuardBuilder;
pub use config::{GuardConfig, Identity, StoreChoice};
pub use error::{GuardError, Result};
pub use evaluate::evaluate;
pub use guard::Guard;
pub use installation::Installation;
pub use policy::{Enforcement, OfflineGrace, Policy};
pub use record::{HeldSeat, Outage, PendingSeat, SeatRecord, StandingRefusal};
pub use seat::{Release, SeatBackup};
#[cfg(feature = "keyring")]
pub use store::KeyringStore;
pub use store::{FileStore, MemoryStore, Store, StoreError, StoreErrorKind, StoreLock};
