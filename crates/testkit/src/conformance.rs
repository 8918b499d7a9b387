//! The suite that every provider has to pass.
//!
//! [`conformance!`](crate::conformance!) makes its tests; [`run`] plays them and returns a [`Report`].
//! It goes by what the provider declares: a declared [`Capability`](anykey_core::Capability) that cannot be
//! shown to work is a failure, and so is an undeclared one that does work. What does not concern a vendor
//! is a visible skip. Scenarios may be added in any version.
//!
//! Some scenarios change what the provider's HTTP transport does: answers get lost, servers fail, a gateway answers
//! instead of the vendor. They need [`Subject::provider_through`].

mod catalogue;
mod check;
mod harness;
mod memory;
mod record;
mod report;
mod scenario;
mod simulated;
mod subject;
mod through;
mod wrapped_vendor;

mod activate;
mod activations;
mod ahead;
mod create;
mod credential;
mod deactivate;
mod declared;
mod filters;
mod foreign;
mod get;
mod hostile;
mod installations;
mod listing;
mod lost;
mod outage;
mod proof;
mod provenance;
mod renew;
mod requirements;
mod rotate;
mod status;
mod update;
mod usage;
mod validate;

pub use anykey_sim_kit::{IssueSpec, IssuedKey, VendorRules, Which};
pub use catalogue::SCENARIOS;
pub use memory::MemorySubject;
pub use report::{Report, run};
pub use scenario::{Outcome, Scenario, Skip};
pub use simulated::SimulatedSubject;
pub use subject::Subject;
