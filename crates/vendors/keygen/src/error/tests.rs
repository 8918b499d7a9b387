use Operation::{Activations, Get, List};

use super::*;

const REFUSED: fn(RefusalReason) -> Meaning = Meaning::Refusal;

#[track_caller]
fn check(cases: &[(Operation, u16, &str, Meaning)]) {
    for (operation, status, body, expected) in cases {
        let read = errors(body.as_bytes());
        assert_eq!(meaning(*operation, *status, read.as_ref()), *expected, "{operation} {status} {body}");
    }
}

fn body(title: &str, detail: &str, code: Option<&str>) -> String {
    let code = code.map(|code| format!(r#","code":"{code}""#)).unwrap_or_default();
    format!(r#"{{"meta":{{"id":"r-1"}},"errors":[{{"title":"{title}","detail":"{detail}"{code}}}]}}"#)
}

#[test]
fn credentials_of_a_license_are_refused_and_those_of_the_seller_fail() {
    let unauthorized =
        body("Unauthorized", "You must be authenticated to complete the request", Some("LICENSE_INVALID"));
    let suspended = body("Access denied", "License is suspended", Some("LICENSE_SUSPENDED"));
    let banned = body("Access denied", "License is banned", Some("LICENSE_BANNED"));
    let expired = body("Access denied", "License is expired", Some("LICENSE_EXPIRED"));
    let not_allowed = body(
        "Access denied",
        "License key authentication is not allowed by policy",
        Some("LICENSE_NOT_ALLOWED"),
    );
    let token =
        body("Unauthorized", "You must be authenticated to complete the request", Some("TOKEN_INVALID"));
    let permission = body("Access denied", "You do not have permission to complete the request", None);
    check(&[
        (Activate, 401, &unauthorized, REFUSED(UnknownKey)),
        (Deactivate, 401, &unauthorized, REFUSED(UnknownKey)),
        (Get, 401, &unauthorized, Meaning::General),
        (Get, 403, &suspended, Meaning::General),
        (List, 403, &banned, Meaning::General),
        (Update, 403, &expired, Meaning::General),
        (Deactivate, 403, &suspended, REFUSED(Disabled)),
        (Activate, 403, &banned, REFUSED(Disabled)),
        (Deactivate, 403, &expired, REFUSED(Expired)),
        (Activate, 403, &not_allowed, NOT_ALLOWED),
        (List, 401, &token, Meaning::General),
        (List, 403, &permission, Meaning::General),
    ]);
}

#[test]
fn a_missing_record_is_known_by_its_kind() {
    let missing =
        |what: &str| body("Not found", &format!("The requested {what} 'x' was not found"), Some("NOT_FOUND"));
    let endpoint = body(
        "Not found",
        "The requested endpoint was not found (check your HTTP method, Accept header, and URL path)",
        Some("NOT_FOUND"),
    );
    check(&[
        (Deactivate, 404, &missing("machine"), REFUSED(UnknownActivation)),
        (Validate, 404, &missing("machine"), REFUSED(UnknownActivation)),
        (Renew, 404, &missing("machine"), REFUSED(UnknownActivation)),
        (Validate, 404, &missing("license"), REFUSED(UnknownKey)),
        (Get, 404, &missing("license"), NO_SUCH_RECORD),
        (Activations, 404, &missing("license"), NO_SUCH_RECORD),
        (RenameActivation, 404, &missing("machine"), NO_SUCH_RECORD),
        (Create, 404, &missing("policy"), NO_SUCH_RECORD),
        (Validate, 404, &missing("account"), UNKNOWN_ACCOUNT),
        (Deactivate, 404, &missing("product"), Meaning::Unrecognized),
        (Deactivate, 404, &endpoint, Meaning::Unrecognized),
        (Deactivate, 404, r#"{"errors":[{"code":"NOT_FOUND"}]}"#, Meaning::Unrecognized),
        (Get, 404, &missing("webhook"), Meaning::Unrecognized),
    ]);
}

#[test]
fn limits_and_conflicts_of_a_record_are_known_by_their_codes() {
    let record = |code: &str| body("Unprocessable resource", "has a fault", Some(code));
    let both = r#"{"errors":[{"title":"Unprocessable resource","detail":"is too long","code":"NAME_TOO_LONG"},{"title":"Unprocessable resource","detail":"machine count has exceeded maximum allowed for license (5)","code":"MACHINE_LIMIT_EXCEEDED"}]}"#;
    check(&[
        (Activate, 422, &record("MACHINE_LIMIT_EXCEEDED"), REFUSED(ActivationLimitReached)),
        (Activate, 422, both, REFUSED(ActivationLimitReached)),
        (Activate, 422, &record("MACHINE_CORE_LIMIT_EXCEEDED"), REFUSED(LimitExceeded)),
        (Activate, 422, &record("GROUP_MACHINE_LIMIT_EXCEEDED"), REFUSED(LimitExceeded)),
        (Activate, 422, &record("FINGERPRINT_TAKEN"), REFUSED(AlreadyActivated)),
        (Activate, 422, &record("LICENSE_NOT_FOUND"), REFUSED(UnknownKey)),
        (Activate, 422, &record("NAME_TOO_LONG"), Meaning::General),
        (Renew, 422, &record("MACHINE_HEARTBEAT_DEAD"), REFUSED(SeatExpired)),
        (Validate, 422, &record("USES_LIMIT_EXCEEDED"), REFUSED(UsageExceeded)),
        (Update, 422, &record("USES_LIMIT_EXCEEDED"), Meaning::General),
        (Update, 422, &record("MAX_MACHINES_INVALID"), Meaning::General),
        (Get, 422, &record("MACHINE_LIMIT_EXCEEDED"), Meaning::General),
        (
            Create,
            422,
            &record("KEY_TAKEN"),
            Meaning::Failure(ErrorKind::Conflict, "a key with this code exists already"),
        ),
    ]);
}

#[test]
fn a_code_of_a_record_has_its_meaning_at_its_operation_only() {
    let devices = &[Activate, Deactivate, Renew, Validate][..];
    for (code, known_at) in [
        ("MACHINE_LIMIT_EXCEEDED", &[Activate][..]),
        ("MACHINE_CORE_LIMIT_EXCEEDED", &[Activate]),
        ("MACHINE_MEMORY_LIMIT_EXCEEDED", &[Activate]),
        ("MACHINE_DISK_LIMIT_EXCEEDED", &[Activate]),
        ("GROUP_MACHINE_LIMIT_EXCEEDED", &[Activate]),
        ("FINGERPRINT_TAKEN", &[Activate]),
        ("LICENSE_NOT_FOUND", &[Activate]),
        ("MACHINE_HEARTBEAT_DEAD", devices),
        ("USES_LIMIT_EXCEEDED", &[Validate]),
        ("KEY_TAKEN", &[Create]),
        ("KEY_CONFLICT", &[Create]),
        ("ID_CONFLICT", &[Create]),
        ("OWNER_NOT_FOUND", &[Create]),
        ("POLICY_NOT_FOUND", &[Create]),
    ] {
        let body = body("Unprocessable resource", "has a fault", Some(code));
        for operation in [Activate, Create, Deactivate, Get, List, Renew, Update, Validate] {
            let is_known = meaning(operation, 422, errors(body.as_bytes()).as_ref()) != Meaning::General;
            assert_eq!(is_known, known_at.contains(&operation), "{code} at {operation}");
        }
    }
}

#[test]
fn configuration_faults_are_named() {
    let bad = |code: &str| body("Bad request", "is unsupported", Some(code));
    let plan =
        body("Payment required", "The request could not be completed", Some("ACCOUNT_ALU_LIMIT_EXCEEDED"));
    check(&[(Validate, 400, &bad("ENVIRONMENT_NOT_SUPPORTED"), NO_ENVIRONMENT)]);
    for (operation, status, body, kind) in [
        (Validate, 400, bad("INVALID_API_VERSION"), ErrorKind::Config),
        (Create, 402, plan, ErrorKind::PermissionDenied),
    ] {
        let found = meaning(operation, status, errors(body.as_bytes()).as_ref());
        assert!(matches!(found, Meaning::Failure(found, _) if found == kind), "{found:?}");
    }
}

#[test]
fn without_keygens_words_there_is_no_refusal() {
    let limit = body("Unprocessable resource", "limit", Some("MACHINE_LIMIT_EXCEEDED"));
    check(&[
        (Activate, 407, "", Meaning::General),
        (Activate, 408, "", Meaning::General),
        (Activate, 429, "", Meaning::General),
        (Activate, 429, r#"{"errors":[{"detail":"Slow down."}]}"#, Meaning::General),
        (Get, 401, r#"{"errors":[{"detail":"Who are you?"}]}"#, Meaning::Unrecognized),
        (Activate, 408, &limit, Meaning::General),
        (Activate, 429, &limit, Meaning::General),
        (Activate, 500, &limit, Meaning::General),
        (Activate, 200, &limit, Meaning::Unrecognized),
        (Activate, 404, &limit, Meaning::General),
        (Activate, 422, r#"{"errors":[]}"#, Meaning::Unrecognized),
        (Activate, 422, r#"{"errors":["MACHINE_LIMIT_EXCEEDED"]}"#, Meaning::Unrecognized),
        (Activate, 422, r#"{"code":"MACHINE_LIMIT_EXCEEDED"}"#, Meaning::Unrecognized),
        (Deactivate, 404, r#"{"message":"Not Found"}"#, Meaning::Unrecognized),
        (Deactivate, 401, "<html>", Meaning::Unrecognized),
        (List, 401, "<html>", Meaning::General),
        (Validate, 502, "<html>", Meaning::General),
    ]);
}

#[test]
fn each_code_of_a_validation_has_a_meaning() {
    use CodeMeaning::{NamesNoFingerprint, NamesNoProduct, NamesTooLittle, Refused};
    for (word, alone, with_seat) in [
        ("NOT_FOUND", Refused(UnknownKey), Refused(UnknownKey)),
        ("SUSPENDED", Refused(Disabled), Refused(Disabled)),
        ("BANNED", Refused(Disabled), Refused(Disabled)),
        ("EXPIRED", Refused(Expired), Refused(Expired)),
        ("OVERDUE", Refused(CheckInOverdue), Refused(CheckInOverdue)),
        ("NO_MACHINE", Refused(ActivationRequired), Refused(UnknownActivation)),
        ("NO_MACHINES", Refused(ActivationRequired), Refused(UnknownActivation)),
        ("MACHINE_SCOPE_REQUIRED", Refused(ActivationRequired), NamesTooLittle),
        ("FINGERPRINT_SCOPE_REQUIRED", Refused(ActivationRequired), NamesNoFingerprint),
        ("PRODUCT_SCOPE_MISMATCH", Refused(WrongProduct), Refused(WrongProduct)),
        ("USER_SCOPE_MISMATCH", Refused(WrongCustomer), Refused(WrongCustomer)),
        ("ENVIRONMENT_SCOPE_MISMATCH", Refused(WrongEnvironment), Refused(WrongEnvironment)),
        ("MACHINE_SCOPE_MISMATCH", Refused(UnknownActivation), Refused(UnknownActivation)),
        ("FINGERPRINT_SCOPE_MISMATCH", Refused(UnknownActivation), Refused(UnknownActivation)),
        ("HEARTBEAT_NOT_STARTED", Refused(SeatExpired), Refused(SeatExpired)),
        ("HEARTBEAT_DEAD", Refused(SeatExpired), Refused(SeatExpired)),
        ("TOO_MANY_MACHINES", Refused(ActivationLimitReached), Refused(ActivationLimitReached)),
        ("TOO_MUCH_DISK", Refused(LimitExceeded), Refused(LimitExceeded)),
        ("PRODUCT_SCOPE_REQUIRED", NamesNoProduct, NamesNoProduct),
        ("POLICY_SCOPE_REQUIRED", NamesTooLittle, NamesTooLittle),
        ("A_WORD_OF_NEXT_YEAR", Refused(Unspecified), Refused(Unspecified)),
    ] {
        assert_eq!((code(word, false), code(word, true)), (alone, with_seat), "{word}");
    }
}
