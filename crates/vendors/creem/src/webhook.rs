//! Webhooks: deliveries and their events.

mod checkout;
mod feed;
mod purchase;
mod receiver;
mod reference;

use anykey_http::ObjectsOnly;
use serde::Deserialize;

pub use feed::{CreemFeed, PendingDelivery};
pub use receiver::CreemWebhooks;

fn read<'j, T: Deserialize<'j>>(json: &'j str) -> Result<T, serde_path_to_error::Error<serde_json::Error>> {
    serde_path_to_error::deserialize(ObjectsOnly::new(&mut serde_json::Deserializer::from_str(json)))
}
