#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod answer;
mod capability;
mod classic;
mod config;
mod credential;
mod customers;
mod device;
mod error;
mod grants;
mod instances;
mod list;
mod management;
mod map;
mod page_cap;
mod position;
mod provider;
mod shape;
mod vendor;
#[cfg(feature = "webhooks")]
mod webhook;
mod wire;

pub use config::{DodoBuilder, DodoConfig};
pub use grants::{Fulfilment, PendingGrant, RevocationClass};
pub use provider::DodoProvider;
pub use shape::LicenseKeysApi;
pub use vendor::{NAME, VENDOR};
#[cfg(feature = "webhooks")]
pub use webhook::DodoWebhooks;
