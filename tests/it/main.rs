//! Tests that need more than one crate.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    missing_docs
)]

mod answers;
mod app_face;
mod capability_table;
mod codes_as_ids;
mod config_errors;
mod conformance;
mod counts;
mod leaks;
mod offline_proof;
mod one_app_every_vendor;
mod paging_under_change;
mod prefetch;
mod properties;
mod replaced_credential;
mod router;
mod seats;
mod simulator_records;
mod simulators;
mod transports;
