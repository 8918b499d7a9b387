//! The adapter against the simulated Lemon Squeezy, and against bodies that were seen in the field.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod config;
mod conformance;
mod foreign;
mod golden;
mod openings;
mod ownership;
mod support;
#[cfg(feature = "webhooks")]
mod webhooks;
