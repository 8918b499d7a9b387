//! Whatever single byte is another one, the delivery is refused.

use http::HeaderValue;
use proptest::prelude::*;

use crate::signed::signed;

const HEADERS: [&str; 3] = ["webhook-id", "webhook-timestamp", "webhook-signature"];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn a_flipped_byte_is_refused(part in 0..4_usize, place in any::<prop::sample::Index>(), mask in 1..=255_u8) {
        let mut delivery = signed();
        match HEADERS.get(part) {
            None => *place.get_mut(&mut delivery.body) ^= mask,
            Some(name) => {
                let mut bytes = delivery.headers[*name].as_bytes().to_vec();
                *place.get_mut(&mut bytes) ^= mask;
                // A byte that no header may hold never gets here.
                let Ok(value) = HeaderValue::from_bytes(&bytes) else { return Ok(()) };
                delivery.headers.insert(*name, value);
            }
        }
        prop_assert!(delivery.verify().is_err());
    }

    #[test]
    fn no_header_and_no_body_panics(
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
