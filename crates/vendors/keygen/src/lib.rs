#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod activation;
mod answer;
mod config;
mod creation;
mod credential;
mod device;
mod error;
mod filter;
mod heartbeat;
mod list;
mod machines;
mod management;
mod map;
mod position;
mod proof;
mod provider;
mod signature;
mod validation;
mod vendor;
mod verified;
#[cfg(feature = "webhooks")]
mod webhook;
mod wire;

pub use config::{KeygenBuilder, KeygenConfig};
pub use provider::KeygenProvider;
pub use vendor::{NAME, VENDOR};
#[cfg(feature = "webhooks")]
pub use webhook::KeygenWebhooks;
