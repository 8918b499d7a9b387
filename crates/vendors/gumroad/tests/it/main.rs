//! Tests of the adapter with the simulated Gumroad and with bodies from its server's code.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod config;
mod conformance;
mod counting;
mod flags;
mod foreign;
mod golden;
mod listing;
#[cfg(feature = "webhooks")]
mod pings;
mod products;
mod support;
