//! Whatever comes in, nothing panics, and only the vendor itself can refuse.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic)]

mod answers;
mod config;
mod headers;
mod json;
mod tokens;
mod vendors;
mod webhooks;
