//! Tests with a real PostgreSQL server; see `anykey-test-servers`.
#![cfg(all(feature = "postgres", unix))]
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod access;
mod killed;
mod store;
