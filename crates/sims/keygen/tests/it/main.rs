//! The simulator against the wire contract, one request at a time.
#![allow(
    missing_docs,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used
)]

mod errors;
mod fixture;
mod heartbeats;
mod paging;
mod signatures;
mod verdicts;
