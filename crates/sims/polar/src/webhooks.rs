//! Webhooks: endpoints, events, payloads and sending.

mod documents;
mod endpoint;
mod events;
mod outbox;
mod sending;
mod signature;
mod state_changes;

pub use endpoint::{EndpointSpec, WebhookEndpoint, WebhookSecret};

pub(super) use documents::GrantDocument;
pub(super) use events::GrantEvent;
pub(super) use outbox::Outbox;
pub(super) use state_changes::StateChanges;
