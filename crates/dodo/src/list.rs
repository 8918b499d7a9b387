//! A list's keys, each mapped as it is read: no page of bodies is built beside the page of keys.

use std::fmt;

use anykey_core::LicenseKey;
use serde::de::{SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

use crate::map;
use crate::position::MAX_PAGE_SIZE;
use crate::wire::LicenseKeyBody;

#[derive(Deserialize)]
pub(crate) struct LicenseKeyList {
    #[serde(deserialize_with = "keys")]
    pub(crate) items: Vec<LicenseKey>,
}

fn keys<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<LicenseKey>, D::Error> {
    deserializer.deserialize_seq(KeysVisitor)
}

struct KeysVisitor;

impl<'de> Visitor<'de> for KeysVisitor {
    type Value = Vec<LicenseKey>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of license keys")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut bodies: A) -> Result<Self::Value, A::Error> {
        let mut keys: Vec<LicenseKey> =
            Vec::with_capacity(usize::try_from(MAX_PAGE_SIZE).unwrap_or_default());
        while let Some(body) = bodies.next_element::<LicenseKeyBody<'de>>()? {
            let key = map::following(keys.last(), body, None);
            keys.push(key);
        }
        Ok(keys)
    }
}
