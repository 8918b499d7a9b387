//! What a status and an error body mean for an operation: one pure table.
//!
//! A refusal needs Polar's own error class *and* a device operation. A 404 without a class is a wrong path or a
//! removed API version, and one without Polar's body comes from something in between: neither says anything
//! about the license.

use std::borrow::Cow;

use anykey_core::{ErrorKind, Operation, RefusalReason};
use anykey_http::read_json;

use crate::wire::{Detail, ErrorBody, Fault, Step};

/// What an answer that is no success means.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Meaning {
    /// The vendor says no. [`UnknownKey`](RefusalReason::UnknownKey) may speak of the activation instead, where
    /// one was sent.
    Refusal(RefusalReason),
    /// A failure of this kind, with what to do about it.
    Failure(ErrorKind, &'static str),
    /// Nothing that only Polar means by it: see the status.
    General,
}

/// Polar's sentences, which are no part of its documented contract: looked for without regard to case.
const SENTENCES: &[(&str, RefusalReason)] = &[
    ("no longer active", RefusalReason::Inactive),
    ("has expired", RefusalReason::Expired),
    ("required conditions", RefusalReason::ConditionsMismatch),
    ("given benefit", RefusalReason::WrongProduct),
    ("given user", RefusalReason::WrongCustomer),
    ("given customer", RefusalReason::WrongCustomer),
    ("more usages", RefusalReason::UsageExceeded),
    ("does not support activations", RefusalReason::ActivationsNotSupported),
    ("activation limit already reached", RefusalReason::ActivationLimitReached),
];

/// Reads Polar's error body; `None` when it is none.
pub(crate) fn error_body(body: &[u8]) -> Option<ErrorBody<'_>> {
    let body = read_json::<ErrorBody<'_>>(body)?;
    (body.error.is_some() || body.detail.is_some()).then_some(body)
}

pub(crate) fn meaning(operation: Operation, status: u16, body: Option<&ErrorBody<'_>>) -> Meaning {
    let Some(body) = body else {
        return match status {
            404 => Meaning::Failure(
                ErrorKind::Config,
                "this is not an answer of Polar's API; check `base_url` and any proxy",
            ),
            403 => Meaning::Failure(
                ErrorKind::PermissionDenied,
                "something between this app and Polar's API forbids the request; check any proxy",
            ),
            _ => Meaning::General,
        };
    };
    let class = body.error.as_deref();
    match (status, class) {
        (404, None) => Meaning::Failure(
            ErrorKind::Config,
            "Polar has no such path, or no longer this API version; check `base_url` and `api_version`",
        ),
        (401, Some("invalid_token")) => Meaning::Failure(
            ErrorKind::Unauthenticated,
            "the credential is expired, revoked or of the other environment; a portal session lasts one hour",
        ),
        (401, _) => Meaning::Failure(
            ErrorKind::Unauthenticated,
            "the credential is missing or of the wrong kind; `token` takes an organization's access token, \
             `session_token` a customer's or member's session",
        ),
        (403, Some("insufficient_scope")) => {
            Meaning::Failure(ErrorKind::PermissionDenied, "the credential lacks a scope")
        }
        (400, Some("RotateNotPermitted")) => {
            Meaning::Failure(ErrorKind::Conflict, "the key's status does not allow to rotate it")
        }
        (422, _) => rejected(body),
        (400 | 403 | 404, Some("ResourceNotFound" | "NotPermitted" | "BadRequest"))
            if is_of_the_device_plane(operation) =>
        {
            refusal(class, &body.sentence().unwrap_or_default())
        }
        _ => Meaning::General,
    }
}

impl ErrorBody<'_> {
    /// What Polar says in words; `None` when it says nothing.
    pub(crate) fn sentence(&self) -> Option<Cow<'_, str>> {
        match &self.detail {
            Some(Detail::Sentence(sentence)) => Some(sentence.into()),
            Some(Detail::Faults(faults)) => faults.first().map(|fault| fault.describe().into()),
            Some(Detail::Other(_)) | None => self.error_description.as_deref().map(Cow::from),
        }
    }
}

impl Fault {
    /// The place and what is wrong there. The place's first two steps name the field; further ones are names
    /// inside Polar's library.
    fn describe(&self) -> String {
        let place: Vec<&str> = self.steps().take(2).collect();
        format!("{}: {}", place.join("."), self.msg)
    }

    fn is_at(&self, part: &str, field: &str) -> bool {
        self.steps().take(2).eq([part, field])
    }

    fn steps(&self) -> impl Iterator<Item = &str> {
        self.loc.iter().map_while(|step| match step {
            Step::Name(name) => Some(name.as_str()),
            Step::Other(_) => None,
        })
    }
}

fn rejected(body: &ErrorBody<'_>) -> Meaning {
    let faults = match &body.detail {
        Some(Detail::Faults(faults)) => faults.as_slice(),
        _ => &[],
    };
    let at = |part, field| faults.iter().any(|fault| fault.is_at(part, field));
    if at("path", "id") {
        Meaning::Failure(
            ErrorKind::InvalidRequest,
            "this is no license key id; an id is a UUID and not the code that a customer types",
        )
    } else if at("body", "organization_id") || at("query", "organization_id") {
        Meaning::Failure(ErrorKind::Config, "Polar does not take the `organization_id`; check it")
    } else {
        Meaning::Failure(ErrorKind::InvalidRequest, "Polar does not take a value of the request")
    }
}

fn refusal(class: Option<&str>, sentence: &str) -> Meaning {
    let sentence = sentence.to_lowercase();
    if class == Some("ResourceNotFound") && sentence.trim_end_matches('.') == "not found" {
        return Meaning::Refusal(RefusalReason::UnknownKey);
    }
    if let Some((_, reason)) = SENTENCES.iter().find(|(known, _)| sentence.contains(known)) {
        return Meaning::Refusal(*reason);
    }
    if sentence.contains("permission") {
        return Meaning::Failure(ErrorKind::PermissionDenied, "the credential's user may not do this");
    }
    Meaning::Refusal(RefusalReason::Unspecified)
}

fn is_of_the_device_plane(operation: Operation) -> bool {
    matches!(operation, Operation::Validate | Operation::Activate | Operation::Deactivate)
}

#[cfg(test)]
mod tests {
    use Meaning::{General, Refusal};
    use RefusalReason::*;

    use super::*;

    const NOT_FOUND: &str = r#"{"error":"ResourceNotFound","detail":"Not found"}"#;
    const UNAUTHORIZED: &str = r#"{"error":"Unauthorized","detail":"Unauthorized"}"#;

    fn read(operation: Operation, status: u16, body: &str) -> Meaning {
        meaning(operation, status, error_body(body.as_bytes()).as_ref())
    }

    fn kind(operation: Operation, status: u16, body: &str) -> Option<ErrorKind> {
        match read(operation, status, body) {
            Meaning::Failure(kind, _) => Some(kind),
            Refusal(_) | General => None,
        }
    }

    #[test]
    fn each_sentence_of_a_refusal_has_its_reason_on_either_status() {
        let refused = |sentence: &str| {
            [(404, "ResourceNotFound"), (403, "NotPermitted"), (400, "BadRequest")].map(|(status, class)| {
                let body = format!(r#"{{"error":"{class}","detail":"{sentence}"}}"#);
                read(Operation::Validate, status, &body)
            })
        };
        for (sentence, reason) in [
            ("License key is no longer active.", Inactive),
            ("License key is no longer active. This license key can not be activated.", Inactive),
            ("License key has expired.", Expired),
            ("LICENSE KEY HAS EXPIRED", Expired),
            ("License key does not match required conditions", ConditionsMismatch),
            ("License key does not match given benefit.", WrongProduct),
            ("License key does not match given user.", WrongCustomer),
            ("License key only has 0 more usages.", UsageExceeded),
            ("License key only has -3 more usages.", UsageExceeded),
            ("License key activation limit already reached", ActivationLimitReached),
            (
                "This license key does not support activations. Use the /validate endpoint instead to check license validity.",
                ActivationsNotSupported,
            ),
            ("A sentence of next year", Unspecified),
        ] {
            assert_eq!(refused(sentence), [Refusal(reason), Refusal(reason), Refusal(reason)], "{sentence}");
        }
    }

    #[test]
    fn not_found_is_about_the_key_on_the_device_plane_and_about_the_record_elsewhere() {
        for operation in [Operation::Validate, Operation::Activate, Operation::Deactivate] {
            assert_eq!(read(operation, 404, NOT_FOUND), Refusal(UnknownKey), "{operation}");
        }
        for operation in [Operation::List, Operation::Get, Operation::Update, Operation::Rotate] {
            assert_eq!(read(operation, 404, NOT_FOUND), General, "{operation}");
        }
        let forbidden = r#"{"error":"NotPermitted","detail":"Not found"}"#;
        assert_eq!(read(Operation::Validate, 403, forbidden), Refusal(Unspecified));
    }

    #[test]
    fn nothing_but_polars_own_refusal_is_one() {
        for (status, body) in [
            (404, r#"{"detail":"Not Found"}"#),
            (404, r#"{"detail":"License key has expired."}"#),
            (404, r#"{"error":{"code":"ResourceNotFound"}}"#),
            (404, "<html>Not found</html>"),
            (404, ""),
            (403, "<html>License key is no longer active.</html>"),
            (403, r#"{"error":"insufficient_scope","error_description":"It has expired."}"#),
            (403, r#"{"error":"NotPermitted","detail":"You don't have permission to manage products"}"#),
            (400, r#"{"detail":"There was an error parsing the body"}"#),
            (401, UNAUTHORIZED),
            (405, r#"{"detail":"Method Not Allowed"}"#),
            (411, r#"{"error":"LengthRequired","detail":"A Content-Length header is required."}"#),
            (
                413,
                r#"{"error":"RequestBodyTooLarge","detail":"Request body exceeded the maximum allowed size."}"#,
            ),
            (422, r#"{"error":"ResourceNotFound","detail":"License key has expired."}"#),
            (429, ""),
            (429, NOT_FOUND),
            (500, "Internal Server Error"),
            (503, r#"{"error":"ResourceNotFound","detail":"License key has expired."}"#),
            (307, ""),
        ] {
            for operation in [Operation::Validate, Operation::Activate, Operation::Deactivate] {
                let meaning = read(operation, status, body);
                assert!(!matches!(meaning, Refusal(_)), "{operation} {status} {body}: {meaning:?}");
            }
        }
    }

    #[test]
    fn failures_say_whose_fault_they_are() {
        use ErrorKind::{Config, Conflict, InvalidRequest, PermissionDenied, Unauthenticated};
        let invalid_token = r#"{"error":"invalid_token","error_description":"The access token provided is expired, revoked, malformed, or invalid for other reasons."}"#;
        let scope = r#"{"error":"insufficient_scope","error_description":"The request requires higher privileges than provided by the access token."}"#;
        let rotate = r#"{"error":"RotateNotPermitted","detail":"License key cannot be rotated in its current status. Current status: revoked. Allowed statuses: disabled, granted."}"#;
        let fault = |place: &str| {
            format!(
                r#"{{"error":"RequestValidationError","detail":[{{"type":"x","loc":[{place}],"msg":"m","input":1}}]}}"#
            )
        };
        for (operation, status, body, expected) in [
            (Operation::List, 401, invalid_token, Unauthenticated),
            (Operation::Validate, 401, invalid_token, Unauthenticated),
            (Operation::List, 401, UNAUTHORIZED, Unauthenticated),
            (Operation::Update, 403, scope, PermissionDenied),
            (Operation::Rotate, 400, rotate, Conflict),
            (Operation::List, 404, r#"{"detail":"Not Found"}"#, Config),
            (Operation::Validate, 404, r#"{"detail":"Not Found"}"#, Config),
            (Operation::Validate, 404, "<html>", Config),
            (Operation::Validate, 403, "<html>", PermissionDenied),
            (Operation::Get, 422, fault(r#""path","id""#).as_str(), InvalidRequest),
            (Operation::Validate, 422, fault(r#""body","organization_id""#).as_str(), Config),
            (Operation::List, 422, fault(r#""query","organization_id","uuid""#).as_str(), Config),
            (Operation::Validate, 422, fault(r#""body",7"#).as_str(), InvalidRequest),
            (Operation::Validate, 422, r#"{"error":"RequestValidationError","detail":7}"#, InvalidRequest),
        ] {
            assert_eq!(kind(operation, status, body), Some(expected), "{operation} {status} {body}");
        }
    }

    #[test]
    fn a_rejected_value_is_named_without_what_was_sent() {
        let body = r#"{"error":"RequestValidationError","detail":[{"type":"missing","loc":["body","label"],"msg":"Field required","input":{"key":"SECRET"}},{"type":"x","loc":["body","meta","k","constrained-str"],"msg":"n","input":"SECRET"}]}"#;
        let body = error_body(body.as_bytes()).unwrap();
        assert_eq!(body.sentence().unwrap(), "body.label: Field required");
        let body = error_body(br#"{"error":"invalid_token","error_description":"expired"}"#).unwrap();
        assert_eq!(body.sentence().unwrap(), "expired");
    }
}
