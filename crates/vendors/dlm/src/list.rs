//! The keys of a list, each mapped as it is read: no list of bodies is built beside the list of keys.

use anykey_core::LicenseKey;
use anykey_http::{MappedList, lenient_list, mapped_list};
use serde::{Deserialize, Deserializer};

use crate::map;
use crate::wire::KeyBody;

/// A list whose keys can all be read.
#[derive(Deserialize)]
pub(crate) struct KeyList {
    #[serde(deserialize_with = "keys")]
    pub(crate) data: Vec<LicenseKey>,
}

/// The same, for a list with unreadable keys.
/// Reading it takes longer, so it is tried only after [`KeyList`] has failed; the page reports the unreadable keys.
#[derive(Deserialize)]
pub(crate) struct LenientKeyList {
    #[serde(deserialize_with = "readable_keys")]
    pub(crate) data: MappedList<LicenseKey>,
}

fn keys<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<LicenseKey>, D::Error> {
    mapped_list(deserializer, 100, |_, body: KeyBody<'de>| map::key(body))
}

fn readable_keys<'de, D: Deserializer<'de>>(deserializer: D) -> Result<MappedList<LicenseKey>, D::Error> {
    lenient_list(deserializer, |_, body: KeyBody<'de>, _| map::key(body))
}
