//! A list's keys, each mapped as it is read: no page of bodies is built beside the page of keys.

use anykey_core::LicenseKey;
use anykey_http::{MappedList, lenient_list, mapped_list};
use serde::{Deserialize, Deserializer};

use crate::map;
use crate::position::MAX_PAGE_SIZE;
use crate::wire::{LicenseKeyBody, Pagination};

/// A page of license keys that are all readable.
#[derive(Deserialize)]
pub(crate) struct LicenseKeyList {
    /// The keys, in the vendor's order.
    #[serde(deserialize_with = "keys")]
    pub(crate) items: Vec<LicenseKey>,
    /// The number of keys and of pages.
    pub(crate) pagination: Pagination,
}

/// The same, for a page with unreadable keys. A page is read this way only if reading it strictly failed.
#[derive(Deserialize)]
pub(crate) struct LenientKeyList {
    /// The readable keys, and what is known of the unreadable ones.
    #[serde(deserialize_with = "readable_keys")]
    pub(crate) items: MappedList<LicenseKey>,
    /// The number of keys and of pages.
    pub(crate) pagination: Pagination,
}

/// Fails at the first unreadable key.
fn keys<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<LicenseKey>, D::Error> {
    let page = usize::try_from(MAX_PAGE_SIZE).unwrap_or_default();
    mapped_list(deserializer, page, |before, body: LicenseKeyBody<'de>| map::following(before, body, None))
}

/// Skips unreadable keys.
fn readable_keys<'de, D: Deserializer<'de>>(deserializer: D) -> Result<MappedList<LicenseKey>, D::Error> {
    lenient_list(deserializer, |before, body: LicenseKeyBody<'de>, _| map::following(before, body, None))
}
