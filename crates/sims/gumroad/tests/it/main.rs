//! Tests of the simulator against the known behaviour of Gumroad's API.
//!
//! No traffic of the vendor was recorded. Every expectation comes from its server's code, its documentation, or is a
//! choice that `anykey_gumroad_sim` documents.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod changes;
mod fixture;
mod memberships;
mod pings;
mod quirks;
mod sales;
mod verification;
