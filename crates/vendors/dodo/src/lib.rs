#![doc = include_str!("../README.md")]

mod answer;
mod capability;
mod classic;
mod config;
mod device;
mod error;
mod grants;
mod instances;
mod list;
mod management;
mod map;
mod position;
mod provider;
mod shape;
#[cfg(feature = "webhooks")]
mod webhook;
mod wire;

pub use config::{DodoBuilder, DodoConfig, FACTORY};
pub use grants::{Fulfilment, PendingGrant, RevocationClass};
pub use provider::DodoProvider;
pub use shape::LicenseKeysApi;
#[cfg(feature = "webhooks")]
pub use webhook::{DodoWebhooks, WEBHOOK_FACTORY};

/// The word that chooses Dodo Payments in a configuration.
pub const NAME: &str = "dodo";
