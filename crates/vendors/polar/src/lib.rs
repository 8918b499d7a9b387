#![doc = include_str!("../README.md")]

mod answer;
mod config;
mod credential;
mod device;
mod error;
mod list;
mod map;
mod plane;
mod provider;
mod timestamp;
#[cfg(feature = "webhooks")]
mod webhook;
mod wire;

pub use config::{FACTORY, PolarBuilder, PolarConfig};
pub use plane::Plane;
pub use provider::PolarProvider;
#[cfg(feature = "webhooks")]
pub use webhook::{PolarWebhooks, WEBHOOK_FACTORY};

/// The word that chooses Polar in a configuration.
pub const NAME: &str = "polar";
