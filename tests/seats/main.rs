//! Seats are neither lost nor taken twice, whatever happens on the way.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
#![allow(clippy::print_stdout)]

mod last_seat;
mod machine;
mod storm;
mod vendor;
