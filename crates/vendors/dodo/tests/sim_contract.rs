//! The simulator against the written contract of Dodo's license API.
//!
//! No traffic of the vendor was recorded. Every expectation here comes from its published
//! specification, error code page and SDKs, or is a choice that `anykey_dodo::sim` documents.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

#[path = "sim_contract/bench.rs"]
mod bench;
#[path = "sim_contract/deliveries.rs"]
mod deliveries;
#[path = "sim_contract/door.rs"]
mod door;
#[path = "sim_contract/entitlements.rs"]
mod entitlements;
#[path = "sim_contract/instances.rs"]
mod instances;
#[path = "sim_contract/lists.rs"]
mod lists;
#[path = "sim_contract/merchant_keys.rs"]
mod merchant_keys;
#[path = "sim_contract/public_plane.rs"]
mod public_plane;
#[path = "sim_contract/quirks.rs"]
mod quirks;
#[path = "sim_contract/rate_limits.rs"]
mod rate_limits;
#[path = "sim_contract/shop.rs"]
mod shop;
#[path = "sim_contract/webhooks.rs"]
mod webhooks;
