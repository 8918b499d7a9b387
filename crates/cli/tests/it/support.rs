//! A place to run the command in: simulators, a configuration, a clean environment.

mod bench;
mod labels;
mod listener;
mod output;
mod running;
#[cfg(unix)]
mod screen;
mod support_bench;
mod vendors;

pub(crate) use bench::{Bench, NOW, Seller};
pub(crate) use labels::{another, labelled, random_words};
pub(crate) use listener::Listener;
pub(crate) use output::Ran;
pub(crate) use running::{Running, read_to};
#[cfg(unix)]
pub(crate) use screen::{Screen, read_to_end, read_until};
pub(crate) use support_bench::SupportBench;
pub(crate) use vendors::{Vendors, saved};
