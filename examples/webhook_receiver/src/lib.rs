#![doc = include_str!("../README.md")]

mod app;
mod endpoint;
mod failure;
mod key_state;
mod store;

pub use app::{App, Vendor};
pub use endpoint::router;
pub use failure::Failure;
pub use key_state::{KeyState, key_states};
pub use store::{KnownKey, Store};
