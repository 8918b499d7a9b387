#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod concurrency;
mod faults;
mod issue;
mod key_record;
mod members;
mod paging;
mod plane;
mod random;
mod rate_window;
mod request;
mod role;
mod rules;
mod simulator;
mod state;
mod test_request;
mod time;
mod vendor;
mod webhooks;

pub use concurrency::let_others_run;
pub use faults::{Answer, Fault, FaultWitness, Faults, FaultyTransport, RetryAfter, Rule};
pub use issue::{IssueSpec, IssuedKey, KeyTaken, Which};
pub use key_record::KeyRecord;
pub use members::MemberQuirks;
pub use paging::OversizedPage;
pub use plane::{PlaneAccess, SimulatedPlane, SimulatedSecrets};
pub use random::{RandomSequence, split_mix};
pub use rate_window::RateWindow;
pub use request::{bearer_token, forwarded_for, path_segments};
pub use role::Role;
pub use rules::VendorRules;
pub use simulator::{Simulator, StartError, Started};
pub use state::SharedState;
pub use test_request::TestRequest;
pub use time::{dated, to_micros};
pub use vendor::{CUSTOMERS, PRODUCTS, SimulatedEndpoint, SimulatedVendor};
pub use webhooks::{
    Delivery, DeliveryId, DeliveryOutcome, DeliveryReport, Endpoint, NoWebhooks, Outbox, RetrySchedule,
    Sending, SigningKey, WebhookQuirks, WebhookSender, standard_secret, webhook_url,
};
