// The page's examples read TOML.
#![cfg_attr(any(not(doctest), feature = "toml"), doc = include_str!("../README.md"))]
#![cfg_attr(docsrs, feature(doc_cfg))]

#[cfg(feature = "blocking")]
pub mod blocking;
mod builtin;
mod config;
#[cfg(feature = "toml")]
mod environment;
mod memory;
mod providers;
mod registry;
mod secrets;
#[cfg(feature = "sim")]
pub mod sim;
#[cfg(feature = "toml")]
mod text;

pub use anykey_core::*;
#[doc(no_inline)]
pub use anykey_core::{Bytes, HeaderMap, SecretString, SignedDuration, Timestamp, async_trait};
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

/// What the builders of the adapters take: transports, pacing, retry policy.
#[cfg(any(feature = "dodo", feature = "polar"))]
pub mod http {
    #[cfg(feature = "hyper")]
    pub use anykey_http::{HyperTransport, HyperTransportBuilder};
    pub use anykey_http::{Limit, NetworkConfig, Pacer, ProxySource, RetryPolicy};
    #[cfg(feature = "reqwest")]
    pub use anykey_http::{ReqwestTransport, ReqwestTransportBuilder};
}

/// Cached answers, and one request for many callers.
#[cfg(feature = "cache")]
pub mod cache {
    pub use anykey_cache::*;
}

/// Offline-capable license checks for installed apps.
#[cfg(feature = "guard")]
pub mod guard {
    pub use anykey_guard::*;
}

/// Webhooks: verified deliveries, each applied once.
#[cfg(feature = "webhooks")]
pub mod webhook {
    #[cfg(feature = "webhooks-sqlite")]
    #[doc(no_inline)]
    pub use anykey_webhook::sqlx;
    pub use anykey_webhook::*;
}
