#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr
)]

mod deliveries;
mod flips;
#[cfg(all(feature = "sqlite", target_os = "linux"))]
mod full_disk;
#[cfg(all(feature = "sqlite", target_os = "linux"))]
mod read_only_disk;
mod signed;
#[cfg(feature = "sqlite")]
mod sqlite;
#[cfg(feature = "sqlite")]
mod sqlite_faults;
mod verifier;
