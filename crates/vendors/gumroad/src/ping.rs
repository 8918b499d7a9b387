//! Pings: deliveries that nobody signs.

mod body;
mod error;
mod receiver;

pub use error::PingError;
pub use receiver::GumroadPings;
