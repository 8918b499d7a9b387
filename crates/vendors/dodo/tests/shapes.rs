//! Dodo's two APIs for license keys, and the way from one to the other, on the simulator.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

#[path = "shapes/bench.rs"]
mod bench;
#[path = "shapes/configuration.rs"]
mod configuration;
#[path = "shapes/equality.rs"]
mod equality;
#[path = "shapes/filters.rs"]
mod filters;
#[path = "shapes/fulfilment.rs"]
mod fulfilment;
#[path = "shapes/reading.rs"]
mod reading;
#[path = "shapes/revoking.rs"]
mod revoking;
#[path = "shapes/short_pages.rs"]
mod short_pages;
#[path = "shapes/switching.rs"]
mod switching;
#[path = "shapes/tokens.rs"]
mod tokens;
