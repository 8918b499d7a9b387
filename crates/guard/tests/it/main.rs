//! Tests of the guard through its public API.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::as_conversions,
    clippy::print_stdout
)]

mod activation;
mod backup;
#[cfg(feature = "blocking")]
mod blocking;
mod check;
mod child;
mod config;
mod crash;
mod deactivation;
mod dropped;
mod ending_seats;
mod faulty_store;
mod file_vendor;
mod keep_fresh;
mod leaks;
mod lost_answer;
mod machine;
mod mistaken_refusals;
mod offline_proof;
mod opening;
mod processes;
mod recognised;
mod renewal;
mod replacement;
#[cfg(feature = "serde")]
mod serialized;
mod spoiled_records;
mod store_faults;
mod uninstall;
mod users;
mod vendor;
mod vendor_change;
mod vendor_time;
mod year;
