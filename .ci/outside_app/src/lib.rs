//! What an app does with each feature of `anykey`, and with no other crate of the project.
#![deny(warnings)]

#[cfg(feature = "blocking")]
pub mod blocking;
#[cfg(all(feature = "cache", feature = "toml"))]
pub mod cache;
#[cfg(all(feature = "guard", feature = "toml"))]
pub mod guard;
#[cfg(any(feature = "dodo", feature = "polar"))]
pub mod network;
#[cfg(feature = "schema")]
pub mod schema;
#[cfg(feature = "serde")]
pub mod serde;
#[cfg(feature = "sim")]
pub mod sim;
pub mod validate;
#[cfg(feature = "webhooks")]
pub mod webhooks;
