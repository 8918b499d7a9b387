//! Webhooks: endpoints, events, payloads and their sending.

mod endpoint;
mod event;
mod outbox;
mod payload;
mod quirks;
mod sale_documents;
mod sending;

pub use self::endpoint::{BadEndpoint, EndpointSpec, WebhookEndpoint};
pub use self::quirks::EventQuirks;

pub(super) use self::event::Subject;
pub(super) use self::outbox::Outbox;
pub(super) use self::sale_documents::{Dispute, Refund, Subscription};
