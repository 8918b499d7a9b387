//! The meaning of a status and a body for an operation, as one pure function.
//!
//! A refusal needs the whole sentence that Gumroad's server writes for a verification, with its status and `success:
//! false`; nothing else distinguishes the three causes. Every other answer is a failure: it came from a gateway, a
//! proxy or a filter, or Gumroad changed its sentences.
//!
//! Source: the server's code (`antiwork/gumroad`, `api/v2/licenses_controller.rb` and `sales_controller.rb`), November
//! 2026.

use anykey_core::{ErrorKind, Operation, RefusalReason};
use anykey_http::{JsonMember, Meaning, read_json};

use crate::wire::ErrorBody;

/// No key with this code, or one of another product.
const UNKNOWN: &str = "That license does not exist for the provided product.";
/// The seller revoked the access. The sentence speaks of an end, and the key does not expire.
const REVOKED: &str = "Access to the purchase associated with this license has expired.";
/// The seller disabled the key.
const DISABLED: &str = "This license key has been disabled.";
/// A missing sale, with the status 200.
const NO_SALE: &str = "The sale was not found.";
/// The beginning of the sentence for a list that took too long, which is a 400.
const SLOW: &str = "Query timed out.";

/// Sales of other sellers are unknown as well.
const NO_SUCH_KEY: Meaning = Meaning::Failure(
    ErrorKind::NotFound,
    "the token's seller has no sale with this id that owns a license key",
);
/// Of a known token: an unknown one is a 401.
const NO_PERMISSION: Meaning = Meaning::Failure(
    ErrorKind::PermissionDenied,
    "the token lacks a scope: reading keys needs `view_sales`, changing them `edit_products`",
);

/// Reads a failure; `None` if the body is none. A success is read as well; its `success` is then true and no failure.
pub(crate) fn error_body(body: &[u8]) -> Option<ErrorBody<'_>> {
    read_json(body)
}

/// The meaning of `status` with `body` for `operation`.
///
/// `is_challenged` says whether the answer has the header `WWW-Authenticate`: the vendor's 401 and 403 have no other
/// evidence of where they come from, because their body is empty. A verification needs no token, so a 401 or 403 of one
/// is no answer of Gumroad's. Every 500 is a failure, also the one for a request without a product, which this adapter
/// never sends.
pub(crate) fn meaning(
    operation: Operation,
    status: u16,
    body: Option<&ErrorBody<'_>>,
    is_challenged: bool,
) -> Meaning {
    match (operation, status) {
        (_, 300..=399 | 407 | 408 | 429 | 500..) => Meaning::General,
        (Operation::Validate, 404) => refusal(body),
        (Operation::Validate, 400) if body.is_some_and(ErrorBody::is_failure) => Meaning::General,
        (Operation::Validate, _) => Meaning::Unrecognized,
        (_, 401) => Meaning::General,
        (_, 403) if is_challenged => NO_PERMISSION,
        (Operation::Get | Operation::Update | Operation::Rotate, 200) if says(body, NO_SALE) => NO_SUCH_KEY,
        (Operation::Update | Operation::Rotate, 404) => change(body),
        (Operation::List, 400) if body.is_some_and(ErrorBody::is_bad_request) => bad_request(body),
        _ => Meaning::Unrecognized,
    }
}

/// The reason of a 404 of a verification, by its whole sentence. A sentence that has changed is no answer, because a
/// guess would refuse customers.
fn refusal(body: Option<&ErrorBody<'_>>) -> Meaning {
    Meaning::Refusal(match body {
        _ if says(body, UNKNOWN) => RefusalReason::UnknownKey,
        _ if says(body, REVOKED) => RefusalReason::Revoked,
        _ if says(body, DISABLED) => RefusalReason::Disabled,
        _ => return Meaning::Unrecognized,
    })
}

/// A 404 for a change of a key that was read just before. It is no refusal: no customer asked, and the key may have
/// been rotated by somebody else.
fn change(body: Option<&ErrorBody<'_>>) -> Meaning {
    match body {
        _ if says(body, UNKNOWN) => {
            Meaning::Failure(ErrorKind::NotFound, "the key was replaced or removed meanwhile; read it again")
        }
        _ if says(body, REVOKED) => Meaning::Failure(
            ErrorKind::Conflict,
            "the seller revoked the access to the purchase; give it back in the dashboard first",
        ),
        Some(body) if body.is_failure() && body.text() == Some("Not found") => {
            Meaning::Failure(ErrorKind::NotFound, "the token's seller does not sell the key's product")
        }
        _ => Meaning::Unrecognized,
    }
}

/// The meaning of a 400 of a list. Only a list that took too long is worth repeating.
fn bad_request(body: Option<&ErrorBody<'_>>) -> Meaning {
    let is_slow = body.and_then(|body| body.text()).is_some_and(|text| text.starts_with(SLOW));
    if is_slow {
        return Meaning::Failure(
            ErrorKind::Unavailable,
            "the list took too long; narrow it by a product or by dates",
        );
    }
    Meaning::General
}

/// Whether the answer is a failure with exactly this sentence.
fn says(body: Option<&ErrorBody<'_>>, sentence: &str) -> bool {
    body.is_some_and(|body| {
        body.is_failure() && body.message.as_ref().value().is_some_and(|message| **message == *sentence)
    })
}

impl ErrorBody<'_> {
    /// What the answer says, if anything. `message` comes first.
    pub(crate) fn text(&self) -> Option<&str> {
        let said = self.message.as_ref().value().or_else(|| self.error.as_ref().value());
        said.map(|text| &**text)
    }

    /// Whether it is a failure in Gumroad's own form: the flag and a sentence.
    fn is_failure(&self) -> bool {
        self.success == JsonMember::Value(false) && self.text().is_some()
    }

    /// Whether it is the 400 of a list, which has its status in the body and no `success`.
    fn is_bad_request(&self) -> bool {
        self.status == JsonMember::Value(400) && self.error.as_ref().value().is_some()
    }
}

#[cfg(test)]
mod tests;
