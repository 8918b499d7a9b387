//! A place to run the command in: simulators, a configuration, a clean environment.

mod bench;
mod labels;
mod output;

pub(crate) use bench::{Bench, NOW};
pub(crate) use labels::{labelled, random_words};
pub(crate) use output::Ran;
