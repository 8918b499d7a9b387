//! Polar's deliveries.
//!
//! `receiver` verifies a delivery and chooses the module of its kind. No delivery contains a key code.

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
    /// The key; missing for other benefits.
    license_key_id: Option<Box<str>>,
    /// The last characters of the code, which change when it is rotated.
    display_key: Option<Box<str>>,
}

/// Parses JSON in which an object is never read from a list. The error names the path of the member, without its value.
fn read<'j, T: Deserialize<'j>>(json: &'j str) -> Result<T, serde_path_to_error::Error<serde_json::Error>> {
    serde_path_to_error::deserialize(ObjectsOnly::new(&mut serde_json::Deserializer::from_str(json)))
}
