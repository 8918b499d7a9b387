#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod access;
mod answer;
mod backup;
#[cfg(feature = "blocking")]
pub mod blocking;
mod builder;
mod clock;
mod config;
mod driver;
mod error;
mod evaluate;
mod guard;
mod inner;
mod installation;
mod keep_fresh;
mod lookup;
mod machine;
mod policy;
#[cfg(test)]
mod properties;
mod providers;
mod record;
mod release;
mod save_later;
mod schedule;
mod seen_time;
mod session;
mod snapshot;
mod store;
mod stored;
mod timeline;

pub use access::{Access, AccessMessage, AccessState, Cause, Notice, Notices, RefusedBy};
pub use backup::SeatBackup;
pub use builder::GuardBuilder;
pub use config::{GuardConfig, Identity, SeatScope, StoreChoice};
pub use error::{GuardError, Result};
pub use evaluate::evaluate;
pub use guard::Guard;
pub use installation::Installation;
pub use policy::{Enforcement, OfflineGrace, Policy};
pub use record::{
    HeldProof, HeldSeat, Issuer, Outage, PendingSeat, SeatRecord, StandingRefusal, UnreleasedSeat, UserMark,
};
pub use release::Release;
pub use store::{FileStore, MemoryStore, RevisionCounter, Store, StoreError, StoreErrorKind, StoreLock};
#[cfg(feature = "keyring")]
pub use store::{KeyringCounter, KeyringStore};
