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
mod position;
mod provider;
mod standing;
mod vendor;
mod wire;

pub use config::{GumroadBuilder, GumroadConfig};
pub use provider::GumroadProvider;
pub use vendor::{NAME, VENDOR};
