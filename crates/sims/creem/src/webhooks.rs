//! Webhooks: endpoints, events, payloads, their sending, and the feed of pending events.

mod announcements;
mod endpoint;
mod feed;
mod outbox;
mod payload;
mod sending;
mod signing;

pub use self::endpoint::{BadEndpoint, DeliveryMode, WebhookEndpoint};

pub(super) use self::outbox::Outbox;
