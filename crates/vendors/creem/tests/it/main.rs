//! Tests of the adapter with the simulated Creem and with documented bodies.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod config;
mod conformance;
#[cfg(feature = "webhooks")]
mod feed;
mod foreign;
mod golden;
mod judgement;
mod lists;
mod quirks;
mod support;
#[cfg(feature = "webhooks")]
mod webhooks;
