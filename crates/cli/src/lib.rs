#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]
//!
//! This library is the command's inside and has no stable interface.

mod args;
mod change;
mod commands;
mod config;
mod context;
mod exit;
mod failure;
mod listing;
mod output;
mod pasted;
mod private_file;
mod progress;
mod records;
mod report;
mod run;
mod search;
mod shell_command;
#[cfg(feature = "sim")]
pub mod sim;
mod target;
mod terminal;
mod trace;
mod view;

pub use run::{main, main_with};
