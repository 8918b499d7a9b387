//! A place to run the command in: simulators, a configuration, a clean environment.

mod bench;
mod labels;
mod listener;
mod output;
mod running;
mod vendors;

pub(crate) use bench::{Bench, NOW, Seller};
pub(crate) use labels::{labelled, random_words};
pub(crate) use listener::Listener;
pub(crate) use output::Ran;
pub(crate) use running::{Running, read_to};
pub(crate) use vendors::{Vendors, saved};
