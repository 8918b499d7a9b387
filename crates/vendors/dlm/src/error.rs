//! What a status and an error body mean for an operation: one pure table.
//!
//! The HTTP status alone means little here: an unknown key is a 500, a full one a 404, an expired one a 405. Only
//! `code` with `data` decides, and the HTTP status has to fit them: anything else is no answer.
//!
//! Sources: recordings of version 1.8.3 on WordPress 6.1 (November 2026).

use anykey_core::{ErrorKind, Operation, RefusalReason};
use anykey_http::Meaning;

use crate::wire::ErrorData;

/// The code of a call that a consumer key is not allowed to make.
pub(crate) const DISABLED_ROUTE: &str = "dlm_rest_route_disabled_error";

/// What an error means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Reading {
    pub(crate) meaning: Meaning,
    /// Whether the server gives the same answer while it cannot read its database.
    pub(crate) is_doubtful: bool,
}

/// The number that the body gives itself, where WordPress looks for it or where the plugin puts it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Number {
    /// `data.status`, which is the HTTP status too.
    Status(u32),
    /// `data.code`; the HTTP status is 500.
    Code(u32),
    None,
}

/// What `status` and `code` with its `data` mean for `operation`.
///
/// `asks_for_credential` is whether the answer has `WWW-Authenticate`: with it a 401 is about the credential, without
/// it about the permission of the consumer key. Without a code, or with one whose number does not fit the HTTP
/// status, only the status counts: somebody else may have written the body.
pub(crate) fn reading(
    operation: Operation,
    status: u16,
    code: Option<&str>,
    data: Option<ErrorData>,
    asks_for_credential: bool,
) -> Reading {
    let Some(code) = code else { return certain(without_code(operation, status)) };
    let Some(number) = number(status, data) else { return certain(without_code(operation, status)) };
    if let Some(reason) = missing(operation, code, number) {
        return Reading { meaning: reason, is_doubtful: true };
    }
    certain(
        known(operation, code, number, asks_for_credential)
            .unwrap_or_else(|| without_code(operation, status)),
    )
}

/// What the plugin reports as missing. It uses the same words when it cannot read the table, so all of these are
/// doubtful.
///
/// An unknown key is `data.status` 404 where it is activated, and `data.code` 404 with HTTP 500 where it is read
/// (recordings of November 2026).
fn missing(operation: Operation, code: &str, number: Number) -> Option<Meaning> {
    use Operation::{Activate, Activations, Deactivate, Get, Rotate, Update, Validate};
    Some(match (operation, code, number) {
        (Activate, "data_error", Number::Status(404)) | (Validate, "data_error", Number::Code(404)) => {
            Meaning::Refusal(RefusalReason::UnknownKey)
        }
        (Validate | Deactivate, "data_error", Number::Status(404)) => {
            Meaning::Refusal(RefusalReason::UnknownActivation)
        }
        (Get | Update | Rotate | Activations, "data_error", Number::Code(404)) => {
            Meaning::Failure(ErrorKind::NotFound, "the shop has no license key with this id")
        }
        _ => return None,
    })
}

/// The codes whose cause is certain, for the operations that give them; `None` for any other combination, which is no
/// answer.
///
/// `rest_no_route` is never a refusal, although it is a 404: the plugin may be turned off. An expired and a disabled
/// key are a 405.
fn known(operation: Operation, code: &str, number: Number, asks_for_credential: bool) -> Option<Meaning> {
    use Number::{Code, Status};
    use Operation::{Activate, Create, Deactivate, List, Rotate, Update};
    const NOT_GRANTED: &str = "the consumer key is not allowed to make this call; in an installed app set `plane` to \
                                  `device`, on a server grant the key the endpoint";
    let invalid = Meaning::Failure(ErrorKind::InvalidRequest, "the plugin refuses the request");
    Some(match (code, operation, number) {
        ("license_expired", Activate | Deactivate, Status(405)) => Meaning::Refusal(RefusalReason::Expired),
        ("license_disabled", Activate | Deactivate, Status(405)) => Meaning::Refusal(RefusalReason::Disabled),
        ("license_activation_limit_reached", Activate, Status(404)) => {
            Meaning::Refusal(RefusalReason::ActivationLimitReached)
        }
        ("data_error", Create | Update | Rotate, Code(409)) => {
            Meaning::Failure(ErrorKind::Conflict, "another license key has this code")
        }
        ("data_error", Create | Update | Rotate, Code(422) | Status(400 | 422)) => invalid,
        ("rest_invalid_json" | "rest_invalid_param", Create | Update | Rotate | List, Status(400)) => invalid,
        ("authentication_error", _, Status(401)) if !asks_for_credential => Meaning::Failure(
            ErrorKind::PermissionDenied,
            "the consumer key lacks the permission for this method",
        ),
        ("authentication_error" | "permission_denied", _, Status(401)) => Meaning::General,
        ("permission_denied", _, Status(403)) => {
            Meaning::Failure(ErrorKind::PermissionDenied, "the owner of the consumer key lacks a capability")
        }
        (DISABLED_ROUTE, _, Number::None) => Meaning::Failure(ErrorKind::PermissionDenied, NOT_GRANTED),
        ("rest_no_ssl_error", _, Status(403)) => {
            Meaning::Failure(ErrorKind::Config, "the shop takes https only; change `base_url`")
        }
        ("rest_no_route", _, Status(404)) => Meaning::Failure(
            ErrorKind::Unavailable,
            "this site has no such call: the plugin is turned off, or `base_url` is another site",
        ),
        _ => return None,
    })
}

/// The number of a body; `None` when the HTTP status does not fit it, so that somebody else changed the answer.
fn number(status: u16, data: Option<ErrorData>) -> Option<Number> {
    let data = data.unwrap_or_default();
    match (data.status.value(), data.code.value()) {
        (Some(number), _) => (number == u32::from(status)).then_some(Number::Status(number)),
        (None, Some(number)) => (status == 500).then_some(Number::Code(number)),
        (None, None) => Some(Number::None),
    }
}

/// What a status means whoever answers it. A 401 page on a call of an installed app is some network's.
const fn without_code(operation: Operation, status: u16) -> Meaning {
    match (operation, status) {
        (_, 300..=399 | 407 | 408 | 429 | 500..) => Meaning::General,
        (Operation::Validate | Operation::Activate | Operation::Deactivate, 401) => Meaning::Unrecognized,
        (_, 401) => Meaning::General,
        _ => Meaning::Unrecognized,
    }
}

const fn certain(meaning: Meaning) -> Reading {
    Reading { meaning, is_doubtful: false }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::ErrorBody;

    fn read(operation: Operation, status: u16, body: &str) -> Reading {
        let body: Option<ErrorBody<'_>> = anykey_http::read_json(body.as_bytes());
        let code = body.as_ref().map(|body| &*body.code);
        reading(operation, status, code, body.as_ref().and_then(|body| body.data), false)
    }

    #[test]
    fn without_a_code_only_the_status_counts() {
        let of = |operation, status| read(operation, status, "<html>").meaning;
        for status in [301, 302, 399, 407, 408, 429, 500, 502, 503, 599] {
            assert_eq!(of(Operation::Activate, status), Meaning::General, "{status}");
        }
        for status in [400, 402, 403, 404, 405, 406, 409, 422, 451] {
            assert_eq!(of(Operation::Activate, status), Meaning::Unrecognized, "{status}");
        }
        for operation in [Operation::Validate, Operation::Activate, Operation::Deactivate] {
            assert_eq!(of(operation, 401), Meaning::Unrecognized, "{operation:?}");
        }
        assert_eq!(of(Operation::List, 401), Meaning::General);
    }

    #[test]
    fn a_refusal_needs_the_code_and_a_status_that_fits_it() {
        use Operation::{Activate, Deactivate, Validate};
        let unknown = r#"{"code":"data_error","message":"m","data":{"status":404}}"#;
        let hidden = r#"{"code":"data_error","message":"m","data":{"code":404}}"#;
        let refusal = |reason| Some(Meaning::Refusal(reason));
        for (operation, status, body, expected, is_doubtful) in [
            (Activate, 404, unknown, refusal(RefusalReason::UnknownKey), true),
            (Validate, 404, unknown, refusal(RefusalReason::UnknownActivation), true),
            (Deactivate, 404, unknown, refusal(RefusalReason::UnknownActivation), true),
            (Validate, 500, hidden, refusal(RefusalReason::UnknownKey), true),
            (Activate, 500, unknown, None, false),
            (Activate, 503, unknown, None, false),
            (Validate, 404, hidden, None, false),
            (Validate, 502, hidden, None, false),
            (Activate, 404, r#"{"code":"rest_no_route","data":{"status":404}}"#, None, false),
            (Activate, 404, "<html>", None, false),
            (Activate, 404, r#"{"data":{"status":404}}"#, None, false),
            (Validate, 405, r#"{"code":"license_expired","data":{"status":405}}"#, None, false),
        ] {
            let found = read(operation, status, body);
            let is_refusal = matches!(found.meaning, Meaning::Refusal(_));
            assert_eq!(is_refusal.then_some(found.meaning), expected, "{operation} {status} {body}");
            assert_eq!(found.is_doubtful, is_doubtful, "{operation} {status} {body}");
        }
    }
}
