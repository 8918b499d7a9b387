#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod deliveries;
mod flips;
mod signed;
#[cfg(feature = "sqlite")]
mod sqlite;
mod verifier;
