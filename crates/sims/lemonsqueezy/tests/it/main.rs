//! The simulator against what is known of Lemon Squeezy's license APIs.
//!
//! No traffic of the vendor was recorded. Every expectation here comes from its documentation, its official package and
//! that package's tests, from what others noted down, or is a choice that `anykey_lemonsqueezy_sim` documents.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod fixture;
mod instances;
mod license_api;
mod lists;
mod merchants;
mod openings;
mod rate_limits;
mod updates;
mod webhooks;
