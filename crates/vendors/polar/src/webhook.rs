//! Polar's deliveries.

mod customer;
mod grant;
mod order;
mod receiver;

use anykey_http::ObjectsOnly;
use serde::Deserialize;

pub use receiver::PolarWebhooks;

/// The word for benefits that are license keys.
const LICENSE_KEYS: &str = "license_keys";

/// What a grant contains about its license key: never the key itself.
#[derive(Default, Deserialize)]
struct Properties {
    license_key_id: Option<Box<str>>,
    display_key: Option<Box<str>>,
}

fn read<'j, T: Deserialize<'j>>(json: &'j str) -> Result<T, serde_path_to_error::Error<serde_json::Error>> {
    serde_path_to_error::deserialize(ObjectsOnly::new(&mut serde_json::Deserializer::from_str(json)))
}
