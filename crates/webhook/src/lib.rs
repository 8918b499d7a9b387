#![doc = include_str!("../README.md")]

mod deliveries;
mod delivery;
mod factory;
mod lenient;
mod signing_key;
mod verifier;

pub use deliveries::{Claim, Deliveries, DeliveriesExt, MemoryDeliveries, Once, OnceError, StoreError};
#[cfg(feature = "sqlite")]
pub use deliveries::{DeliveryTransaction, SqliteClaim, SqliteDeliveries};
pub use delivery::Delivery;
pub use factory::{WebhookFactory, resolve_secrets};
pub use lenient::decode_leniently;
pub use signing_key::SigningKey;
pub use verifier::{Authentic, Verifier};

#[cfg(feature = "sqlite")]
pub use sqlx;
