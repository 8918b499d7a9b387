//! The vendors' simulators with made-up sellers: what `anykey sim` runs and the command's own tests use.

mod configuration;
mod seller;
mod trigger;

pub use configuration::{Served, Tokens, configuration, further_planes};
pub use seller::{SampleKeys, SimulatedSeller};
pub use trigger::{TriggerTransport, TriggeredEvent};
