// The page's examples read TOML.
#![cfg_attr(any(not(doctest), feature = "toml"), doc = include_str!("../README.md"))]

mod builtin;
mod config;
#[cfg(feature = "toml")]
mod environment;
mod memory;
mod providers;
mod registry;
mod secrets;
#[cfg(feature = "toml")]
mod text;

pub use anykey_core::*;
pub use config::{Config, ProviderConfig};
pub use providers::Providers;
pub use registry::Registry;
pub use secrets::ProcessSecrets;

/// Dodo Payments: the adapter's own types, for what only this vendor has.
#[cfg(feature = "dodo")]
pub mod dodo {
    pub use anykey_dodo::*;
}

/// Polar: the adapter's own types, for what only this vendor has.
#[cfg(feature = "polar")]
pub mod polar {
    pub use anykey_polar::*;
}

/// Answers kept for a while, and one request for many callers.
#[cfg(feature = "cache")]
pub mod cache {
    pub use anykey_cache::*;
}

/// The seat that an installed app holds, online and offline.
#[cfg(feature = "guard")]
pub mod guard {
    pub use anykey_guard::*;
}

/// Webhooks: proof of the signature, and each delivery applied once.
#[cfg(feature = "webhooks")]
pub mod webhook {
    pub use anykey_webhook::*;
}
