//! Tests of the adapter with the simulated Lemon Squeezy and with bodies that were seen in the field.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod config;
mod conformance;
mod foreign;
mod golden;
mod ownership;
mod quirks;
mod support;
#[cfg(feature = "webhooks")]
mod webhooks;
