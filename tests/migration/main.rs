//! Migrations between simulated vendors: every pair that can, with lost answers, conflicts and killed processes.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    missing_docs
)]

mod every_pair;
mod killed;
mod limits;
mod on_first_use;
mod pair;
mod refused;
mod undone;
