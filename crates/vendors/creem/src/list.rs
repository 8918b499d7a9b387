//! The keys of a list, each converted while it is parsed, without an intermediate list of bodies.
//!
//! A page is read strictly first, and leniently only if that fails, so that one damaged record does not hide the other
//! keys.

use anykey_core::LicenseKey;
use anykey_http::{MappedList, lenient_list, mapped_list};
use serde::{Deserialize, Deserializer};

use crate::map;
use crate::position::MAX_PAGE_SIZE;
use crate::wire::{LicenseBody, Pagination};

/// A page of licenses that are all readable.
#[derive(Deserialize)]
pub(crate) struct LicenseList {
    /// The keys, in the vendor's order.
    #[serde(deserialize_with = "keys")]
    items: Vec<LicenseKey>,
    /// The position of the page.
    #[serde(default)]
    pagination: Pagination,
}

/// The same, for a page with unreadable keys.
#[derive(Deserialize)]
pub(crate) struct LenientLicenseList {
    /// The readable keys, and what is known of the unreadable ones.
    #[serde(deserialize_with = "readable_keys")]
    items: MappedList<LicenseKey>,
    /// The position of the page.
    #[serde(default)]
    pagination: Pagination,
}

impl LicenseList {
    /// The keys and the position of the page.
    pub(crate) fn into_parts(self) -> (MappedList<LicenseKey>, Pagination) {
        (MappedList::from(self.items), self.pagination)
    }
}

impl LenientLicenseList {
    /// The same as of [`LicenseList`], with the unreadable keys.
    pub(crate) fn into_parts(self) -> (MappedList<LicenseKey>, Pagination) {
        (self.items, self.pagination)
    }
}

/// Fails at the first unreadable key.
fn keys<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<LicenseKey>, D::Error> {
    let page = usize::try_from(MAX_PAGE_SIZE).unwrap_or_default();
    mapped_list(deserializer, page, |before, body: LicenseBody| map::following(before, body, None))
}

/// Skips unreadable keys.
fn readable_keys<'de, D: Deserializer<'de>>(deserializer: D) -> Result<MappedList<LicenseKey>, D::Error> {
    lenient_list(deserializer, |before, body: LicenseBody, _| map::following(before, body, None))
}
