//! Tests of the adapter with the simulated Gumroad and with bodies from its server's code.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod conformance;
