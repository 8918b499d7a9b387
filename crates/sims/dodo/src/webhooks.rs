//! Webhooks: endpoints, events, payloads and sending.

mod announcements;
mod endpoint;
mod event;
mod outbox;
mod payload;
mod quirks;
mod sale_documents;
mod sending;

pub use self::endpoint::{BadEndpoint, EndpointSpec, WebhookEndpoint};
pub use self::quirks::EventQuirks;

pub(super) use self::event::{Dispute, Refund, Subject, Subscription};
pub(super) use self::outbox::Outbox;
