//! The guard as an app uses it.
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
mod disk;
mod doubt;
mod file_vendor;
mod keep_fresh;
mod leaks;
mod lost_answer;
mod machine;
mod opening;
mod processes;
mod renewal;
mod replacement;
#[cfg(feature = "serde")]
mod serialized;
mod store_faults;
mod swap;
mod uninstall;
mod users;
mod vendor;
mod vendors_time;
