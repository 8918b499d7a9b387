//! A page's licenses, each mapped as it is read: no list of wire structs is built beside the list of keys.

use anykey::LicenseKey;
use anykey_http::mapped_list;
use serde::{Deserialize, Deserializer};

use super::map;
use super::wire::LicenseBody;

#[derive(Deserialize)]
pub(super) struct LicenseList {
    #[serde(deserialize_with = "licenses")]
    pub(super) licenses: Vec<LicenseKey>,
    pub(super) total: u64,
}

fn licenses<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<LicenseKey>, D::Error> {
    mapped_list(deserializer, 100, |_, license: LicenseBody<'de>| map::license(license))
}
