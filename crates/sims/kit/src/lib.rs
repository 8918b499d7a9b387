#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod concurrency;
mod date;
mod faults;
mod issue;
mod plane;
mod random;
mod role;
mod simulator;
mod vendor;
mod webhooks;

pub use concurrency::let_others_run;
pub use date::dated;
pub use faults::{Answer, Fault, Faults, FaultyTransport, RetryAfter, Rule};
pub use issue::{IssueSpec, IssuedKey, Which};
pub use plane::{PlaneAccess, SimulatedPlane, SimulatedSecrets};
pub use random::split_mix;
pub use role::Role;
pub use simulator::{Simulator, StartError, Started};
pub use vendor::{CUSTOMERS, PRODUCTS, SimulatedEndpoint, SimulatedVendor};
pub use webhooks::{
    Delivery, DeliveryId, DeliveryOutcome, DeliveryReport, Endpoint, NoWebhooks, Outbox, RetrySchedule,
    Sending, SigningKey, WebhookQuirks, WebhookSender, standard_secret,
};
