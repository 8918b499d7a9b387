#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod body_verifier;
mod deliveries;
mod delivery;
mod lenient;
mod secrets;
mod signing_key;
mod verifier;

pub use body_verifier::BodyVerifier;
pub use deliveries::{Claim, Deliveries, DeliveriesExt, MemoryDeliveries, Once, OnceError, StoreError};
#[cfg(feature = "sqlite")]
pub use deliveries::{DeliveryTransaction, SqliteClaim, SqliteDeliveries};
#[cfg(feature = "postgres")]
pub use deliveries::{PostgresClaim, PostgresDeliveries, PostgresTransaction};
pub use delivery::Delivery;
pub use lenient::decode_leniently;
pub use secrets::resolve_secrets;
pub use signing_key::SigningKey;
pub use verifier::{Authentic, Verifier};

#[cfg(any(feature = "postgres", feature = "sqlite"))]
#[doc(no_inline)]
pub use sqlx;
