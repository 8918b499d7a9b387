//! Webhooks: endpoints, events, payloads and their sending.

mod announcements;
mod endpoint;
pub(super) mod outbox;
mod payload;
mod sending;

pub use self::endpoint::{BadEndpoint, WebhookEndpoint};

pub(super) use self::payload::Subject;
