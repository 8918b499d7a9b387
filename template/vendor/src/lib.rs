#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod answer;
mod config;
mod device;
mod error;
mod list;
mod management;
mod map;
mod position;
mod provider;
mod vendor;
mod wire;

pub use config::{AcmeBuilder, AcmeConfig};
pub use provider::AcmeProvider;
pub use vendor::{NAME, VENDOR};
