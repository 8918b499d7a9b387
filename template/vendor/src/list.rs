//! A page's licenses. One that cannot be read takes no other along.

use anykey_core::LicenseKey;
use anykey_http::{MappedList, lenient_list};
use serde::{Deserialize, Deserializer};

use crate::map;
use crate::wire::LicenseBody;

#[derive(Deserialize)]
pub(crate) struct LicenseList {
    #[serde(deserialize_with = "licenses")]
    pub(crate) licenses: MappedList<LicenseKey>,
    pub(crate) total: u64,
}

fn licenses<'de, D: Deserializer<'de>>(deserializer: D) -> Result<MappedList<LicenseKey>, D::Error> {
    lenient_list(deserializer, |_, license: LicenseBody<'de>, _| map::license(license))
}
