//! Dodo's own error bodies, with every status, on every call of every plane.

use std::sync::Arc;

use anykey_core::{ErrorKind, KeyCode, LicenseProvider, RefusalReason};
use anykey_dodo::{DodoProvider, LicenseKeysApi};
use anykey_http::Pacer;
use anykey_test_calls::{Arguments, Call, Expected};
use anykey_testkit::transport::{Answer, ScriptedTransport};

const CODE: &str = "PLANTED-4f1c9d27-CODE";
const EMAIL: &str = "planted.buyer@example.com";

const BODIES: [(u16, &str); 22] = [
    (400, r#"{"code":"INVALID_REQUEST_PARAMETERS","message":"PLANTED-4f1c9d27-CODE is no key"}"#),
    (400, r#"{"code":"NO_EXPIRY_ON_SUBSCRIPTION_LICENSE_KEYS","message":"Cannot set expiry date"}"#),
    (401, r#"{"code":"UNAUTHORIZED","message":"You are not authorised to perform this action"}"#),
    (403, r#"{"code":"INACTIVE_LICENSE_KEY","message":"License key is not active"}"#),
    (403, r#"{"message":"License key is not active"}"#),
    (
        403,
        r#"{"code":"LICENSE_KEY_NOT_FOUND","message":"License key instance not found or does not belong to this license key"}"#,
    ),
    (404, r#"{"code":"NOT_FOUND","message":"License key PLANTED-4f1c9d27-CODE not found"}"#),
    (404, r#"{"code":"NOT_FOUND"}"#),
    (408, r#"{"code":"REQUEST_TIMEOUT"}"#),
    (409, r#"{"message":"planted.buyer@example.com has this key already"}"#),
    (411, r#"{"code":"LENGTH_REQUIRED"}"#),
    (413, r#"{"code":"PAYLOAD_TOO_LARGE"}"#),
    (422, r#"{"code":"LICENSE_KEY_LIMIT_REACHED","message":"License key activation limit reached"}"#),
    (422, r#"{"code":"INVALID_REQUEST_BODY","message":"missing field `name`"}"#),
    (422, r#"{"code":"ACTIVATION_LIMIT_LESS_THAN_CURRENT_AMOUNT"}"#),
    (429, r#"{"code":"TOO_MANY_REQUESTS"}"#),
    (429, r#"{"code":"INACTIVE_LICENSE_KEY"}"#),
    (500, r#"{"code":"INTERNAL_SERVER_ERROR"}"#),
    (500, r#"{"code":"INACTIVE_LICENSE_KEY","message":"License key is not active"}"#),
    (503, r#"{"code":"LICENSE_KEY_LIMIT_REACHED"}"#),
    (403, r#"{"code":7,"message":["License key is not active"]}"#),
    (403, r#"{"code":"INACTIVE_LICENSE_KEY","code":"INACTIVE_LICENSE_KEY"}"#),
];

/// `has_list`: whether keys are read from the list of keys, which Dodo has announced to remove, not from grants.
fn expected(has_list: bool, call: Call, status: u16, body: &str) -> Expected {
    use Call::{Activate, Deactivate, Get, List, Update, Validate, ValidateSeat};
    use RefusalReason::{ActivationLimitReached, Inactive, UnknownActivation, UnknownKey, Unspecified};
    let is_odd = body.contains(":7") || body.matches("code").count() > 1;
    let has = |code: &str| body.contains(code);
    let failed = Expected::final_failure;
    match (call, status) {
        (_, 403) if is_odd => Expected::unrecognized(),
        (Update, 400) if has("NO_EXPIRY") => failed(ErrorKind::Conflict),
        (Update, 422) if has("ACTIVATION_LIMIT_LESS") => failed(ErrorKind::Conflict),
        (Activate, 403) if !has("NOT_FOUND") => Expected::refused(Inactive),
        // A code that many APIs have is no word about the key.
        (Activate | Deactivate, 404) if has("message") => Expected::refused(UnknownKey),
        (Activate, 422) if has("LIMIT_REACHED") => Expected::refused(ActivationLimitReached),
        (Deactivate, 403) if has("NOT_FOUND") => Expected::refused(UnknownActivation),
        (Validate | ValidateSeat, 403) if has("INACTIVE") => Expected::refused(Inactive),
        (Validate | ValidateSeat, 403) if has("NOT_FOUND") => Expected::refused(Unspecified),
        (_, 401) => failed(ErrorKind::Unauthenticated),
        (_, 408) => Expected::again_if_harmless(call, ErrorKind::Timeout),
        (_, 429) => Expected::rate_limited(),
        (_, 500..) => Expected::again_if_harmless(call, ErrorKind::Unavailable),
        (_, 409 | 411 | 413) => Expected::unrecognized(),
        (_, 403) if !has("code") => Expected::unrecognized(),
        (_, 400 | 422) if has("INVALID_REQUEST") => failed(ErrorKind::InvalidRequest),
        _ if call.is_of_the_device_plane() => Expected::unrecognized(),
        (_, 403) => failed(ErrorKind::PermissionDenied),
        // Perhaps the old list is gone: the new one is asked for as well.
        (List, 404) if has_list => Expected { sent: 2, ..failed(ErrorKind::Config) },
        (Get | Update, 404) if has_list => Expected { sent: 3, ..failed(ErrorKind::NotFound) },
        (_, 404) => failed(ErrorKind::NotFound),
        _ => failed(ErrorKind::InvalidRequest),
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Plane {
    Device,
    Management,
    Grants,
}

impl Plane {
    fn provider(self, transport: &ScriptedTransport) -> Arc<dyn LicenseProvider> {
        let mut builder = DodoProvider::builder()
            .transport(Arc::new(transport.clone()))
            .device_pacer(Pacer::unlimited())
            .management_pacer(Pacer::unlimited());
        if self != Self::Device {
            builder = builder.token("token");
        }
        if self == Self::Grants {
            builder = builder.license_keys(LicenseKeysApi::Grants);
        }
        Arc::new(builder.build().unwrap())
    }
}

#[tokio::test(start_paused = true)]
async fn the_vendors_own_errors_are_read_by_operation_status_and_code() {
    let mut wrong = Vec::new();
    for (status, body) in BODIES {
        for plane in [Plane::Device, Plane::Management, Plane::Grants] {
            let transport = || ScriptedTransport::from_fn(move |_| Answer::json(status, body));
            for call in Call::supported_by(&*plane.provider(&transport())) {
                let transport = transport();
                let about = Arguments::new("lic_1", KeyCode::parse(CODE).unwrap(), "lki_1", "cus_1", "pdt_1");
                let observed = call.run(&*plane.provider(&transport), &about).await;
                assert!(!observed.printed.contains(CODE) && !observed.printed.contains(EMAIL));
                let found = observed.after(transport.requests().len());
                let expected = expected(plane != Plane::Grants, call, status, body);
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
