//! A delivery with any single byte changed is rejected.

use http::HeaderValue;
use proptest::prelude::*;

use crate::signed::signed;

const HEADERS: [&str; 3] = ["webhook-id", "webhook-timestamp", "webhook-signature"];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn a_changed_byte_is_rejected(part in 0..4_usize, index in any::<prop::sample::Index>(), mask in 1..=255_u8) {
        let mut delivery = signed();
        match HEADERS.get(part) {
            None => *index.get_mut(&mut delivery.body) ^= mask,
            Some(name) => {
                let mut bytes = delivery.headers[*name].as_bytes().to_vec();
                *index.get_mut(&mut bytes) ^= mask;
                // An invalid header byte cannot be received.
                let Ok(value) = HeaderValue::from_bytes(&bytes) else { return Ok(()) };
                delivery.headers.insert(*name, value);
            }
        }
        prop_assert!(delivery.verify().is_err());
    }

    #[test]
    fn arbitrary_headers_and_bodies_are_rejected_without_a_panic(
        values in prop::array::uniform3(prop::collection::vec(any::<u8>(), 0..80)),
        body in prop::collection::vec(any::<u8>(), 0..200),
    ) {
        let mut delivery = signed();
        for (name, value) in HEADERS.into_iter().zip(values) {
            if let Ok(value) = HeaderValue::from_bytes(&value) {
                delivery.headers.insert(name, value);
            }
        }
        delivery.body = body;
        prop_assert!(delivery.verify().is_err());
    }
}
