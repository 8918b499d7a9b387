use Operation::{Activate, Activations, Deactivate, List, Validate};
use RefusalReason::{
    ActivationLimitReached, Disabled, Expired, Revoked, UnknownActivation, UnknownKey, Unspecified,
};

use super::*;

const REFUSED: fn(RefusalReason) -> Meaning = Meaning::Refusal;

#[track_caller]
fn check(cases: &[(Operation, u16, &str, Meaning)]) {
    for (operation, status, body, expected) in cases {
        let read = error_body(body.as_bytes());
        assert_eq!(meaning(*operation, *status, read.as_ref()), *expected, "{operation} {status} {body}");
    }
}

/// An error in the documented form. `message` is JSON, or empty for none.
fn error(status: u16, error: &str, message: &str) -> String {
    let message = if message.is_empty() { String::new() } else { format!(r#""message":{message},"#) };
    format!(
        r#"{{"trace_id":"550e8400-e29b-41d4-a716-446655440000","status":{status},"error":"{error}",{message}"timestamp":1706889600000}}"#
    )
}

/// The forms of the documentation, and the answer to a bad API key that others report of the live API.
#[test]
fn documented_bodies() {
    let invalid = error(400, "Bad Request", r#"["key must be a string","key should not be empty"]"#);
    let forbidden = error(403, "Forbidden", "");
    let limited =
        r#"{"error":{"code":"rate_limit_exceeded","message":"Too many requests","retry_after":45}}"#;
    let unknown = error(404, "Bad Request", r#"["Resource not found."]"#);
    let gone = error(410, "Gone", "");
    let before = error(409, "Conflict", "");
    let missing = error(401, "Unauthorized", "");
    let failed = error(500, "Internal Server Error", "");
    for operation in [Activate, Validate, Deactivate, List, Activations] {
        check(&[
            (operation, 400, &invalid, Meaning::General),
            (operation, 401, &missing, Meaning::General),
            (operation, 403, &forbidden, NO_ACCESS),
            (operation, 429, limited, Meaning::General),
            (operation, 500, &failed, Meaning::General),
        ]);
    }
    check(&[
        (Activate, 404, &unknown, REFUSED(UnknownKey)),
        (Validate, 404, &unknown, REFUSED(Unspecified)),
        (Deactivate, 404, &unknown, REFUSED(Unspecified)),
        (List, 404, &unknown, NO_SUCH_CUSTOMER),
        (Activations, 404, &unknown, NO_SUCH_KEY),
        (Activate, 410, &gone, REFUSED(Unspecified)),
        (Validate, 410, &gone, REFUSED(Unspecified)),
        (Deactivate, 410, &gone, REFUSED(Unspecified)),
        (List, 410, &gone, Meaning::General),
        (Validate, 409, &before, REFUSED(UnknownActivation)),
        (Deactivate, 409, &before, REFUSED(UnknownActivation)),
        (Activate, 409, &before, Meaning::General),
    ]);
}

#[test]
fn a_message_decides_between_the_meanings_of_a_status() {
    for (operation, status, message, expected) in [
        (Activate, 403, "License activation limit reached", REFUSED(ActivationLimitReached)),
        (Activate, 400, "Activation LIMIT of the key is reached", REFUSED(ActivationLimitReached)),
        (Activate, 403, "Rate limit of the API key", NO_ACCESS),
        (Validate, 403, "License activation limit reached", NO_ACCESS),
        (Deactivate, 403, "License activation limit reached", NO_ACCESS),
        (Validate, 404, "License not found", REFUSED(UnknownKey)),
        (Validate, 404, "License key not found", REFUSED(UnknownKey)),
        (Validate, 404, "License instance not found", REFUSED(UnknownActivation)),
        (Deactivate, 404, "Instance not found", REFUSED(UnknownActivation)),
        (Activate, 404, "Instance not found", REFUSED(UnknownKey)),
        (Validate, 404, "Cannot POST /v2/licenses/validate", Meaning::Unrecognized),
        (List, 404, "Cannot GET /v2/customers/cust_1/licenses", Meaning::Unrecognized),
        (Validate, 410, "License is expired", REFUSED(Expired)),
        (Activate, 410, "The license has EXPIRED.", REFUSED(Expired)),
        (Validate, 410, "License is disabled", REFUSED(Disabled)),
        (Validate, 410, "License was revoked", REFUSED(Revoked)),
        (Validate, 410, "License instance is deactivated", REFUSED(UnknownActivation)),
        (Validate, 410, "Not here any more", REFUSED(Unspecified)),
    ] {
        for json in [format!(r#""{message}""#), format!(r#"["{message}"]"#)] {
            check(&[(operation, status, &error(status, "Error", &json), expected.clone())]);
        }
    }
}

#[test]
fn without_the_vendors_form_there_is_no_refusal() {
    let trace = r#""trace_id":"550e8400-e29b-41d4-a716-446655440000""#;
    for body in [
        String::new(),
        "<html>".to_owned(),
        "null".to_owned(),
        r#"{"status":404,"error":"Not Found","message":["License not found"],"timestamp":1}"#.to_owned(),
        format!(r#"{{{trace},"error":"Not Found","message":["License not found"]}}"#),
        format!(r#"{{{trace},"status":400,"message":["License not found"]}}"#),
        format!(r#"{{{trace},{trace},"status":404}}"#),
        format!(r#"[{{{trace},"status":404}}]"#),
        r#"{"trace_id":" ","status":404}"#.to_owned(),
        r#"{"trace_id":null,"status":404}"#.to_owned(),
        r#"{"statusCode":404,"message":"License not found","error":"Not Found"}"#.to_owned(),
    ] {
        for operation in [Activate, Validate, Deactivate, List, Activations] {
            check(&[(operation, 404, &body, Meaning::Unrecognized)]);
        }
    }
    check(&[
        (Activate, 403, r#"{"error":"License expired","message":"limit"}"#, Meaning::Unrecognized),
        (Validate, 401, r#"{"message":"Unauthorized"}"#, Meaning::Unrecognized),
        (List, 401, r#"{"message":"Unauthorized"}"#, Meaning::General),
        (Validate, 409, r#"{"error":"conflict"}"#, Meaning::Unrecognized),
        (Validate, 410, r#"{"error":"gone"}"#, Meaning::Unrecognized),
        (Validate, 200, &error(200, "OK", ""), Meaning::Unrecognized),
    ]);
}

#[test]
fn a_failure_is_never_a_refusal() {
    for status in [302, 401, 407, 408, 429, 500, 502, 503] {
        let body = error(status, "Error", r#"["License activation limit reached"]"#);
        for operation in [Activate, Validate, Deactivate] {
            check(&[(operation, status, &body, Meaning::General)]);
        }
    }
}

#[test]
fn the_words_are_the_first_message_or_the_name_of_the_status() {
    for (message, expected) in [
        (r#"["first","second"]"#, Some("first")),
        (r#""alone""#, Some("alone")),
        ("", Some("Gone")),
        ("[]", Some("Gone")),
        (r#"{"text":"odd"}"#, Some("Gone")),
        ("[7]", Some("Gone")),
    ] {
        let body = error(410, "Gone", message);
        let read = error_body(body.as_bytes()).unwrap();
        assert_eq!(read.words(), expected, "{message}");
    }
}
