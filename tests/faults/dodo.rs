//! Dodo's own error bodies, with every status, on every call.

use anykey::{ErrorKind, RefusalReason};
use anykey_testkit::transport::Answer;

use crate::call::{Call, Effect};
use crate::plane::Plane;
use crate::row::{Expected, check_one};
use crate::told::Outcome;
use crate::trouble::Trouble;
use crate::watch::Watch;

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

fn expected(plane: Plane, call: Call, status: u16, body: &str) -> Expected {
    use Call::{Activate, Deactivate, Get, List, Update, Validate, ValidateSeat};
    use RefusalReason::{ActivationLimitReached, Inactive, UnknownActivation, UnknownKey, Unspecified};
    let is_odd = body.contains(":7") || body.matches("code").count() > 1;
    let has = |code: &str| body.contains(code);
    let failed = Expected::final_failure;
    match (call, status) {
        (_, 403) if is_odd => unrecognized(),
        (Update, 400) if has("NO_EXPIRY") => failed(ErrorKind::Conflict),
        (Update, 422) if has("ACTIVATION_LIMIT_LESS") => failed(ErrorKind::Conflict),
        (Activate, 403) if !has("NOT_FOUND") => Expected::refused(Inactive),
        (Activate | Deactivate, 404) => Expected::refused(UnknownKey),
        (Activate, 422) if has("LIMIT_REACHED") => Expected::refused(ActivationLimitReached),
        (Deactivate, 403) if has("NOT_FOUND") => Expected::refused(UnknownActivation),
        (Validate | ValidateSeat, 403) if has("INACTIVE") => Expected::refused(Inactive),
        (Validate | ValidateSeat, 403) if has("NOT_FOUND") => Expected::refused(Unspecified),
        (_, 401) => failed(ErrorKind::Unauthenticated),
        (_, 408) => again_if_harmless(call, ErrorKind::Timeout),
        (_, 429) => Expected {
            outcome: Outcome::Failed(ErrorKind::RateLimited),
            sent: 3,
            transient: true,
            open: false,
        },
        (_, 500..) => again_if_harmless(call, ErrorKind::Unavailable),
        (_, 409 | 411 | 413) => unrecognized(),
        (_, 403) if !has("code") => unrecognized(),
        (_, 400 | 422) if has("INVALID_REQUEST") => failed(ErrorKind::InvalidRequest),
        _ if call.is_of_the_device_plane() => unrecognized(),
        (_, 403) => failed(ErrorKind::PermissionDenied),
        // Perhaps the old list is gone: the new one is asked for as well.
        (List, 404) if plane != Plane::DodoGrants => Expected { sent: 2, ..failed(ErrorKind::Config) },
        (Get | Update, 404) if plane != Plane::DodoGrants => {
            Expected { sent: 3, ..failed(ErrorKind::NotFound) }
        }
        (_, 404) => failed(ErrorKind::NotFound),
        _ => failed(ErrorKind::InvalidRequest),
    }
}

/// An answer in words that the operation is not known to give.
pub(crate) const fn unrecognized() -> Expected {
    Expected { outcome: Outcome::Failed(ErrorKind::Unrecognized), sent: 1, transient: true, open: false }
}

pub(crate) fn again_if_harmless(call: Call, kind: ErrorKind) -> Expected {
    let sent = if call.effect() == Effect::Twice { 1 } else { 3 };
    Expected { outcome: Outcome::Failed(kind), sent, transient: true, open: call.effect() != Effect::Nothing }
}

#[tokio::test(start_paused = true)]
async fn dodos_own_words_are_read_by_operation_status_and_code() {
    let watch = Watch::start();
    let (mut cases, mut wrong) = (0, Vec::new());
    for (status, body) in BODIES {
        for (plane, call) in Plane::cases().filter(|(plane, _)| !plane.is_polar()) {
            let name = format!("{status} {body} | {plane:?} | {call:?}");
            let trouble = Trouble::answer(Answer::json(status, body));
            wrong.extend(
                check_one(&watch, &name, plane, call, &trouble, expected(plane, call, status, body)).await,
            );
            cases += 1;
        }
    }
    assert!(wrong.is_empty(), "{} of {cases}:\n{}", wrong.len(), wrong.join("\n"));
    println!("Dodo's own errors: {cases} cases");
}
