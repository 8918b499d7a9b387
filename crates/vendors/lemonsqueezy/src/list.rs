//! The keys of a list, each converted while it is parsed, without an intermediate list of bodies.
//!
//! A page is read strictly first. Only if that fails, it is read again leniently, so that one damaged record does not
//! hide the other keys; the page lists those that could not be read.

use anykey_core::LicenseKey;
use anykey_http::{MappedList, lenient_list, mapped_list};
use serde::{Deserialize, Deserializer};

use crate::map;
use crate::position::MAX_PAGE_SIZE;
use crate::wire::{Frame, KeyResource, Links, ListMeta};

/// A page of `GET /v1/license-keys` in which every key is readable.
#[derive(Deserialize)]
pub(crate) struct LicenseKeyList {
    /// The keys, in the vendor's order.
    #[serde(deserialize_with = "keys")]
    pub(crate) data: Vec<LicenseKey>,
    /// The page numbers.
    #[serde(default)]
    meta: ListMeta,
    /// The links to other pages.
    #[serde(default)]
    links: Links,
}

/// The same, for a page with unreadable keys.
#[derive(Deserialize)]
pub(crate) struct LenientKeyList {
    /// The readable keys, and what is known of the unreadable ones.
    #[serde(deserialize_with = "readable_keys")]
    pub(crate) data: MappedList<LicenseKey>,
    /// The page numbers.
    #[serde(default)]
    meta: ListMeta,
    /// The links to other pages.
    #[serde(default)]
    links: Links,
}

impl LicenseKeyList {
    /// The keys and the paging members, which decide whether another page follows.
    pub(crate) fn into_parts(self) -> (MappedList<LicenseKey>, Frame) {
        (MappedList::from(self.data), Frame { meta: self.meta, links: self.links })
    }
}

impl LenientKeyList {
    /// The same as of [`LicenseKeyList`], with the unreadable keys.
    pub(crate) fn into_parts(self) -> (MappedList<LicenseKey>, Frame) {
        (self.data, Frame { meta: self.meta, links: self.links })
    }
}

/// Fails at the first unreadable key. Room for a full page is reserved at once.
fn keys<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<LicenseKey>, D::Error> {
    let page = usize::try_from(MAX_PAGE_SIZE).unwrap_or_default();
    mapped_list(deserializer, page, |before, body: KeyResource| map::following(before, body, None))
}

/// Skips unreadable keys. Each readable one shares texts with the readable one before it.
fn readable_keys<'de, D: Deserializer<'de>>(deserializer: D) -> Result<MappedList<LicenseKey>, D::Error> {
    lenient_list(deserializer, |before, body: KeyResource, _| map::following(before, body, None))
}
