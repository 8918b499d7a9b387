//! Dodo's deliveries: the contract's vector, every type about keys, and odd ones.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, unreachable_pub)]

#[path = "webhooks/events.rs"]
mod events;
#[path = "webhooks/purchases.rs"]
mod purchases;
#[path = "webhooks/scheme.rs"]
mod scheme;
#[path = "webhooks/signed.rs"]
mod signed;
#[path = "webhooks/simulated.rs"]
mod simulated;
