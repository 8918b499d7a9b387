//! Tests of the cache with a vendor that counts, delays and fails calls on demand.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod changes;
mod coalescing;
mod config;
mod events;
mod failures;
mod fixture;
mod invalidation;
mod leaks;
mod ttl;
mod vendor;
