//! What a status and an error body mean for an operation: one pure table.
//!
//! A refusal needs Dodo's own error body. A 403 or 404 without one comes from something in between, and says
//! nothing about the license.

use anykey_core::{ErrorKind, Operation, RefusalReason};
use anykey_http::read_json;

use crate::wire::ErrorBody;

/// The operation that answers a pending grant with a key.
pub(crate) const FULFIL_GRANT: Operation = Operation::Vendor("fulfil_grant");

/// What an answer that is no success means.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Meaning {
    /// The vendor says no.
    Refusal(RefusalReason),
    /// A failure of this kind, with what to do about it.
    Failure(ErrorKind, &'static str),
    /// Nothing that only Dodo means by it: see the status.
    General,
}

/// Reads Dodo's error body; `None` when it is none.
pub(crate) fn error_body(body: &[u8]) -> Option<ErrorBody<'_>> {
    read_json::<ErrorBody<'_>>(body).filter(|body| body.code.is_some() || body.message.is_some())
}

pub(crate) fn meaning(operation: Operation, status: u16, body: Option<&ErrorBody<'_>>) -> Meaning {
    let Some(body) = body else {
        return match (operation, status) {
            (Operation::List, 410) => LIST_IS_GONE,
            (_, 404) => NOT_DODO,
            _ => Meaning::General,
        };
    };
    let code = body.code.as_deref().unwrap_or_default();
    if is_about_the_caller(status) {
        return Meaning::General;
    }
    match operation {
        Operation::List if matches!(status, 404 | 410) => LIST_IS_GONE,
        Operation::Activate => activate(status, code),
        Operation::Deactivate => deactivate(status, code, body.message.as_deref().unwrap_or_default()),
        Operation::Validate => validate(status),
        Operation::Update => update(status, code),
        Operation::Create => create(status),
        _ => Meaning::General,
    }
}

/// The same for the calls on entitlements and grants, which know no refusals.
pub(crate) fn grant_meaning(operation: Operation, status: u16, body: Option<&ErrorBody<'_>>) -> Meaning {
    match (operation, status) {
        (_, 404) if body.is_none() => NOT_DODO,
        _ if body.is_none() || is_about_the_caller(status) => Meaning::General,
        (Operation::List, 404) => Meaning::Failure(
            ErrorKind::NotFound,
            "the customer, or the entitlement where the listing goes on, is unknown in this environment",
        ),
        (FULFIL_GRANT, 409) => Meaning::Failure(
            ErrorKind::Conflict,
            "the grant awaits no key, or a key with this code exists already",
        ),
        _ => Meaning::General,
    }
}

const NOT_DODO: Meaning =
    Meaning::Failure(ErrorKind::Config, "this is not an answer of Dodo's API; check base_url and any proxy");

const LIST_IS_GONE: Meaning = Meaning::Failure(
    ErrorKind::Config,
    "Dodo does not serve GET /license_keys here; check base_url, or set `license_keys` to `auto` or `grants`",
);

/// Whether a status says something about the credential, the rate or the server, and nothing about the call.
const fn is_about_the_caller(status: u16) -> bool {
    status == 401 || status == 429 || status >= 500
}

fn activate(status: u16, code: &str) -> Meaning {
    use RefusalReason::{ActivationLimitReached, Expired, Inactive, Revoked, UnknownKey};
    match (status, code) {
        (_, "INVALID_REQUEST_BODY") => Meaning::General,
        (_, "INACTIVE_LICENSE_KEY") => Meaning::Refusal(Inactive),
        (_, "LICENSE_KEY_LIMIT_REACHED" | "ACTIVATION_LIMIT_REACHED") => {
            Meaning::Refusal(ActivationLimitReached)
        }
        (_, "LICENSE_KEY_EXPIRED") => Meaning::Refusal(Expired),
        (_, "LICENSE_KEY_REVOKED") => Meaning::Refusal(Revoked),
        (_, "LICENSE_KEY_INVALID") | (404, _) => Meaning::Refusal(UnknownKey),
        (403, _) => Meaning::Refusal(Inactive),
        (422, _) => Meaning::Refusal(ActivationLimitReached),
        _ => Meaning::General,
    }
}

/// `LICENSE_KEY_NOT_FOUND` speaks about the instance, whatever its name says.
fn deactivate(status: u16, code: &str, message: &str) -> Meaning {
    let about_the_instance = code == "LICENSE_KEY_NOT_FOUND" && message.to_lowercase().contains("instance");
    match status {
        403 => Meaning::Refusal(RefusalReason::UnknownActivation),
        404 if about_the_instance => Meaning::Refusal(RefusalReason::UnknownActivation),
        404 => Meaning::Refusal(RefusalReason::UnknownKey),
        _ => Meaning::General,
    }
}

/// Not documented: Dodo answers `valid: false` with 200.
fn validate(status: u16) -> Meaning {
    match status {
        403 | 404 => Meaning::Refusal(RefusalReason::Unspecified),
        _ => Meaning::General,
    }
}

fn update(status: u16, code: &str) -> Meaning {
    match (status, code) {
        (_, "NO_EXPIRY_ON_SUBSCRIPTION_LICENSE_KEYS") => Meaning::Failure(
            ErrorKind::Conflict,
            "the key lives as long as its subscription and cannot have an expiry of its own",
        ),
        (_, "ACTIVATION_LIMIT_LESS_THAN_CURRENT_AMOUNT") => Meaning::Failure(
            ErrorKind::Conflict,
            "the activation limit is below the seats in use; deactivate some first",
        ),
        _ => Meaning::General,
    }
}

fn create(status: u16) -> Meaning {
    match status {
        404 => Meaning::Failure(
            ErrorKind::NotFound,
            "the customer or the product is unknown in this environment",
        ),
        409 => Meaning::Failure(
            ErrorKind::Conflict,
            "a key with this code exists already, perhaps with another seller; choose another code",
        ),
        _ => Meaning::General,
    }
}

#[cfg(test)]
mod tests {
    use ErrorKind::{Config, Conflict, NotFound};
    use Meaning::{General, Refusal};
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
            (
                Operation::Activate,
                409,
                r#"{"code":"ACTIVATION_LIMIT_REACHED"}"#,
                Refusal(ActivationLimitReached),
            ),
            (
                Operation::Activate,
                422,
                r#"{"message":"License key activation limit reached"}"#,
                Refusal(ActivationLimitReached),
            ),
            (
                Operation::Activate,
                422,
                r#"{"code":"INVALID_REQUEST_BODY","message":"missing field"}"#,
                General,
            ),
            (Operation::Activate, 403, "<html>Access denied</html>", General),
            (Operation::Activate, 422, "", General),
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
            (Operation::Deactivate, 403, "", General),
            (Operation::Validate, 404, r#"{"code":"NOT_FOUND"}"#, Refusal(Unspecified)),
            (Operation::Validate, 429, r#"{"code":"TOO_MANY_REQUESTS"}"#, General),
            (Operation::Get, 404, r#"{"code":"NOT_FOUND","message":"Item not found"}"#, General),
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
        assert_eq!(kind(Operation::List, 404, "<html>"), Some(Config));
        assert_eq!(kind(Operation::List, 404, r#"{"code":"NOT_FOUND"}"#), Some(Config));
        assert_eq!(kind(Operation::List, 410, ""), Some(Config));
        assert_eq!(kind(Operation::Validate, 404, "{}"), Some(Config));
    }

    #[test]
    fn answers_about_grants_are_told_apart() {
        let failure = |operation, status, body: &str| match grant_meaning(
            operation,
            status,
            error_body(body.as_bytes()).as_ref(),
        ) {
            Meaning::Failure(kind, _) => Some(kind),
            General => None,
            refusal => panic!("{refusal:?}"),
        };
        let vendors = r#"{"code":"NOT_FOUND","message":"Customer not found"}"#;
        let unauthorized = r#"{"code":"UNAUTHORIZED"}"#;
        for (operation, status, body, expected) in [
            (Operation::List, 404, vendors, Some(NotFound)),
            (Operation::List, 404, "<html>nothing here</html>", Some(Config)),
            (Operation::Get, 404, "", Some(Config)),
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
}
