//! What a status and an error word mean for an operation: one pure table.
//!
//! A refusal needs Acme's own word for that operation. An unknown word, or none, is no answer: it may come from a
//! proxy, a gateway or a later version of the API, and says nothing about the license.

use anykey_core::{Operation, RefusalReason};
use anykey_http::Meaning;

pub(crate) fn meaning(operation: Operation, status: u16, word: Option<&str>) -> Meaning {
    match (operation, status, word) {
        // These are about the credential, the rate or the server, whoever answers them.
        (_, 401 | 429 | 500.., _) => Meaning::General,
        // FILL IN: a row for each refusal and failure in the vendor's words, as in this one.
        (Operation::Validate, 404, Some("unknown_license")) => Meaning::Refusal(RefusalReason::UnknownKey),
        _ => Meaning::Unrecognized,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_needs_the_vendors_word_for_the_operation() {
        for (operation, status, word, expected) in [
            (Operation::Validate, 404, Some("unknown_license"), Meaning::Refusal(RefusalReason::UnknownKey)),
            (Operation::Validate, 404, None, Meaning::Unrecognized),
            (Operation::Validate, 503, Some("unknown_license"), Meaning::General),
        ] {
            assert_eq!(meaning(operation, status, word), expected, "{operation} {status} {word:?}");
        }
    }
}
