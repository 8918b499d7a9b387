#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod builder;
mod config;
mod entry;
mod flights;
mod generation;
mod inner;
mod invalidate;
mod limits;
mod on_drop;
mod provider;
mod second_level;
mod stats;
mod subject;
mod tag;

pub use builder::CachedProviderBuilder;
pub use config::CacheConfig;
pub use provider::CachedProvider;
pub use second_level::{AnswerSlot, FirstLevel, LookUp, SecondLevel, Subjects};
pub use stats::CacheStats;
pub use subject::{Digest, Subject};
