//! Webhooks: the queue of messages, their retries and their faults.

mod delivery;
mod none;
mod outbox;
mod quirks;
mod report;
mod sender;
mod signing;
mod url;

pub use delivery::{Delivery, DeliveryId, DeliveryOutcome};
pub use none::NoWebhooks;
pub use outbox::{Endpoint, Outbox, RetrySchedule, Sending};
pub use quirks::WebhookQuirks;
pub use report::DeliveryReport;
pub use sender::WebhookSender;
pub use signing::{SigningKey, standard_secret};
pub use url::webhook_url;
