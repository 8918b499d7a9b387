//! The sender of webhooks: who listens, what happened, and when which request goes out.

mod delivery;
mod desk;
mod documents;
mod drive;
mod endpoint;
mod events;
mod outbox;
mod quirks;
mod report;
mod signature;
mod state_changes;

pub use delivery::{Delivery, DeliveryId, DeliveryOutcome};
pub use endpoint::{EndpointSpec, WebhookEndpoint, WebhookSecret};
pub use quirks::WebhookQuirks;
pub use report::DeliveryReport;

pub(super) use events::GrantEvent;
pub(super) use outbox::Outbox;
pub(super) use state_changes::StateChanges;
