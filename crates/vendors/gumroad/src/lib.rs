#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod answer;
mod config;
mod credential;
mod device;
mod error;
mod filter;
mod list;
mod management;
mod map;
mod members;
#[cfg(feature = "webhooks")]
mod ping;
mod position;
mod provider;
mod standing;
mod vendor;
mod wire;

pub use config::{GumroadBuilder, GumroadConfig};
#[cfg(feature = "webhooks")]
pub use ping::{GumroadPings, PingError};
pub use provider::GumroadProvider;
pub use vendor::{NAME, VENDOR};
