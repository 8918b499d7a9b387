use Operation::{Activate, Activations, Deactivate, Get, List, Update, Validate};
use RefusalReason::{ActivationLimitReached, Disabled, Expired, UnknownActivation, UnknownKey, Unspecified};

use super::*;

const REFUSED: fn(RefusalReason) -> Meaning = Meaning::Refusal;

#[track_caller]
fn check(cases: &[(Operation, u16, &str, Meaning)]) {
    for (operation, status, body, expected) in cases {
        let read = answer_body(body.as_bytes());
        assert_eq!(meaning(*operation, *status, read.as_ref()), *expected, "{operation} {status} {body}");
    }
}

/// A key in an answer, with its status, limit and usage.
fn key(status: &str, limit: &str, usage: u32) -> String {
    format!(
        r#""license_key":{{"id":1,"status":"{status}","key":"80e15db5","activation_limit":{limit},"activation_usage":{usage},"created_at":"2021-01-24T14:15:07.000000Z","expires_at":null,"test_mode":false}}"#
    )
}

#[test]
fn bodies_that_were_seen_in_the_field() {
    let disabled =
        format!(r#"{{"valid":false,"error":"This license key is disabled.",{}}}"#, key("disabled", "1", 1));
    let full = format!(
        r#"{{"activated":false,"error":"This license key has reached the activation limit.",{}}}"#,
        key("active", "1", 1)
    );
    let former = format!(
        r#"{{"activated":false,"error":"License key activation limit reached.",{}}}"#,
        key("active", "1", 5)
    );
    let expired =
        format!(r#"{{"valid":false,"error":"This license key is expired.",{}}}"#, key("expired", "1", 1));
    check(&[
        (
            Validate,
            404,
            r#"{"valid":false,"error":"license_key not found.","license_key":null,"instance":null,"meta":null}"#,
            REFUSED(UnknownKey),
        ),
        (Validate, 404, r#"{"valid":false,"error":"license_key not found."}"#, REFUSED(UnknownKey)),
        (Activate, 404, r#"{"activated":false,"error":"license_key not found."}"#, REFUSED(UnknownKey)),
        (
            Deactivate,
            404,
            r#"{"deactivated":false,"error":"license_key_instance not found."}"#,
            REFUSED(UnknownActivation),
        ),
        (Validate, 400, &disabled, REFUSED(Disabled)),
        (Validate, 400, &expired, REFUSED(Expired)),
        (Activate, 400, &full, REFUSED(ActivationLimitReached)),
        (Activate, 400, &former, REFUSED(ActivationLimitReached)),
        (
            Activate,
            422,
            r#"{"message":"The license key field is required.","errors":{"license_key":["The license key field is required."]}}"#,
            Meaning::General,
        ),
        (Validate, 429, r#"{"message":"Too Many Attempts."}"#, Meaning::General),
        (
            List,
            401,
            r#"{"jsonapi":{"version":"1.0"},"errors":[{"detail":"Unauthenticated.","status":"401","title":"Unauthorized"}]}"#,
            Meaning::General,
        ),
        (
            Get,
            404,
            r#"{"jsonapi":{"version":"1.0"},"errors":[{"detail":"…","status":"404","title":"Not Found"}]}"#,
            NO_SUCH_KEY,
        ),
        (Activations, 404, r#"{"errors":[{"status":"404","title":"Not Found"}]}"#, NO_SUCH_KEY),
        (
            Update,
            422,
            r#"{"errors":[{"detail":"…","status":"422","source":{"pointer":"/data/attributes/expires_at"}}]}"#,
            Meaning::General,
        ),
    ]);
}

#[test]
fn status_and_numbers_come_before_the_sentence() {
    let no = |key: &str, sentence: &str| {
        format!(r#"{{"activated":false,"valid":false,"error":"{sentence}",{key}}}"#)
    };
    let next_year = "A sentence of next year.";
    check(&[
        (Activate, 400, &no(&key("disabled", "1", 1), next_year), REFUSED(Disabled)),
        (Validate, 400, &no(&key("Expired", "1", 0), next_year), REFUSED(Expired)),
        (Activate, 400, &no(&key("active", "3", 3), next_year), REFUSED(ActivationLimitReached)),
        (
            Activate,
            400,
            &no(&key("active", "3", 2), "License key activation limit reached."),
            REFUSED(ActivationLimitReached),
        ),
        (Activate, 400, &no(&key("active", "null", 9), next_year), REFUSED(Unspecified)),
        (Validate, 400, &no(&key("active", "3", 3), next_year), REFUSED(Unspecified)),
        (Validate, 200, &no(&key("disabled", "3", 3), ""), REFUSED(Disabled)),
        (
            Validate,
            404,
            &no(&key("disabled", "3", 3), "license_key_instance not found."),
            REFUSED(UnknownActivation),
        ),
        (Validate, 404, &no(&key("active", "3", 3), next_year), REFUSED(UnknownActivation)),
    ]);
}

#[test]
fn without_the_operations_own_flag_there_is_no_refusal() {
    check(&[
        (Validate, 404, r#"{"activated":false,"error":"license_key not found."}"#, Meaning::Unrecognized),
        (Validate, 404, r#"{"error":"license_key not found."}"#, Meaning::Unrecognized),
        (Validate, 404, r#"{"valid":null,"error":"license_key not found."}"#, Meaning::Unrecognized),
        (Validate, 404, r#"{"valid":true,"error":"license_key not found."}"#, Meaning::Unrecognized),
        (Validate, 400, r#"{"valid":false}"#, Meaning::Unrecognized),
        (Validate, 404, r#"{"valid":false,"error":"Not found"}"#, Meaning::Unrecognized),
        (Validate, 403, r#"{"valid":false,"error":"license_key not found."}"#, Meaning::Unrecognized),
        (
            Activate,
            404,
            r#"{"activated":false,"error":"license_key_instance not found."}"#,
            Meaning::Unrecognized,
        ),
        (Validate, 422, r#"{"message":"Unprocessable"}"#, Meaning::Unrecognized),
        (Validate, 404, r#"[{"valid":false,"error":"license_key not found."}]"#, Meaning::Unrecognized),
        (
            Validate,
            404,
            r#"{"valid":false,"valid":false,"error":"license_key not found."}"#,
            Meaning::Unrecognized,
        ),
        (Validate, 404, "<html>", Meaning::Unrecognized),
    ]);
}

#[test]
fn a_failure_is_never_a_refusal() {
    let disabled =
        format!(r#"{{"valid":false,"error":"This license key is disabled.",{}}}"#, key("disabled", "1", 1));
    check(&[
        (Validate, 408, &disabled, Meaning::General),
        (Validate, 429, &disabled, Meaning::General),
        (Validate, 500, &disabled, Meaning::General),
        (Validate, 503, &disabled, Meaning::General),
        (Validate, 401, &disabled, Meaning::Unrecognized),
        (Validate, 302, &disabled, Meaning::General),
        (Get, 404, r#"{"message":"Not Found"}"#, Meaning::Unrecognized),
        (Get, 404, r#"{"errors":[{"status":"401"}]}"#, Meaning::Unrecognized),
        (List, 404, r#"{"errors":[{"status":"404","title":"Not Found"}]}"#, Meaning::General),
        (List, 403, r#"{"message":"Forbidden"}"#, Meaning::Unrecognized),
        (Update, 415, r#"{"errors":[{"status":"415"}]}"#, Meaning::General),
    ]);
}

#[test]
fn a_success_without_its_document_is_no_answer() {
    for operation in [Get, List, Update, Activations, Validate, Activate, Deactivate] {
        check(&[
            (operation, 201, r#"{"data":[]}"#, Meaning::Unrecognized),
            (operation, 204, "", Meaning::Unrecognized),
        ]);
    }
    check(&[
        (Get, 200, "<html>", Meaning::Unrecognized),
        (List, 200, r#"{"jsonapi":{}}"#, Meaning::Unrecognized),
    ]);
}

#[test]
fn the_sentence_is_enough_without_the_key_but_not_with_a_404() {
    let answer = |sentence: &str| format!(r#"{{"activated":false,"valid":false,"error":"{sentence}"}}"#);
    for (sentence, reason) in [
        ("This license key is disabled.", Disabled),
        ("This license key is expired.", Expired),
        ("This license key has expired.", Expired),
    ] {
        check(&[
            (Validate, 400, &answer(sentence), REFUSED(reason)),
            (Activate, 400, &answer(sentence), REFUSED(reason)),
            (Validate, 404, &answer(sentence), Meaning::Unrecognized),
        ]);
    }
    let full =
        format!(r#"{{"activated":false,"error":"A sentence of next year.",{}}}"#, key("active", "1", 1));
    check(&[(Activate, 404, &full, Meaning::Unrecognized)]);
    let limit = answer("This license key has reached the activation limit.");
    check(&[
        (Activate, 400, &limit, REFUSED(ActivationLimitReached)),
        (Validate, 400, &limit, Meaning::Unrecognized),
    ]);
}

#[test]
fn the_first_error_of_a_list_says_what_is_wrong() {
    for (body, words) in [
        (r#"{"errors":[{"detail":"a","title":"b"},{"detail":"c"}],"message":"d"}"#, Some("a")),
        (r#"{"errors":[{"title":"b"}],"message":"d"}"#, Some("b")),
        (r#"{"errors":[{}],"message":"d"}"#, Some("d")),
        (r#"{"errors":{"field":["a"]},"message":"d"}"#, Some("d")),
        (r#"{"error":"e","message":"d"}"#, Some("e")),
        (r#"{"valid":false}"#, None),
    ] {
        assert_eq!(answer_body(body.as_bytes()).unwrap().words(), words, "{body}");
    }
}
