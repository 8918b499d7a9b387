//! A page's licenses, each mapped as it is read: no list of wire structs is built beside the list of keys.

use anykey_core::LicenseKey;
use anykey_http::mapped_list;
use serde::{Deserialize, Deserializer};

use crate::map;
use crate::wire::LicenseBody;

#[derive(Deserialize)]
pub(crate) struct LicenseList {
    #[serde(deserialize_with = "licenses")]
    pub(crate) licenses: Vec<LicenseKey>,
    pub(crate) total: u64,
}

fn licenses<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<LicenseKey>, D::Error> {
    mapped_list(deserializer, 100, |_, license: LicenseBody<'de>| map::license(license))
}
