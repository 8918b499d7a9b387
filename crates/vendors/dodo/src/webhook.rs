//! Dodo's deliveries.

mod grant;
mod key;
mod purchase;
mod receiver;

use anykey_http::ObjectsOnly;
use serde::Deserialize;

pub use receiver::DodoWebhooks;

/// Parses JSON in which an object is never read from a list. The error names the path of the member, without its value.
fn read<'j, T: Deserialize<'j>>(json: &'j str) -> Result<T, serde_path_to_error::Error<serde_json::Error>> {
    serde_path_to_error::deserialize(ObjectsOnly::new(&mut serde_json::Deserializer::from_str(json)))
}
