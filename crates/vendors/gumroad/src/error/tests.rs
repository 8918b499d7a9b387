use ErrorKind::{Conflict, NotFound, PermissionDenied, Unavailable};
use Operation::{Get, List, Rotate, Update, Validate};
use RefusalReason::{Disabled, Revoked, UnknownKey};

use super::*;

/// What an answer comes to.
#[derive(Debug, PartialEq)]
enum Is {
    Refusal(RefusalReason),
    Failure(ErrorKind),
    General,
    Unrecognized,
}

use Is::{Failure, General, Refusal, Unrecognized};

impl From<Meaning> for Is {
    fn from(meaning: Meaning) -> Self {
        match meaning {
            Meaning::Refusal(reason) => Refusal(reason),
            Meaning::Failure(kind, _) => Failure(kind),
            Meaning::General => General,
            Meaning::Unrecognized => Unrecognized,
        }
    }
}

#[track_caller]
fn check(cases: &[(Operation, u16, &str, Is)]) {
    for (operation, status, body, expected) in cases {
        let read = error_body(body.as_bytes());
        let found = Is::from(meaning(*operation, *status, read.as_ref(), true));
        assert_eq!(found, *expected, "{operation} {status} {body}");
    }
}

const UNKNOWN_KEY: &str =
    r#"{"success":false,"message":"That license does not exist for the provided product."}"#;
const ACCESS_REVOKED: &str =
    r#"{"success":false,"message":"Access to the purchase associated with this license has expired."}"#;
const KEY_DISABLED: &str = r#"{"success":false,"message":"This license key has been disabled."}"#;
const ODD_PARAMETER: &str = r#"{"success":false,"message":"The 'license_key' parameter must be a string."}"#;
const PRODUCT_MISSING: &str = r#"{"success":false,"message":"The 'product_id' parameter is required to verify the license for this product. Please set 'product_id' to '32-nPAicqbLj8B_WswVlMw==' in the request."}"#;
const NOT_THE_OWNER: &str = r#"{"success":false,"error":"Not found"}"#;
const SALE_MISSING: &str = r#"{"success":false,"message":"The sale was not found."}"#;

#[test]
fn the_bodies_of_a_verification() {
    check(&[
        (Validate, 404, UNKNOWN_KEY, Refusal(UnknownKey)),
        (Validate, 404, ACCESS_REVOKED, Refusal(Revoked)),
        (Validate, 404, KEY_DISABLED, Refusal(Disabled)),
        (Validate, 400, ODD_PARAMETER, General),
        (Validate, 500, PRODUCT_MISSING, General),
        (Validate, 429, "", General),
    ]);
}

#[test]
fn the_bodies_of_a_change() {
    for operation in [Update, Rotate] {
        check(&[
            (operation, 401, "", General),
            (operation, 401, r#"{"error":"invalid_token"}"#, General),
            (operation, 403, "", Failure(PermissionDenied)),
            (operation, 403, r#"{"error":"insufficient_scope"}"#, Failure(PermissionDenied)),
            (operation, 404, UNKNOWN_KEY, Failure(NotFound)),
            (operation, 404, ACCESS_REVOKED, Failure(Conflict)),
            (operation, 404, NOT_THE_OWNER, Failure(NotFound)),
            (operation, 404, KEY_DISABLED, Unrecognized),
            (operation, 200, SALE_MISSING, Failure(NotFound)),
            (operation, 500, PRODUCT_MISSING, General),
        ]);
    }
}

#[test]
fn the_bodies_of_reading() {
    check(&[
        (Get, 200, SALE_MISSING, Failure(NotFound)),
        (Get, 200, r#"{"success":false,"message":"A sentence of next year."}"#, Unrecognized),
        (Get, 401, "", General),
        (Get, 403, "", Failure(PermissionDenied)),
        (Get, 404, NOT_THE_OWNER, Unrecognized),
        (List, 401, "", General),
        (List, 403, "", Failure(PermissionDenied)),
        (List, 400, r#"{"status":400,"error":"Invalid page_key."}"#, General),
        (List, 400, r#"{"status":400,"error":"Invalid product ID."}"#, General),
        (
            List,
            400,
            r#"{"status":400,"error":"Query timed out. Try narrowing your date range with 'after'/'before' or filtering by product_id."}"#,
            Failure(Unavailable),
        ),
        (List, 404, NOT_THE_OWNER, Unrecognized),
        (List, 200, SALE_MISSING, Unrecognized),
    ]);
}

#[test]
fn a_refusal_needs_the_whole_sentence_and_its_status() {
    let sentences = [UNKNOWN_KEY, ACCESS_REVOKED, KEY_DISABLED];
    for status in [200, 301, 400, 401, 403, 405, 407, 408, 410, 422, 429, 500, 502, 503] {
        for body in sentences {
            let read = error_body(body.as_bytes());
            let found = Is::from(meaning(Validate, status, read.as_ref(), true));
            assert!(!matches!(found, Refusal(_)), "{status} {body}");
        }
    }
    for body in sentences {
        for (from, to) in [
            (r#""success":false"#, r#""success":true"#),
            (r#""success":false,"#, ""),
            (r#""success":false"#, r#""success":null"#),
            (r#""message""#, r#""error""#),
            (".\"}", "\"}"),
            (".\"}", ". Really.\"}"),
            (r#"{"success""#, r#"[{"success""#),
        ] {
            let changed = body.replacen(from, to, 1);
            assert_ne!(changed, body);
            check(&[(Validate, 404, &changed, Unrecognized)]);
        }
    }
    check(&[
        (Validate, 404, "", Unrecognized),
        (Validate, 404, "<html>", Unrecognized),
        (Validate, 404, NOT_THE_OWNER, Unrecognized),
        (Validate, 404, SALE_MISSING, Unrecognized),
        (Validate, 404, r#"{"success":false,"message":"A sentence of next year."}"#, Unrecognized),
        (Validate, 401, "", Unrecognized),
        (Validate, 403, "", Unrecognized),
        (Validate, 400, "", Unrecognized),
        (List, 400, r#"{"error":"Invalid page_key."}"#, Unrecognized),
    ]);
}

#[test]
fn a_403_that_challenges_nobody_is_that_of_a_proxy() {
    for operation in [Get, List, Update, Rotate] {
        for body in [None, error_body(b"<html>").as_ref()] {
            assert_eq!(meaning(operation, 403, body, false), Meaning::Unrecognized);
            assert_eq!(meaning(operation, 401, body, false), Meaning::General);
        }
    }
}
