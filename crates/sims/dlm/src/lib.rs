#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod activations;
mod answer;
mod consumer;
mod create;
mod filter;
mod generate;
mod generators;
mod key_records;
mod licenses;
mod lmfwc;
mod moment;
mod parameters;
mod php;
mod public_form;
mod records;
mod request;
mod routes;
mod seller;
mod server;
mod simulated;
mod site;
mod state;
mod stored;
mod switches;
mod update;

pub use anykey_sim_kit as kit;
pub use consumer::{Consumer, Endpoint, Permission};
pub use records::{License, Seat};
pub use simulated::{SIMULATOR, SimulatedDlm};
pub use site::DlmSim;
pub use switches::{Switches, Table};
