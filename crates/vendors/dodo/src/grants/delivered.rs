//! A grant in a webhook.

use anykey_core::LicenseKey;
use anykey_http::ObjectsOnly;

use super::map::{self, Granted};
use super::wire::GrantBody;

/// The key in the grant `json`; `None` while there is none.
pub(crate) fn license_key(
    json: &str,
) -> Result<Option<LicenseKey>, serde_path_to_error::Error<serde_json::Error>> {
    let body: GrantBody<'_> =
        serde_path_to_error::deserialize(ObjectsOnly::new(&mut serde_json::Deserializer::from_str(json)))?;
    Ok(match map::granted(body, None) {
        Granted::Key(key) => Some(*key),
        Granted::Pending(_) | Granted::Nothing => None,
    })
}
