//! Webhooks: deliveries and their events.
//!
//! `receiver` verifies a delivery and decides about its kind; `checkout` and `purchase` convert the record in it.
//! `reference` reads what other records are named by.

mod checkout;
mod feed;
mod purchase;
mod receiver;
mod reference;

use anykey_http::ObjectsOnly;
use serde::Deserialize;

pub use feed::CreemFeed;
pub use receiver::CreemWebhooks;

/// Parses JSON in which an object is never read from a list. The error names the path of the member, without its value.
fn read<'j, T: Deserialize<'j>>(json: &'j str) -> Result<T, serde_path_to_error::Error<serde_json::Error>> {
    serde_path_to_error::deserialize(ObjectsOnly::new(&mut serde_json::Deserializer::from_str(json)))
}
