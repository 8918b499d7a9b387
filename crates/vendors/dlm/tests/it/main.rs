//! The adapter, from outside.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs,
    unreachable_pub
)]

mod conformance;
mod doubt;
mod golden;
mod limits;
mod lists;
mod odd;
mod race;
mod recorded;
mod rotation;
mod support;
