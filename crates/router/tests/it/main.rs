//! Tests of the router over vendors in memory that count, fail and refuse on demand.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod builder;
mod chain;
mod config;
mod create;
mod feed;
mod fixture;
mod ids;
mod import;
mod import_config;
mod import_faults;
mod leaks;
mod listing;
mod memory;
mod receiver;
mod routes;
mod vendor;
