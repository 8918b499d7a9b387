//! A list's keys, each mapped as it is read: no page of bodies is built beside the page of keys.

use anykey_core::LicenseKey;
use anykey_http::{MappedList, lenient_list, mapped_list};
use serde::{Deserialize, Deserializer};

use crate::map;
use crate::position::MAX_PAGE_SIZE;
use crate::wire::{LicenseKeyBody, Pagination};

#[derive(Deserialize)]
pub(crate) struct LicenseKeyList {
    #[serde(deserialize_with = "keys")]
    pub(crate) items: Vec<LicenseKey>,
    pub(crate) pagination: Pagination,
}

/// The same of a page of which some key cannot be read.
#[derive(Deserialize)]
pub(crate) struct LenientKeyList {
    #[serde(deserialize_with = "readable_keys")]
    pub(crate) items: MappedList<LicenseKey>,
    pub(crate) pagination: Pagination,
}

fn keys<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<LicenseKey>, D::Error> {
    let page = usize::try_from(MAX_PAGE_SIZE).unwrap_or_default();
    mapped_list(deserializer, page, |before, body: LicenseKeyBody<'de>| map::following(before, body, None))
}

fn readable_keys<'de, D: Deserializer<'de>>(deserializer: D) -> Result<MappedList<LicenseKey>, D::Error> {
    lenient_list(deserializer, |before, body: LicenseKeyBody<'de>, _| map::following(before, body, None))
}
