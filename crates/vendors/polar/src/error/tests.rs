use Meaning::{General, Refusal, Unrecognized};
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
        Refusal(_) | General | Unrecognized => None,
    }
}

#[test]
fn each_sentence_of_a_refusal_has_its_reason_on_either_status() {
    let refused = |operation: Operation, sentence: &str| {
        [(404, "ResourceNotFound"), (403, "NotPermitted"), (400, "BadRequest")].map(|(status, class)| {
            let body = format!(r#"{{"error":"{class}","detail":"{sentence}"}}"#);
            read(operation, status, &body)
        })
    };
    use Operation::{Activate, Deactivate, Validate};
    for (operation, sentence, reason) in [
        (Validate, "License key is no longer active.", Inactive),
        (Activate, "License key is no longer active. This license key can not be activated.", Inactive),
        (Validate, "License key has expired.", Expired),
        (Activate, "LICENSE KEY HAS EXPIRED", Expired),
        (Validate, "License key does not match required conditions", ConditionsMismatch),
        (Validate, "License key does not match given benefit.", WrongProduct),
        (Activate, "License key does not match given benefit.", WrongProduct),
        (Validate, "License key does not match given user.", WrongCustomer),
        (Validate, "License key only has 0 more usages.", UsageExceeded),
        (Validate, "License key only has -3 more usages.", UsageExceeded),
        (Activate, "License key activation limit already reached", ActivationLimitReached),
        (
            Activate,
            "This license key does not support activations. Use the /validate endpoint instead to check license validity.",
            ActivationsNotSupported,
        ),
    ] {
        let expected = || Refusal(reason);
        assert_eq!(refused(operation, sentence), [expected(), expected(), expected()], "{sentence}");
    }
    let unknown = || [Unrecognized, Unrecognized, Unrecognized];
    for (operation, sentence) in [
        (Validate, "A sentence of next year"),
        (Validate, ""),
        (Validate, "License key activation limit already reached"),
        (Activate, "License key only has 0 more usages."),
        (Deactivate, "License key has expired."),
    ] {
        assert_eq!(refused(operation, sentence), unknown(), "{operation} {sentence}");
    }
}

#[test]
fn not_found_is_about_the_key_on_the_device_plane_and_about_the_record_elsewhere() {
    for operation in [Operation::Validate, Operation::Activate, Operation::Deactivate] {
        assert_eq!(read(operation, 404, NOT_FOUND), Refusal(UnknownKey), "{operation}");
    }
    for operation in [Operation::Get, Operation::Update, Operation::Rotate, Operation::Activations] {
        assert_eq!(read(operation, 404, NOT_FOUND), NO_SUCH_KEY, "{operation}");
    }
    assert_eq!(read(Operation::List, 404, NOT_FOUND), General);
    let forbidden = r#"{"error":"NotPermitted","detail":"Not found"}"#;
    assert_eq!(read(Operation::Validate, 403, forbidden), Unrecognized);
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
fn a_401_without_polars_words_is_about_the_credential_only_where_one_is_sent() {
    for body in ["", "<html>", r#"{"detail":"Not authenticated"}"#] {
        for operation in [Operation::List, Operation::Get, Operation::Update] {
            assert_eq!(read(operation, 401, body), General, "{operation} {body}");
        }
        for operation in [Operation::Validate, Operation::Activate, Operation::Deactivate] {
            assert_eq!(read(operation, 401, body), Unrecognized, "{operation} {body}");
        }
    }
}

#[test]
fn failures_say_whose_fault_they_are() {
    use ErrorKind::{Config, Conflict, InvalidRequest, PermissionDenied, Unauthenticated};
    let invalid_token = r#"{"error":"invalid_token","error_description":"The access token provided is expired, revoked, malformed, or invalid for other reasons."}"#;
    let scope = r#"{"error":"insufficient_scope","error_description":"The request requires higher privileges than provided by the access token."}"#;
    let permission =
        r#"{"error":"NotPermitted","detail":"You don't have Permission to manage license keys"}"#;
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
        (Operation::Update, 403, permission, PermissionDenied),
        (Operation::Validate, 403, permission, PermissionDenied),
        (Operation::Rotate, 400, rotate, Conflict),
        (Operation::List, 404, r#"{"detail":"Not Found"}"#, Config),
        (Operation::Validate, 404, r#"{"detail":"Not Found"}"#, Config),
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
