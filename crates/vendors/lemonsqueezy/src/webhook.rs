//! Webhooks: deliveries and their events.

mod key;
mod purchase;
mod receiver;

use anykey_http::ObjectsOnly;
use serde::Deserialize;

pub use receiver::LemonSqueezyWebhooks;

/// The time of the last change, which orders deliveries: they may arrive in any order.
#[derive(Deserialize)]
struct Resource<A> {
    id: Box<str>,
    attributes: A,
}

fn read<'j, T: Deserialize<'j>>(json: &'j str) -> Result<T, serde_path_to_error::Error<serde_json::Error>> {
    serde_path_to_error::deserialize(ObjectsOnly::new(&mut serde_json::Deserializer::from_str(json)))
}
