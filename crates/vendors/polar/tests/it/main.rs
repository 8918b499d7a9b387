//! The adapter, from outside.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    missing_docs,
    unreachable_pub
)]

mod config;
mod conformance;
mod dates;
mod errors;
mod golden;
mod prefetch;
mod recordings;
mod support;
mod verdicts;
#[cfg(feature = "webhooks")]
mod webhooks;
