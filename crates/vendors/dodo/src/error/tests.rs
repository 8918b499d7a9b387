use ErrorKind::{Config, Conflict, NotFound};
use Meaning::{General, Refusal, Unrecognized};
use RefusalReason::*;

use super::*;

fn read(operation: Operation, status: u16, body: &str) -> Meaning {
    meaning(operation, status, error_body(body.as_bytes()).as_ref())
}

#[test]
fn refusals_are_told_from_failures_by_operation_status_and_code() {
    let cases = [
        (
            Operation::Activate,
            404,
            r#"{"code":"NOT_FOUND","message":"License key not found"}"#,
            Refusal(UnknownKey),
        ),
        (Operation::Activate, 403, r#"{"code":"INACTIVE_LICENSE_KEY","message":"x"}"#, Refusal(Inactive)),
        (Operation::Activate, 403, r#"{"message":"License key is not active"}"#, Refusal(Inactive)),
        (
            Operation::Activate,
            422,
            r#"{"code":"LICENSE_KEY_LIMIT_REACHED"}"#,
            Refusal(ActivationLimitReached),
        ),
        (Operation::Activate, 409, r#"{"code":"ACTIVATION_LIMIT_REACHED"}"#, Refusal(ActivationLimitReached)),
        (
            Operation::Activate,
            422,
            r#"{"message":"License key activation limit reached"}"#,
            Refusal(ActivationLimitReached),
        ),
        (Operation::Activate, 422, r#"{"code":"INVALID_REQUEST_BODY","message":"missing field"}"#, General),
        (Operation::Activate, 403, "<html>Access denied</html>", Unrecognized),
        (Operation::Activate, 422, "", Unrecognized),
        (Operation::Activate, 403, r#"{"message":"Forbidden"}"#, Unrecognized),
        (
            Operation::Activate,
            403,
            r#"{"code":"URL_BLOCKED","message":"License key is not active"}"#,
            Unrecognized,
        ),
        (Operation::Activate, 404, r#"{"code":"NOT_FOUND","message":"Route not found"}"#, Unrecognized),
        (Operation::Activate, 404, r#"{"code":"NOT_FOUND"}"#, Unrecognized),
        (Operation::Activate, 404, r#"{"message":"License key not found"}"#, Refusal(UnknownKey)),
        (Operation::Activate, 404, r#"{"message":"no Route matched with those values"}"#, Unrecognized),
        (Operation::Activate, 401, r#"{"message":"Unauthorized"}"#, Unrecognized),
        (Operation::Activate, 401, r#"{"code":"UNAUTHORIZED"}"#, General),
        (Operation::Activate, 500, r#"{"code":"INACTIVE_LICENSE_KEY"}"#, General),
        (Operation::Deactivate, 403, r#"{"code":"LICENSE_KEY_NOT_FOUND"}"#, Refusal(UnknownActivation)),
        (
            Operation::Deactivate,
            404,
            r#"{"code":"LICENSE_KEY_NOT_FOUND","message":"License key instance not found"}"#,
            Refusal(UnknownActivation),
        ),
        (
            Operation::Deactivate,
            404,
            r#"{"code":"NOT_FOUND","message":"Item not found"}"#,
            Refusal(UnknownKey),
        ),
        (Operation::Deactivate, 404, r#"{"code":"NOT_FOUND"}"#, Unrecognized),
        (Operation::Deactivate, 403, "", Unrecognized),
        (Operation::Deactivate, 403, r#"{"message":"Forbidden"}"#, Unrecognized),
        (Operation::Deactivate, 403, r#"{"code":"INACTIVE_LICENSE_KEY"}"#, Unrecognized),
        (
            Operation::Deactivate,
            403,
            r#"{"message":"License key instance not found or does not belong to this license key"}"#,
            Refusal(UnknownActivation),
        ),
        (Operation::Validate, 404, r#"{"code":"NOT_FOUND"}"#, Unrecognized),
        (Operation::Validate, 403, r#"{"code":"INACTIVE_LICENSE_KEY"}"#, Refusal(Inactive)),
        (Operation::Validate, 404, r#"{"code":"LICENSE_KEY_EXPIRED"}"#, Refusal(Expired)),
        (Operation::Validate, 403, r#"{"code":"LICENSE_KEY_REVOKED"}"#, Refusal(Revoked)),
        (Operation::Validate, 404, r#"{"code":"LICENSE_KEY_NOT_FOUND"}"#, Refusal(Unspecified)),
        (Operation::Validate, 403, r#"{"code":"LICENSE_KEY_INVALID"}"#, Refusal(Unspecified)),
        (Operation::Validate, 409, r#"{"code":"LICENSE_KEY_INVALID"}"#, Unrecognized),
        (Operation::Validate, 403, r#"{"message":"Forbidden"}"#, Unrecognized),
        (Operation::Validate, 422, r#"{"code":"INVALID_REQUEST_BODY"}"#, General),
        (Operation::Validate, 429, r#"{"code":"TOO_MANY_REQUESTS"}"#, General),
        (Operation::Get, 404, r#"{"code":"NOT_FOUND","message":"Item not found"}"#, NO_SUCH_KEY),
        (Operation::Get, 401, "<html>", General),
        (Operation::List, 401, "", General),
    ];
    for (operation, status, body, expected) in cases {
        assert_eq!(read(operation, status, body), expected, "{operation} {status} {body}");
    }
}

#[test]
fn the_sellers_mistakes_are_told_apart() {
    let kind = |operation, status, body| match read(operation, status, body) {
        Meaning::Failure(kind, _) => Some(kind),
        _ => None,
    };
    let subscription = r#"{"code":"NO_EXPIRY_ON_SUBSCRIPTION_LICENSE_KEYS"}"#;
    assert_eq!(kind(Operation::Update, 400, subscription), Some(Conflict));
    let seats = r#"{"code":"ACTIVATION_LIMIT_LESS_THAN_CURRENT_AMOUNT"}"#;
    assert_eq!(kind(Operation::Update, 422, seats), Some(Conflict));
    assert_eq!(kind(Operation::Create, 409, r#"{"code":"CONFLICT"}"#), Some(Conflict));
    assert_eq!(kind(Operation::Create, 404, r#"{"code":"NOT_FOUND"}"#), Some(NotFound));
    assert_eq!(kind(Operation::List, 410, ""), Some(Config));
    assert_eq!(kind(Operation::List, 404, r#"{"code":"NOT_FOUND"}"#), Some(Config));
    for (operation, status, body) in [
        (Operation::List, 404, "<html>"),
        (Operation::Validate, 404, "{}"),
        (Operation::Get, 404, r#"{"error":"Not Found"}"#),
        (Operation::Create, 409, r#"{"message":"Conflict"}"#),
    ] {
        assert_eq!(read(operation, status, body), Unrecognized, "{operation} {status} {body}");
    }
}

#[test]
fn answers_about_grants_are_told_apart() {
    let failure = |operation, status, body: &str| match grant_meaning(
        operation,
        status,
        error_body(body.as_bytes()).as_ref(),
    ) {
        Meaning::Failure(kind, _) => Some(kind),
        General | Unrecognized => None,
        refusal @ Refusal(_) => panic!("{refusal:?}"),
    };
    let vendors = r#"{"code":"NOT_FOUND","message":"Customer not found"}"#;
    let unauthorized = r#"{"code":"UNAUTHORIZED"}"#;
    for (operation, status, body, expected) in [
        (Operation::List, 404, vendors, Some(NotFound)),
        (Operation::List, 404, "<html>nothing here</html>", None),
        (Operation::Get, 404, "", None),
        (Operation::Update, 404, vendors, None),
        (Operation::List, 401, unauthorized, None),
        (Operation::List, 410, "", None),
        (FULFIL_GRANT, 409, r#"{"message":"Grant is not awaiting fulfillment"}"#, Some(Conflict)),
        (FULFIL_GRANT, 409, "", None),
        (FULFIL_GRANT, 404, vendors, None),
        (FULFIL_GRANT, 403, unauthorized, None),
        (FULFIL_GRANT, 500, vendors, None),
    ] {
        assert_eq!(failure(operation, status, body), expected, "{operation} {status} {body}");
    }
}

/// What a code means by itself, at each status of a client error that Dodo has.
#[test]
fn each_code_of_the_device_plane_is_known() {
    use Operation::{Activate, Deactivate, Validate};
    let with_code =
        |operation, status, code: &str| read(operation, status, &format!(r#"{{"code":"{code}"}}"#));
    for status in [400, 403, 404, 409, 422] {
        for (code, reason) in [
            ("INACTIVE_LICENSE_KEY", Inactive),
            ("LICENSE_KEY_LIMIT_REACHED", ActivationLimitReached),
            ("ACTIVATION_LIMIT_REACHED", ActivationLimitReached),
            ("LICENSE_KEY_EXPIRED", Expired),
            ("LICENSE_KEY_REVOKED", Revoked),
            ("LICENSE_KEY_INVALID", UnknownKey),
        ] {
            assert_eq!(with_code(Activate, status, code), Refusal(reason), "{status} {code}");
        }
        for code in
            ["INVALID_REQUEST_BODY", "INVALID_REQUEST_PARAMETERS", "UNAUTHORIZED", "MERCHANT_NOT_LIVE"]
        {
            for operation in [Activate, Deactivate, Validate] {
                assert_eq!(with_code(operation, status, code), General, "{operation} {status} {code}");
            }
        }
    }
    for status in [403, 404] {
        for (code, reason) in [
            ("INACTIVE_LICENSE_KEY", Inactive),
            ("LICENSE_KEY_EXPIRED", Expired),
            ("LICENSE_KEY_REVOKED", Revoked),
            ("LICENSE_KEY_NOT_FOUND", Unspecified),
            ("LICENSE_KEY_INVALID", Unspecified),
        ] {
            assert_eq!(with_code(Validate, status, code), Refusal(reason), "{status} {code}");
        }
    }
    assert_eq!(with_code(Activate, 404, "LICENSE_KEY_NOT_FOUND"), Refusal(UnknownKey));
    assert_eq!(with_code(Activate, 403, "LICENSE_KEY_NOT_FOUND"), Unrecognized);
    assert_eq!(with_code(Deactivate, 404, "LICENSE_KEY_NOT_FOUND"), Refusal(UnknownKey));
    assert_eq!(with_code(Deactivate, 404, "LICENSE_KEY_INVALID"), Refusal(UnknownKey));
    assert_eq!(with_code(Deactivate, 403, "LICENSE_KEY_INVALID"), Unrecognized);
}

#[test]
fn each_sentence_of_an_activation_is_known_without_its_code() {
    for (sentence, reason) in [
        ("License key is not active", Inactive),
        ("License key cannot be activated (inactive)", Inactive),
        ("License key activation limit reached", ActivationLimitReached),
    ] {
        let body = format!(r#"{{"message":"{sentence}"}}"#);
        assert_eq!(read(Operation::Activate, 403, &body), Refusal(reason), "{sentence}");
        assert_eq!(read(Operation::Validate, 403, &body), Unrecognized, "{sentence}");
    }
}
