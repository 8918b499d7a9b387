//! The page over HTTP, without a browser.
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used, missing_docs)]

mod actions;
mod contrast;
mod every_vendor;
mod live;
mod refused;
mod secrets;
mod support;
