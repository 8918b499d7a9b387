//! What a status and an error body mean for an operation: one pure table.
//!
//! Every meaning needs Dodo's own words: a code or a sentence that the operation is known to give. Everything else
//! is no answer: a gateway, a proxy or a filter answered instead, or Dodo changed its words.
//!
//! Sources: Dodo's list of error codes and its OpenAPI file, as of November 2026.

use anykey_core::{ErrorKind, Operation, RefusalReason};
use anykey_http::{Meaning, read_json};

use crate::wire::ErrorBody;

/// The operation that answers a pending grant with a key.
pub(crate) const FULFIL_GRANT: Operation = Operation::Vendor("fulfil_grant");

/// Reads Dodo's error body; `None` when it is none.
pub(crate) fn error_body(body: &[u8]) -> Option<ErrorBody<'_>> {
    read_json::<ErrorBody<'_>>(body).filter(|body| body.code.is_some() || body.message.is_some())
}

/// The meaning of `status` with `body` for `operation`, for the device plane and the classic calls.
///
/// Each operation of the device plane has a table of its own, because one code means different things:
/// `LICENSE_KEY_NOT_FOUND` is about the activation for `deactivate`, and about the key for `activate`.
pub(crate) fn meaning(operation: Operation, status: u16, body: Option<&ErrorBody<'_>>) -> Meaning {
    if is_the_same_for_every_vendor(status) {
        return Meaning::General;
    }
    let words = Words::of(body);
    match operation {
        Operation::Activate => activate(status, &words),
        Operation::Deactivate => deactivate(status, &words),
        Operation::Validate => validate(status, &words),
        _ if status == 401 => Meaning::General,
        // Dodo has announced that this list goes, and a 410 need not say more.
        Operation::List if status == 410 => LIST_IS_GONE,
        _ if !words.are_dodos() => Meaning::Unrecognized,
        Operation::List if status == 404 => LIST_IS_GONE,
        Operation::Get | Operation::Update if status == 404 => NO_SUCH_KEY,
        Operation::Update => update(&words),
        Operation::Create => create(status),
        _ => Meaning::General,
    }
}

/// The same for the calls on entitlements and grants. They name records by id and no key code, so none of their answers
/// is a refusal.
pub(crate) fn grant_meaning(operation: Operation, status: u16, body: Option<&ErrorBody<'_>>) -> Meaning {
    if is_the_same_for_every_vendor(status) || status == 401 {
        return Meaning::General;
    }
    match (operation, status) {
        _ if !Words::of(body).are_dodos() => Meaning::Unrecognized,
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

/// `shape` decides whether this is the announced removal or a wrong address.
const LIST_IS_GONE: Meaning = Meaning::Failure(
    ErrorKind::Config,
    "Dodo does not serve GET /license_keys here; check base_url, or set `license_keys` to `auto` or `grants`",
);

/// Dodo takes any text for an id.
const NO_SUCH_KEY: Meaning = Meaning::Failure(
    ErrorKind::NotFound,
    "the business has no license key with this id; check the environment, and that it is the key's id and not the code \
     that a customer types",
);

/// Whether a status is about the way, the rate or the server, and nothing else.
fn is_the_same_for_every_vendor(status: u16) -> bool {
    !(400..500).contains(&status) || matches!(status, 407 | 408 | 429)
}

/// The words of an error body. Dodo documents the codes; its sentences are compared without regard to case.
struct Words<'a> {
    /// The code; empty without one.
    code: &'a str,
    /// The sentence in lower case, without a final full stop; empty without one.
    sentence: String,
}

impl<'a> Words<'a> {
    /// The words of a body; both empty without one.
    fn of(body: Option<&'a ErrorBody<'_>>) -> Self {
        let code = body.and_then(|body| body.code.as_deref()).unwrap_or_default();
        let sentence = body.and_then(|body| body.message.as_deref()).unwrap_or_default();
        Self { code, sentence: sentence.trim().trim_end_matches('.').to_lowercase() }
    }

    /// Whether the code or the sentence is one of Dodo's.
    fn are_dodos(&self) -> bool {
        const CODES: &[&str] = &[
            "UNAUTHORIZED",
            "NOT_FOUND",
            "INACTIVE_LICENSE_KEY",
            "LICENSE_KEY_LIMIT_REACHED",
            "LICENSE_KEY_NOT_FOUND",
            "ACTIVATION_LIMIT_LESS_THAN_CURRENT_AMOUNT",
            "NO_EXPIRY_ON_SUBSCRIPTION_LICENSE_KEYS",
            "INVALID_REQUEST_BODY",
            "INVALID_REQUEST_PARAMETERS",
            "INVALID_QUERY_PARAMS",
            "MAXIMUM_KEYS_REACHED",
            "MERCHANT_NOT_LIVE",
            "CONFLICT",
            "GONE",
        ];
        const SENTENCES: &[&str] = &[
            "item not found",
            "customer not found",
            "product not found",
            "customer or product not found",
            "license key not found",
            "license key instance not found",
            "entitlement not found",
            "grant not found",
            "grant or entitlement not found",
            "license key already exists",
            "grant is not awaiting fulfillment",
            "grant not awaiting fulfillment",
            "you are not authorised to perform this action",
            "you are not authorized to perform this action",
        ];
        CODES.contains(&self.code) || (self.code.is_empty() && SENTENCES.contains(&&*self.sentence))
    }

    /// Whether a 404 is about the license key. `NOT_FOUND` is a code that many APIs have, so it needs Dodo's sentence:
    /// one about something else, such as a route, or none may be a gateway's.
    fn say_that_the_key_is_unknown(&self) -> bool {
        let about_the_key = self.sentence.starts_with("license key") && self.sentence.ends_with("not found");
        match self.code {
            "LICENSE_KEY_NOT_FOUND" | "LICENSE_KEY_INVALID" => true,
            "NOT_FOUND" => self.sentence == "item not found" || about_the_key,
            "" => about_the_key,
            _ => false,
        }
    }

    /// Whether the request was malformed, which is a bug of this adapter and no word about the key.
    fn say_that_the_body_is_wrong(&self) -> bool {
        matches!(self.code, "INVALID_REQUEST_BODY" | "INVALID_REQUEST_PARAMETERS")
    }
}

/// The meaning of a refused activation. Codes that are not in Dodo's list are accepted where only a license key can be
/// meant by them: other projects report them.
fn activate(status: u16, words: &Words<'_>) -> Meaning {
    use RefusalReason::{ActivationLimitReached, Expired, Inactive, Revoked, UnknownKey};
    Meaning::Refusal(match (words.code, &*words.sentence) {
        ("INACTIVE_LICENSE_KEY", _)
        | ("", "license key is not active" | "license key cannot be activated (inactive)") => Inactive,
        ("LICENSE_KEY_LIMIT_REACHED" | "ACTIVATION_LIMIT_REACHED", _)
        | ("", "license key activation limit reached") => ActivationLimitReached,
        ("LICENSE_KEY_EXPIRED", _) => Expired,
        ("LICENSE_KEY_REVOKED", _) => Revoked,
        _ if status == 404 && words.say_that_the_key_is_unknown() => UnknownKey,
        ("LICENSE_KEY_INVALID", _) => UnknownKey,
        _ => return of_the_device_plane(words),
    })
}

/// `LICENSE_KEY_NOT_FOUND` is about the instance, whatever its name says. Its message is `License key instance not
/// found or does not belong to this license key` (documentation, 2026).
fn deactivate(status: u16, words: &Words<'_>) -> Meaning {
    let about_the_instance = words.sentence.starts_with("license key instance not found");
    match (status, words.code) {
        (403, "LICENSE_KEY_NOT_FOUND") => Meaning::Refusal(RefusalReason::UnknownActivation),
        (403 | 404, "" | "LICENSE_KEY_NOT_FOUND" | "NOT_FOUND") if about_the_instance => {
            Meaning::Refusal(RefusalReason::UnknownActivation)
        }
        (404, _) if words.say_that_the_key_is_unknown() => Meaning::Refusal(RefusalReason::UnknownKey),
        _ => of_the_device_plane(words),
    }
}

/// The meaning of a failed validation.
///
/// Dodo answers `valid: false` with 200, also for an unknown key. Its documents have no refusal beside it, so only what
/// cannot be meant otherwise is one.
fn validate(status: u16, words: &Words<'_>) -> Meaning {
    use RefusalReason::{Expired, Inactive, Revoked, Unspecified};
    match (status, words.code) {
        (403 | 404, "INACTIVE_LICENSE_KEY") => Meaning::Refusal(Inactive),
        (403 | 404, "LICENSE_KEY_EXPIRED") => Meaning::Refusal(Expired),
        (403 | 404, "LICENSE_KEY_REVOKED") => Meaning::Refusal(Revoked),
        (403 | 404, "LICENSE_KEY_NOT_FOUND" | "LICENSE_KEY_INVALID") => Meaning::Refusal(Unspecified),
        _ => of_the_device_plane(words),
    }
}

/// Known errors that say nothing about the key; everything else is no answer of Dodo's.
fn of_the_device_plane(words: &Words<'_>) -> Meaning {
    let is_known =
        words.say_that_the_body_is_wrong() || matches!(words.code, "UNAUTHORIZED" | "MERCHANT_NOT_LIVE");
    if is_known { Meaning::General } else { Meaning::Unrecognized }
}

/// Dodo's two conflicts of a change.
fn update(words: &Words<'_>) -> Meaning {
    match words.code {
        "NO_EXPIRY_ON_SUBSCRIPTION_LICENSE_KEYS" => Meaning::Failure(
            ErrorKind::Conflict,
            "the key lives as long as its subscription and cannot have an expiry of its own",
        ),
        "ACTIVATION_LIMIT_LESS_THAN_CURRENT_AMOUNT" => Meaning::Failure(
            ErrorKind::Conflict,
            "the activation limit is below the seats in use; deactivate some first",
        ),
        _ => Meaning::General,
    }
}

/// The statuses decide: the documentation names no codes for an import.
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
mod tests;
