//! The keys of a list, each converted while it is parsed, without an intermediate list of bodies.
//!
//! A page is read strictly first, and leniently only if that fails, so that one damaged record does not hide the other
//! keys.

use anykey_core::LicenseKey;
use anykey_http::{MappedList, lenient_list, mapped_list};
use serde::{Deserialize, Deserializer};

use crate::map;
use crate::position::MAX_PAGE_SIZE;
use crate::wire::{LicenseBody, Links};

/// A page of licenses that are all readable.
#[derive(Deserialize)]
pub(crate) struct LicenseList {
    /// The keys, newest first.
    #[serde(deserialize_with = "keys")]
    pub(crate) data: Vec<LicenseKey>,
    /// The links, of which `next` has the cursor.
    #[serde(default)]
    pub(crate) links: Links,
}

/// The same, for a page with unreadable keys.
#[derive(Deserialize)]
pub(crate) struct LenientLicenseList {
    /// The readable keys, and what is known of the unreadable ones.
    #[serde(deserialize_with = "readable_keys")]
    pub(crate) data: MappedList<LicenseKey>,
    /// The links, of which `next` has the cursor.
    #[serde(default)]
    pub(crate) links: Links,
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
