//! Pings: deliveries that nobody signs.
//!
//! `body` reads what a ping claims, `receiver` confirms it at Gumroad, `error` says why one is not believed.

mod body;
mod error;
mod receiver;

pub use error::PingError;
pub use receiver::GumroadPings;
