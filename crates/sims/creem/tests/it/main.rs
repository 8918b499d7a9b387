//! Tests of the simulator against the known behaviour of Creem's license API.
//!
//! No traffic of the vendor was recorded. Every expectation comes from its documentation, its specification or its
//! official package, or is a choice that `anykey_creem_sim` documents.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod access;
mod feed;
mod fixture;
mod licenses;
mod lists;
mod quirks;
mod rate_limits;
mod webhooks;
