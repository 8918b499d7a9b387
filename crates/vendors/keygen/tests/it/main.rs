//! The adapter, from outside.
#![allow(clippy::unwrap_used, missing_docs, unreachable_pub)]

mod conformance;
mod golden;
mod listing;
mod policies;
mod proofs;
mod seats;
mod signatures;
mod support;
#[cfg(feature = "webhooks")]
mod webhooks;
