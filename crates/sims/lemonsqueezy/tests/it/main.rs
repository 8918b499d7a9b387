//! Tests of the simulator against the known behaviour of Lemon Squeezy's license APIs.
//!
//! No traffic of the vendor was recorded. Every expectation comes from its documentation, from its official package and
//! that package's tests, from other projects' notes, or is a choice that `anykey_lemonsqueezy_sim` documents.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod fixture;
mod instances;
mod license_api;
mod lists;
mod merchants;
mod quirks;
mod rate_limits;
mod updates;
mod webhooks;
