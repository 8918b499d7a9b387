#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod assembly;
mod builder;
mod chain;
mod config;
mod create;
mod decision;
mod device;
mod feed;
mod ids;
mod import;
mod import_check;
mod import_locks;
mod import_preview;
mod import_settings;
mod inner;
mod listing;
mod memory;
mod position;
mod provider;
mod receiver;
mod router;
mod shape;
mod target;
mod vendor;

pub use anykey_mapping::{Mapping, SkipReason};
pub use builder::RouterBuilder;
pub use config::{RouteConfig, RouterConfig};
pub use feed::RouterFeed;
pub use import_preview::ImportPreview;
pub use receiver::RouterReceiver;
pub use router::Router;
pub use shape::{KeyPattern, KeyShape};
pub use vendor::VENDOR;
