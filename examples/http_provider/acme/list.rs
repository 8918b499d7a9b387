//! A page's licenses. One that cannot be read takes no other along.

use anykey::LicenseKey;
use anykey_http::{MappedList, lenient_list};
use serde::{Deserialize, Deserializer};

use super::map;
use super::wire::LicenseBody;

#[derive(Deserialize)]
pub(super) struct LicenseList {
    #[serde(deserialize_with = "licenses")]
    pub(super) licenses: MappedList<LicenseKey>,
    pub(super) total: u64,
}

fn licenses<'de, D: Deserializer<'de>>(deserializer: D) -> Result<MappedList<LicenseKey>, D::Error> {
    lenient_list(deserializer, |_, license: LicenseBody<'de>, _| map::license(license))
}
