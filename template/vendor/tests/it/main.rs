//! The adapter, from outside.
#![allow(clippy::unwrap_used, missing_docs, unreachable_pub)]

mod conformance;
mod golden;
