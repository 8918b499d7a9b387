//! Webhooks: deliveries and their events.
//!
//! `receiver` verifies a delivery and decides which kind of record it contains; `key` and `purchase` convert that
//! record to an event.

mod key;
mod purchase;
mod receiver;

use anykey_http::ObjectsOnly;
use serde::Deserialize;

pub use receiver::LemonSqueezyWebhooks;

/// A record in JSON:API, with the attributes of its kind.
#[derive(Deserialize)]
struct Resource<A> {
    /// The id of the order or the subscription.
    id: Box<str>,
    /// The members that events read.
    attributes: A,
}

/// Parses JSON in which an object is never read from a list. The error names the path of the member, without its value.
fn read<'j, T: Deserialize<'j>>(json: &'j str) -> Result<T, serde_path_to_error::Error<serde_json::Error>> {
    serde_path_to_error::deserialize(ObjectsOnly::new(&mut serde_json::Deserializer::from_str(json)))
}
