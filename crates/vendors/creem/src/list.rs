//! The keys of a list, each converted while it is parsed, without an intermediate list of bodies.

use anykey_core::LicenseKey;
use anykey_http::{MappedList, lenient_list, mapped_list};
use serde::{Deserialize, Deserializer};

use crate::map;
use crate::position::MAX_PAGE_SIZE;
use crate::wire::{LicenseBody, Pagination};

#[derive(Deserialize)]
pub(crate) struct LicenseList {
    #[serde(deserialize_with = "keys")]
    items: Vec<LicenseKey>,
    #[serde(default)]
    pagination: Pagination,
}

/// The same, for a page with unreadable keys.
#[derive(Deserialize)]
pub(crate) struct LenientLicenseList {
    #[serde(deserialize_with = "readable_keys")]
    items: MappedList<LicenseKey>,
    #[serde(default)]
    pagination: Pagination,
}

impl LicenseList {
    pub(crate) fn into_parts(self) -> (MappedList<LicenseKey>, Pagination) {
        (MappedList::from(self.items), self.pagination)
    }
}

impl LenientLicenseList {
    pub(crate) fn into_parts(self) -> (MappedList<LicenseKey>, Pagination) {
        (self.items, self.pagination)
    }
}

fn keys<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<LicenseKey>, D::Error> {
    let page = usize::try_from(MAX_PAGE_SIZE).unwrap_or_default();
    mapped_list(deserializer, page, |before, body: LicenseBody| map::following(before, body, None))
}

fn readable_keys<'de, D: Deserializer<'de>>(deserializer: D) -> Result<MappedList<LicenseKey>, D::Error> {
    lenient_list(deserializer, |before, body: LicenseBody, _| map::following(before, body, None))
}
