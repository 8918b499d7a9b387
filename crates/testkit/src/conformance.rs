//! The suite that every provider has to pass.
//!
//! [`conformance!`](crate::conformance!) makes its tests; [`run`] plays them and returns a [`Report`].
//! It goes by what the provider declares: a declared [`Capability`](anykey_core::Capability) that cannot be
//! shown to work is a failure, and so is an undeclared one that does work. What does not concern a vendor
//! is a visible skip. Scenarios may be added in any version.
//!
//! Some scenarios change what the provider's HTTP transport does: answers get lost, servers fail, a gateway answers
//! instead of the vendor, one member of an answer is odd. They need [`Subject::provider_through`].
//!
//! The scenarios, by what they are about:
//!
//! | about | scenarios |
//! |---|---|
//! | capabilities | what is declared works, and what is not is `Unsupported` |
//! | listings | every key once whatever the page size, stored page tokens, filters, pages read ahead |
//! | records | reading, creating, changing, disabling, rotating; unknown and hostile ids |
//! | verdicts | expiry at the very instant, disabled and revoked keys, products, customers, conditions, usage |
//! | activations | the limit under concurrency, deactivation, renewal, one seat per installation, offline proofs |
//! | the network | lost answers, server errors, rate limits, answers of something in between, odd members, credentials in requests |
//! | errors | provider and operation in each, no secret in any |
//!
//! [`SCENARIOS`] has their names and what each needs.

mod catalogue;
mod check;
mod edited;
mod harness;
mod memory;
mod oddities;
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
mod odd;
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
pub use report::{Report, run, run_scenarios};
pub use scenario::{Outcome, Scenario, Skip};
pub use simulated::SimulatedSubject;
pub use subject::Subject;
