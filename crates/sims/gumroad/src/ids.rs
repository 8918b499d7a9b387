//! Ids, license keys and tokens in the vendor's forms (server code, 2025).

use anykey_sim_kit::RandomSequence;
use base64::prelude::{BASE64_URL_SAFE, Engine};

/// Order numbers are not in the order of purchases.
const ORDER_MASK: u64 = 0x5_17A3;

/// A generator of ids, license keys and tokens. They look random and are determined by the seed.
#[derive(Debug)]
pub(super) struct IdSource {
    numbers: RandomSequence,
    last: u64,
}

impl IdSource {
    pub(super) const fn new(seed: u64) -> Self {
        Self { numbers: RandomSequence::new(seed), last: 100_000 }
    }

    /// A number greater than all previous ones.
    pub(super) fn number(&mut self) -> u64 {
        self.last += 1 + self.numbers.next_u64() % 9;
        self.last
    }

    /// The public id of a record: URL-safe base64 of 16 bytes, with its padding.
    pub(super) fn id(&mut self) -> String {
        BASE64_URL_SAFE.encode(self.numbers.next_uuid_bytes())
    }

    /// A license key: a UUID of version 4 in upper case, as four groups of eight digits.
    pub(super) fn license_key(&mut self) -> String {
        let mut bits = u128::from_be_bytes(self.numbers.next_uuid_bytes());
        bits = bits & !(0xF << 76) | 0x4 << 76;
        bits = bits & !(0x3 << 62) | 0x2 << 62;
        let group = |shift: u32| format!("{:08X}", bits >> shift & 0xFFFF_FFFF);
        [96, 64, 32, 0].map(group).join("-")
    }

    /// An OAuth token.
    pub(super) fn token(&mut self) -> String {
        format!("{:016x}{:016x}", self.numbers.next_u64(), self.numbers.next_u64())
    }

    /// A short permalink of six letters.
    pub(super) fn permalink(&mut self) -> String {
        let number = self.numbers.next_u64();
        (0..6)
            .map(|place| char::from(b'a' + u8::try_from(number >> (8 * place) & 15).unwrap_or_default()))
            .collect()
    }
}

/// The public number of a purchase, which is its order number and part of page keys.
///
/// Order numbers look unordered, because a client must not take them for the order of sales.
pub(super) const fn order_number(number: u64) -> u64 {
    number ^ ORDER_MASK
}

/// The purchase with an order number.
pub(super) const fn of_order_number(order: u64) -> u64 {
    order ^ ORDER_MASK
}

/// Whether `id` has the form of a public id.
pub(super) fn is_public_id(id: &str) -> bool {
    BASE64_URL_SAFE.decode(id).is_ok_and(|bytes| bytes.len() == 16)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_and_keys_have_the_vendors_form() {
        let mut ids = IdSource::new(7);
        let id = ids.id();
        assert!(id.len() == 24 && id.ends_with("==") && is_public_id(&id), "{id}");
        assert!(!is_public_id("abc") && !is_public_id(""));
        let key = ids.license_key();
        let groups: Vec<_> = key.split('-').collect();
        assert!(groups.len() == 4 && groups.iter().all(|group| group.len() == 8), "{key}");
        assert!(groups[1].chars().nth(4) == Some('4'), "a UUID of version 4: {key}");
        assert_eq!(key, key.to_uppercase());
        assert_eq!(of_order_number(order_number(123_456)), 123_456);
        assert_eq!(ids.permalink().len(), 6);
    }

    #[test]
    fn the_seed_determines_them() {
        assert_eq!(IdSource::new(7).token(), IdSource::new(7).token());
        assert_ne!(IdSource::new(7).token(), IdSource::new(8).token());
    }
}
