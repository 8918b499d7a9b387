#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

#[cfg(feature = "files")]
mod error;
#[cfg(feature = "files")]
mod files;
mod mapping;
mod wanted;
mod words;

#[cfg(feature = "files")]
pub use error::MappingError;
pub use mapping::Mapping;
pub use wanted::Wanted;
pub use words::{Loss, SkipReason};
