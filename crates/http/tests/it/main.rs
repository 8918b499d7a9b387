//! What adapters rely on, seen from outside.
#![allow(missing_docs, unreachable_pub)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod client;
mod credential;
mod deadline;
mod decode;
#[cfg(all(feature = "hyper", feature = "reqwest"))]
mod hyper_transport;
mod ids;
#[cfg(all(feature = "hyper", feature = "reqwest"))]
mod kept_connections;
mod leaks;
mod meaning;
#[cfg(feature = "reqwest")]
mod network;
mod pacing;
mod pacing_in_a_folder;
mod request;
#[cfg(feature = "reqwest")]
mod reqwest_transport;
mod response;
mod retry;
mod retry_after;
mod shared_pacing;
mod support;
#[cfg(feature = "reqwest")]
mod tls;
