#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod answer;
mod config;
mod credential;
mod device;
mod error;
mod filter;
mod instances;
mod list;
mod management;
mod map;
mod orders;
mod position;
mod provider;
mod vendor;
#[cfg(feature = "webhooks")]
mod webhook;
mod wire;

pub use config::{LemonSqueezyBuilder, LemonSqueezyConfig};
pub use provider::LemonSqueezyProvider;
pub use vendor::{NAME, VENDOR};
#[cfg(feature = "webhooks")]
pub use webhook::LemonSqueezyWebhooks;
