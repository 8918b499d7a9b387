//! The test kit, tested.
#![allow(clippy::panic, clippy::unwrap_used, missing_docs)]

#[cfg(feature = "conformance")]
mod conformance;
#[cfg(feature = "conformance")]
mod flawed_http;
#[cfg(feature = "conformance")]
mod flawed_providers;
#[cfg(feature = "server")]
mod server;
#[cfg(feature = "transport")]
mod transport;
