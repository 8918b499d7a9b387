#![doc = include_str!("../README.md")]

mod app;
mod endpoint;
mod failure;
mod key_state;
mod serve;
mod store;

pub use app::{App, Vendor};
pub use endpoint::router;
pub use failure::Failure;
pub use key_state::{KeyState, key_states};
pub use serve::{Limits, serve};
pub use store::{KnownKey, Store};
