//! What the cache promises, over a vendor that counts, waits and fails as told.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod changes;
mod coalescing;
mod config;
mod events;
mod failures;
mod invalidation;
mod keeping;
mod leaks;
mod vendor;
mod world;
