//! The keys of a list, each converted while it is parsed, without an intermediate list of bodies.

use anykey_core::LicenseKey;
use anykey_http::{MappedList, lenient_list, mapped_list};
use serde::{Deserialize, Deserializer};

use crate::map;
use crate::position::MAX_PAGE_SIZE;
use crate::wire::{Frame, KeyResource, Links, ListMeta};

#[derive(Deserialize)]
pub(crate) struct LicenseKeyList {
    #[serde(deserialize_with = "keys")]
    pub(crate) data: Vec<LicenseKey>,
    #[serde(default)]
    meta: ListMeta,
    #[serde(default)]
    links: Links,
}

/// The same, for a page with unreadable keys.
#[derive(Deserialize)]
pub(crate) struct LenientKeyList {
    #[serde(deserialize_with = "readable_keys")]
    pub(crate) data: MappedList<LicenseKey>,
    #[serde(default)]
    meta: ListMeta,
    #[serde(default)]
    links: Links,
}

impl LicenseKeyList {
    pub(crate) fn into_parts(self) -> (MappedList<LicenseKey>, Frame) {
        (MappedList::from(self.data), Frame { meta: self.meta, links: self.links })
    }
}

impl LenientKeyList {
    pub(crate) fn into_parts(self) -> (MappedList<LicenseKey>, Frame) {
        (self.data, Frame { meta: self.meta, links: self.links })
    }
}

fn keys<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<LicenseKey>, D::Error> {
    let page = usize::try_from(MAX_PAGE_SIZE).unwrap_or_default();
    mapped_list(deserializer, page, |before, body: KeyResource| map::following(before, body, None))
}

fn readable_keys<'de, D: Deserializer<'de>>(deserializer: D) -> Result<MappedList<LicenseKey>, D::Error> {
    lenient_list(deserializer, |before, body: KeyResource, _| map::following(before, body, None))
}
