//! What one call of Polar leaves open, and how it is settled: no wrong verdict, no seat and no usage too many.
#![allow(
    missing_docs,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    unreachable_pub
)]

mod support;

#[path = "verdicts/activating.rs"]
mod activating;
#[path = "verdicts/deactivating.rs"]
mod deactivating;
#[path = "verdicts/foreign.rs"]
mod foreign;
#[path = "verdicts/validating.rs"]
mod validating;
