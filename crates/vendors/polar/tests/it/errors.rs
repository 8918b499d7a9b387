//! Polar's own error bodies, both its 401s among them, with every status, on every call of every plane.

use std::sync::Arc;

use anykey_core::{ErrorKind, KeyCode, LicenseProvider, RefusalReason};
use anykey_http::Pacer;
use anykey_polar::PolarProvider;
use anykey_test_calls::{Arguments, Call, Expected};
use anykey_testkit::transport::{Answer, ScriptedTransport};

use crate::support::{ORGANIZATION, PLAIN_BENEFIT, SEAT};

const CODE: &str = "PLANTED-4f1c9d27-CODE";
const EMAIL: &str = "planted.buyer@example.com";
const ID: &str = "508176f7-065a-4b5d-b524-4e9c8a11ed63";

const BODIES: [(u16, &str); 25] = [
    (400, r#"{"error":"BadRequest","detail":"License key only has 3 more usages."}"#),
    (400, r#"{"error":"RotateNotPermitted","detail":"License key cannot be rotated."}"#),
    (401, r#"{"error":"Unauthorized","detail":"Unauthorized"}"#),
    (
        401,
        r#"{"error":"invalid_token","error_description":"The access token provided is expired, revoked, malformed, or invalid for other reasons."}"#,
    ),
    (
        403,
        r#"{"error":"insufficient_scope","error_description":"The request requires higher privileges than provided by the access token."}"#,
    ),
    (
        403,
        r#"{"error":"NotPermitted","detail":"License key is no longer active. This license key can not be activated."}"#,
    ),
    (403, r#"{"error":"NotPermitted","detail":"License key activation limit already reached"}"#),
    (403, r#"{"error":"NotPermitted","detail":"A sentence of next year about PLANTED-4f1c9d27-CODE"}"#),
    (404, r#"{"error":"ResourceNotFound","detail":"License key has expired."}"#),
    (404, r#"{"error":"ResourceNotFound","detail":"Not found"}"#),
    (404, r#"{"detail":"Not Found"}"#),
    (405, r#"{"detail":"Method Not Allowed"}"#),
    (408, r#"{"detail":"Request Timeout"}"#),
    (409, r#"{"error":"Conflict","detail":"planted.buyer@example.com"}"#),
    (411, r#"{"error":"LengthRequired","detail":"A Content-Length header is required."}"#),
    (413, r#"{"error":"RequestBodyTooLarge","detail":"Request body exceeded the maximum allowed size."}"#),
    (
        422,
        r#"{"error":"RequestValidationError","detail":[{"type":"missing","loc":["body","label"],"msg":"Field required","input":{"key":"PLANTED-4f1c9d27-CODE"}}]}"#,
    ),
    (
        422,
        r#"{"error":"RequestValidationError","detail":[{"type":"uuid_parsing","loc":["path","id"],"msg":"Input should be a valid UUID","input":"PLANTED-4f1c9d27-CODE"}]}"#,
    ),
    (422, r#"{"detail":"License key has expired."}"#),
    (429, ""),
    (429, r#"{"error":"ResourceNotFound","detail":"License key has expired."}"#),
    (500, "Internal Server Error"),
    (503, r#"{"error":"ResourceNotFound","detail":"License key has expired."}"#),
    (404, r#"{"error":["ResourceNotFound"],"detail":"License key has expired."}"#),
    (404, r#"{"error":"ResourceNotFound","error":"ResourceNotFound","detail":"License key has expired."}"#),
];

fn expected(call: Call, status: u16, body: &str) -> Expected {
    use RefusalReason::{ActivationLimitReached, Expired, Inactive, UsageExceeded};
    let has = |text: &str| body.contains(text);
    let failed = Expected::final_failure;
    let is_odd = has("[\"ResourceNotFound\"]") || body.matches("\"error\"").count() > 1;
    let (validates, activates) =
        (matches!(call, Call::Validate | Call::ValidateSeat | Call::ValidateCounted), call == Call::Activate);
    match status {
        400 if has("RotateNotPermitted") => failed(ErrorKind::Conflict),
        401 => failed(ErrorKind::Unauthenticated),
        403 if has("insufficient_scope") => failed(ErrorKind::PermissionDenied),
        404 if is_odd => Expected::unrecognized(),
        404 if !has("ResourceNotFound") => failed(ErrorKind::Config),
        400 | 403 | 404 if call.is_of_the_device_plane() => {
            let given = [
                ("more usages", UsageExceeded, validates),
                ("no longer active", Inactive, validates || activates),
                ("limit already reached", ActivationLimitReached, activates),
                ("has expired", Expired, validates || activates),
            ];
            match given.iter().find(|(text, ..)| has(text)) {
                Some((_, reason, true)) => Expected::refused(*reason),
                None if has("Not found") => unknown(call),
                _ => Expected::unrecognized(),
            }
        }
        403 => failed(ErrorKind::PermissionDenied),
        404 => failed(ErrorKind::NotFound),
        408 => Expected::again_if_harmless(call, ErrorKind::Timeout),
        409 => Expected::unrecognized(),
        422 if !has("RequestValidationError") => Expected::unrecognized(),
        429 => Expected::rate_limited(),
        500.. => Expected::again_if_harmless(call, ErrorKind::Unavailable),
        _ => failed(ErrorKind::InvalidRequest),
    }
}

/// "Not found" with an activation may mean either, so the key alone is asked about as well.
fn unknown(call: Call) -> Expected {
    let asked = Expected::refused(RefusalReason::UnknownKey);
    match call {
        Call::ValidateSeat | Call::Deactivate => Expected { sent: 2, ..asked },
        _ => asked,
    }
}

#[derive(Clone, Copy, Debug)]
enum Plane {
    Public,
    Portal,
    Organization,
}

impl Plane {
    fn provider(self, transport: &ScriptedTransport) -> Arc<dyn LicenseProvider> {
        let builder = PolarProvider::builder(ORGANIZATION)
            .transport(Arc::new(transport.clone()))
            .device_pacer(Pacer::unlimited())
            .management_pacer(Pacer::unlimited());
        let builder = match self {
            Self::Public => builder,
            Self::Portal => builder.session_token("polar_cst_1"),
            Self::Organization => builder.token("polar_oat_1"),
        };
        Arc::new(builder.build().unwrap())
    }
}

#[tokio::test(start_paused = true)]
async fn the_vendors_own_errors_are_read_by_operation_status_and_class() {
    let mut wrong = Vec::new();
    for (status, body) in BODIES {
        for plane in [Plane::Public, Plane::Portal, Plane::Organization] {
            let transport = || ScriptedTransport::from_fn(move |_| Answer::json(status, body));
            for call in Call::supported_by(&*plane.provider(&transport())) {
                let transport = transport();
                let about = Arguments::new(ID, KeyCode::parse(CODE).unwrap(), SEAT, ID, PLAIN_BENEFIT);
                let observed = call.run(&*plane.provider(&transport), &about).await;
                assert!(!observed.printed.contains(CODE) && !observed.printed.contains(EMAIL));
                let found = observed.after(transport.requests().len());
                let expected = expected(call, status, body);
                if found != expected {
                    wrong.push(format!(
                        "{status} {body} | {plane:?} | {call:?}:\n    expected {expected:?}\n    found    {found:?}\n    {}",
                        observed.printed
                    ));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
