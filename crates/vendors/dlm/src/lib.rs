#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod answer;
mod config;
mod credential;
mod device;
mod error;
mod filter;
mod limits;
mod list;
mod management;
mod map;
mod metadata;
mod position;
mod provider;
mod vendor;
mod verdict;
mod wire;

pub use config::{DlmBuilder, DlmConfig, Plane};
pub use provider::DlmProvider;
pub use vendor::{NAME, VENDOR};
