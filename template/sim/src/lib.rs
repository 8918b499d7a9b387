#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod records;
mod router;
mod simulated;

pub use anykey_sim_kit as kit;
pub use router::AcmeSim;
pub use simulated::{SIMULATOR, SimulatedAcme};
