//! Lemon Squeezy's deliveries.

mod key;
mod purchase;
mod receiver;

use anykey_http::ObjectsOnly;
use serde::Deserialize;

pub use receiver::LemonSqueezyWebhooks;

/// The time of the last change, by which deliveries are told older from newer: their order is not promised.
#[derive(Deserialize)]
struct Resource<A> {
    id: Box<str>,
    attributes: A,
}

fn read<'j, T: Deserialize<'j>>(json: &'j str) -> Result<T, serde_path_to_error::Error<serde_json::Error>> {
    serde_path_to_error::deserialize(ObjectsOnly::new(&mut serde_json::Deserializer::from_str(json)))
}
