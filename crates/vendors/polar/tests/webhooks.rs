//! Polar's deliveries: those that its server really sent, the contract's vectors, and odd ones.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, unreachable_pub)]

#[path = "webhooks/events.rs"]
mod events;
#[path = "webhooks/recorded.rs"]
mod recorded;
#[path = "webhooks/schemes.rs"]
mod schemes;
#[path = "webhooks/signed.rs"]
mod signed;
#[path = "webhooks/simulated.rs"]
mod simulated;
