#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod answer;
mod config;
mod credential;
mod customers;
mod device;
mod error;
mod filter;
mod grants;
mod id;
mod list;
mod map;
mod plane;
mod position;
mod provider;
mod vendor;
#[cfg(feature = "webhooks")]
mod webhook;
mod wire;

pub use config::{PolarBuilder, PolarConfig};
pub use plane::Plane;
pub use provider::PolarProvider;
pub use vendor::{NAME, VENDOR};
#[cfg(feature = "webhooks")]
pub use webhook::PolarWebhooks;
