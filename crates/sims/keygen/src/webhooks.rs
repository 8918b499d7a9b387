//! Webhooks: endpoints, events and their sending.

mod events;
mod outbox;
mod sending;

pub(super) use self::outbox::Outbox;
