//! What a status and an error word mean for an operation: one pure table.
//!
//! A refusal needs Acme's own word for that operation. An unknown word, or none, is no answer: it may come from a
//! proxy, a gateway or a later version of the API, and says nothing about the license.

use anykey::{Operation, RefusalReason};
use anykey_http::Meaning;

pub(super) fn meaning(operation: Operation, status: u16, word: Option<&str>) -> Meaning {
    use Operation::{Activate, Deactivate, Validate};
    use RefusalReason::{
        ActivationLimitReached, ActivationsNotSupported, Disabled, Expired, UnknownActivation, UnknownKey,
        WrongProduct,
    };
    match (operation, status, word) {
        // These are about the credential, the rate or the server, whoever answers them.
        (_, 401 | 429 | 500.., _) => Meaning::General,

        (Validate | Activate | Deactivate, 404, Some("unknown_license")) => Meaning::Refusal(UnknownKey),
        (Validate | Deactivate, 404, Some("unknown_seat")) => Meaning::Refusal(UnknownActivation),
        (Validate | Activate, 403, Some("license_suspended")) => Meaning::Refusal(Disabled),
        (Validate | Activate, 403, Some("license_expired")) => Meaning::Refusal(Expired),
        (Validate | Activate, 403, Some("other_product")) => Meaning::Refusal(WrongProduct),
        (Activate, 409, Some("no_seat_left")) => Meaning::Refusal(ActivationLimitReached),
        (Activate, 409, Some("license_without_seats")) => Meaning::Refusal(ActivationsNotSupported),

        (_, 403, Some("token_lacks_scope")) => Meaning::General,
        (_, 404, Some("unknown_license")) => Meaning::General,
        (_, 400, Some("bad_request")) => Meaning::General,
        _ => Meaning::Unrecognized,
    }
}

#[cfg(test)]
mod tests {
    use Meaning::{General, Refusal, Unrecognized};
    use Operation::{Activate, Deactivate, Get, Validate};
    use RefusalReason::{ActivationLimitReached, Expired, UnknownActivation, UnknownKey};

    use super::*;

    #[test]
    fn a_refusal_needs_the_vendors_word_for_the_operation() {
        for (operation, status, word, expected) in [
            (Validate, 404, Some("unknown_license"), Refusal(UnknownKey)),
            (Get, 404, Some("unknown_license"), General),
            (Validate, 404, None, Unrecognized),
            (Get, 404, None, Unrecognized),
            (Validate, 404, Some("NOT_FOUND"), Unrecognized),
            (Activate, 403, Some("license_expired"), Refusal(Expired)),
            (Deactivate, 403, Some("license_expired"), Unrecognized),
            (Activate, 403, Some("forbidden"), Unrecognized),
            (Activate, 409, Some("no_seat_left"), Refusal(ActivationLimitReached)),
            (Validate, 409, Some("no_seat_left"), Unrecognized),
            (Deactivate, 404, Some("unknown_seat"), Refusal(UnknownActivation)),
        ] {
            assert_eq!(meaning(operation, status, word), expected, "{operation} {status} {word:?}");
        }
    }

    #[test]
    fn no_word_makes_a_refusal_of_an_outage_or_a_rate_limit() {
        for status in [401, 429, 500, 502, 503, 520] {
            assert_eq!(meaning(Validate, status, Some("license_expired")), General, "{status}");
        }
    }
}
