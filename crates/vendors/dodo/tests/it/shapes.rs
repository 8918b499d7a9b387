//! Dodo's two APIs for license keys, and the way from one to the other, on the simulator.

mod bench;
mod configuration;
mod equality;
mod filters;
mod fulfilment;
mod reading;
mod revoking;
mod short_pages;
mod switching;
mod tokens;
