#![cfg_attr(
    all(feature = "mock", feature = "conformance", feature = "server"),
    doc = include_str!("../README.md")
)]
#![cfg_attr(docsrs, feature(doc_cfg))]
#![cfg_attr(
    not(all(feature = "mock", feature = "conformance", feature = "server")),
    doc = "What tests of anykey apps and adapters need; see the README."
)]

#[cfg(feature = "conformance")]
pub mod conformance;
mod dropped;
#[cfg(feature = "mock")]
mod mock;
#[cfg(feature = "server")]
mod server;
#[cfg(feature = "transport")]
pub mod transport;

pub use dropped::{at_each_await, drop_after};
#[cfg(feature = "mock")]
pub use mock::MockLicenseProvider;
#[cfg(feature = "server")]
pub use server::LoopbackServer;

#[cfg(feature = "conformance")]
#[doc(hidden)]
pub mod __private;
