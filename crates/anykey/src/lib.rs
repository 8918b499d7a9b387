// The README's examples read TOML.
#![cfg_attr(any(not(doctest), feature = "toml"), doc = include_str!("../README.md"))]
#![cfg_attr(docsrs, feature(doc_cfg))]

#[cfg(feature = "blocking")]
pub mod blocking;
mod builtin;
mod config;
#[cfg(feature = "cache")]
mod configured_cache;
#[cfg(feature = "metrics")]
mod counted;
#[cfg(feature = "toml")]
mod environment;
#[cfg(feature = "keyring")]
mod keyring_entry;
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
#[allow(unused_imports, unreachable_pub, reason = "empty where no vendor is switched on")]
pub use builtin::modules::*;
#[cfg(feature = "redis")]
pub use config::PacingConfig;
pub use config::{Config, ProviderConfig};
pub use providers::Providers;
pub use registry::Registry;
pub use secrets::ProcessSecrets;

/// Settings that the adapters' builders take: transports, pacing, retry policy.
#[cfg(feature = "http")]
pub mod http {
    #[cfg(feature = "hyper")]
    pub use anykey_http::{HyperTransport, HyperTransportBuilder};
    pub use anykey_http::{Limit, NetworkConfig, Pacer, ProxySource, RetryPolicy, SharedPacing};
    #[cfg(feature = "reqwest")]
    pub use anykey_http::{ReqwestTransport, ReqwestTransportBuilder};
}

/// Cached answers; identical concurrent requests are sent once.
#[cfg(feature = "cache")]
pub mod cache {
    pub use crate::configured_cache::ConfiguredCache;
    pub use anykey_cache::*;
}

/// Offline-capable license checks for installed apps.
#[cfg(feature = "guard")]
pub mod guard {
    pub use anykey_guard::*;
}

/// Counts for the crate `metrics`: what the calls of each provider came to, and how often a request was repeated.
///
/// | counter | labels |
/// |---|---|
/// | `anykey_calls_total` | `provider`, `operation`, `result`, `reason`; see [`Counted`](metrics::Counted) |
/// | `anykey_attempts_total` | `provider`, `operation`, `outcome`: the HTTP status, or `connect`, `tls`, `timeout`, `interrupted`, `body_too_large`, `not_sent` |
/// | `anykey_retries_total` | `provider`, `operation` |
#[cfg(feature = "metrics")]
pub mod metrics {
    pub use crate::counted::Counted;
}

/// License keys from one vendor to another, with the same codes.
#[cfg(feature = "migrate")]
pub mod migrate {
    pub use anykey_migrate::*;
}

/// Rate limits, cached answers and webhook deliveries shared by many servers.
#[cfg(feature = "redis")]
pub mod redis {
    pub use anykey_redis::*;
}

/// One provider over several vendors: `provider = "router"`.
#[cfg(feature = "router")]
pub mod router {
    pub use anykey_router::*;
}

/// Verified webhook deliveries, each applied once.
#[cfg(feature = "webhooks")]
pub mod webhook {
    #[cfg(any(feature = "webhooks-postgres", feature = "webhooks-sqlite"))]
    #[doc(no_inline)]
    pub use anykey_webhook::sqlx;
    pub use anykey_webhook::*;
}
