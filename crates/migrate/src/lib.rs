#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod compare;
mod decision;
mod digest;
mod error;
mod filter;
mod journal;
mod migration;
mod outcome;
mod page;
mod plan;
mod progress;
mod reader;
mod resolve;
mod retried_pages;
mod run;
mod send;
mod undo;
mod verify;
mod words;
mod work;

pub use anykey_mapping::{Loss, Mapping, MappingError, SkipReason, Wanted};
pub use decision::Decision;
pub use error::MigrateError;
pub use filter::Filter;
pub use journal::{Entry, Journal};
pub use migration::Migration;
pub use outcome::Outcome;
pub use page::write_page;
pub use plan::Plan;
pub use progress::Progress;
pub use undo::{Undone, undo};
pub use verify::{Finding, Verification};
pub use words::{Difference, State};
