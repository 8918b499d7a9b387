//! The simulator against the written contract of Dodo's license API.
//!
//! No traffic of the vendor was recorded. Every expectation here comes from its published
//! specification, error code page and SDKs, or is a choice that `anykey_dodo_sim` documents.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod bench;
mod dashboard;
mod deliveries;
mod entitlements;
mod instances;
mod lists;
mod merchant_keys;
mod public_plane;
mod quirks;
mod rate_limits;
mod router;
mod webhooks;
