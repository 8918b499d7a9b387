//! The adapter, from outside.
#![allow(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used, missing_docs, unreachable_pub)]

mod conformance;
mod errors;
mod golden;
mod prefetch;
mod shapes;
mod vocabulary;
#[cfg(feature = "webhooks")]
mod webhooks;
