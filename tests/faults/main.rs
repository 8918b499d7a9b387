//! Every fault, on every operation of every provider and plane: what the caller observes, how many requests are
//! sent, whether the same call may work later, whether it may have taken effect.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod answers;
mod bodies;
mod connections;
mod dropped;
mod hostile_json;
mod injected;
mod members;
mod plane;
mod rate_limits;
mod row;
mod sockets;
mod watch;
