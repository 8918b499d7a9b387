//! Every fault, on every operation of every provider and plane: what the caller is told, how many requests are
//! sent, whether asking again can help, whether it may have taken effect.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod answers;
mod bodies;
mod call;
mod connections;
mod dodo;
mod hostile_json;
mod members;
mod plane;
mod polar;
mod rate_limits;
mod row;
mod sockets;
mod told;
mod trouble;
mod watch;
