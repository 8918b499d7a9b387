//! What goes over the wire, byte for byte, and what becomes of the real server's answer to it.
#![allow(
    missing_docs,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    unreachable_pub
)]

mod support;

#[path = "golden/device.rs"]
mod device;
#[path = "golden/grants.rs"]
mod grants;
#[path = "golden/listing.rs"]
mod listing;
#[path = "golden/management.rs"]
mod management;
