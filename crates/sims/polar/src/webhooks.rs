//! Webhooks: endpoints, events, payloads and sending.
//!
//! A delivery has its body from the time of the event, and each attempt is signed anew. Events of one customer are
//! joined to one `customer.state_changed` 15 seconds after the last.

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
