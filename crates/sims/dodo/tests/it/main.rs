//! Tests of the simulator against the documentation of Dodo's license API.
//!
//! No traffic of the vendor was recorded. Every expectation is from its published specification, error code page and
//! SDKs, or is a choice that `anykey_dodo_sim` documents.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod dashboard;
mod deliveries;
mod entitlements;
mod fixture;
mod instances;
mod lists;
mod merchant_keys;
mod public_plane;
mod quirks;
mod rate_limits;
mod router;
mod webhooks;
