//! Webhooks: endpoints, events and their sending.
//!
//! An event is one message for each endpoint of the account. Each has its id and the same body in every attempt,
//! signed anew. Disabling an endpoint after a 410 or 530, and giving up after a refused connection, are not
//! simulated.

mod events;
mod outbox;
mod sending;

pub(super) use self::outbox::Outbox;
