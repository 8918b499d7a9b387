//! What a status and an error body mean for an operation: one pure table.
//!
//! Every meaning needs Polar's own words: an error class, and for a refusal a sentence that the operation is known
//! to give. Everything else is no answer: a gateway, a proxy or a filter answered instead, or Polar changed its
//! words.

use std::borrow::Cow;

use anykey_core::{ErrorKind, Operation, RefusalReason};
use anykey_http::{Meaning, read_json};

use crate::wire::{Detail, ErrorBody, Fault, Step};

/// Parts of Polar's sentences, which are not in its documented contract: looked for without regard to case.
/// Sources: recordings of November 2026, and the server's source of August 2026.
const SENTENCES: &[(&str, RefusalReason)] = &[
    ("no longer active", RefusalReason::Inactive),
    ("has expired", RefusalReason::Expired),
    ("required conditions", RefusalReason::ConditionsMismatch),
    ("given benefit", RefusalReason::WrongProduct),
    ("given user", RefusalReason::WrongCustomer),
    ("given customer", RefusalReason::WrongCustomer),
    ("more usages", RefusalReason::UsageExceeded),
    ("does not support activations", RefusalReason::ActivationsNotSupported),
    ("activation limit already reached", RefusalReason::ActivationLimitReached),
];

/// Also the answer to an API version that Polar has removed.
const NO_SUCH_PATH: Meaning = Meaning::Failure(
    ErrorKind::Config,
    "Polar has no such path, or no longer this API version; check `base_url` and `api_version`",
);

/// Keys of another organization are unknown, too.
const NO_SUCH_KEY: Meaning = Meaning::Failure(
    ErrorKind::NotFound,
    "Polar knows no license key with this id; check the environment, and that it is the key's id and not the code \
     that a customer types, which may look the same",
);

/// Reads Polar's error body; `None` when it is none.
pub(crate) fn error_body(body: &[u8]) -> Option<ErrorBody<'_>> {
    let body = read_json::<ErrorBody<'_>>(body)?;
    (body.error.is_some() || body.detail.is_some()).then_some(body)
}

pub(crate) fn meaning(operation: Operation, status: u16, body: Option<&ErrorBody<'_>>) -> Meaning {
    if !(400..500).contains(&status) || matches!(status, 407 | 408 | 429) {
        return Meaning::General;
    }
    let class = body.and_then(|body| body.error.as_deref()).unwrap_or_default();
    let sentence = body.and_then(ErrorBody::sentence).unwrap_or_default();
    match (status, class, &*sentence) {
        (401, "invalid_token", _) => Meaning::Failure(
            ErrorKind::Unauthenticated,
            "the credential is expired, revoked or of the other environment; a portal session lasts one hour",
        ),
        (401, "Unauthorized", _) => Meaning::Failure(
            ErrorKind::Unauthenticated,
            "the credential is missing or of the wrong kind; `token` takes an organization's access token, \
             `session_token` a customer's or member's session",
        ),
        (401, _, _) if !is_of_the_device_plane(operation) => Meaning::General,
        (403, "insufficient_scope", _) => {
            Meaning::Failure(ErrorKind::PermissionDenied, "the credential lacks a scope")
        }
        (403, "NotPermitted", sentence) if sentence.to_lowercase().contains("permission") => {
            Meaning::Failure(ErrorKind::PermissionDenied, "the credential's user may not do this")
        }
        (400, "RotateNotPermitted", _) => {
            Meaning::Failure(ErrorKind::Conflict, "the key's status does not allow to rotate it")
        }
        (404, "", "Not Found") => NO_SUCH_PATH,
        (422, _, _) if body.is_some_and(|body| body.rejects_values(class)) => rejected(body),
        (400, "", "There was an error parsing the body")
        | (405, "", "Method Not Allowed")
        | (411, "LengthRequired", _)
        | (413, "RequestBodyTooLarge", _) => Meaning::General,
        (400 | 403 | 404, "ResourceNotFound" | "NotPermitted" | "BadRequest", sentence)
            if is_of_the_device_plane(operation) =>
        {
            refusal(operation, class, sentence)
        }
        (404, "ResourceNotFound", _) if is_about_one_key(operation) => NO_SUCH_KEY,
        (400, "BadRequest", _) | (403, "NotPermitted", _) | (404, "ResourceNotFound", _) => Meaning::General,
        _ => Meaning::Unrecognized,
    }
}

impl ErrorBody<'_> {
    /// What Polar says in words; `None` when it says nothing.
    pub(crate) fn sentence(&self) -> Option<Cow<'_, str>> {
        match &self.detail {
            Some(Detail::Sentence(sentence)) => Some(sentence.into()),
            Some(Detail::Faults(faults)) => faults.first().map(|fault| fault.describe().into()),
            Some(Detail::Other(_)) | None => self.error_description.as_deref().map(Cow::from),
        }
    }

    /// Whether it is Polar's body of a 422. The documents leave the class out, which is really there.
    fn rejects_values(&self, class: &str) -> bool {
        let names_fields = matches!(&self.detail, Some(Detail::Faults(faults)) if !faults.is_empty());
        matches!(class, "RequestValidationError" | "PolarRequestValidationError")
            || (class.is_empty() && names_fields)
    }
}

impl Fault {
    /// The place and what is wrong there. The place's first two steps name the field; further ones are names
    /// inside Polar's library.
    fn describe(&self) -> String {
        let place: Vec<&str> = self.steps().take(2).collect();
        format!("{}: {}", place.join("."), self.msg)
    }

    fn is_at(&self, part: &str, field: &str) -> bool {
        self.steps().take(2).eq([part, field])
    }

    fn steps(&self) -> impl Iterator<Item = &str> {
        self.loc.iter().map_while(|step| match step {
            Step::Name(name) => Some(name.as_str()),
            Step::Other(_) => None,
        })
    }
}

fn rejected(body: Option<&ErrorBody<'_>>) -> Meaning {
    let faults = match body.map(|body| &body.detail) {
        Some(Some(Detail::Faults(faults))) => faults.as_slice(),
        _ => &[],
    };
    let at = |part, field| faults.iter().any(|fault| fault.is_at(part, field));
    if at("path", "id") {
        Meaning::Failure(
            ErrorKind::InvalidRequest,
            "this is no license key id; an id is a UUID and not the code that a customer types",
        )
    } else if at("body", "organization_id") || at("query", "organization_id") {
        Meaning::Failure(ErrorKind::Config, "Polar does not take the `organization_id`; check it")
    } else {
        Meaning::Failure(ErrorKind::InvalidRequest, "Polar does not take a value of the request")
    }
}

fn refusal(operation: Operation, class: &str, sentence: &str) -> Meaning {
    let sentence = sentence.to_lowercase();
    let reason = if class == "ResourceNotFound" && sentence.trim_end_matches('.') == "not found" {
        Some(RefusalReason::UnknownKey)
    } else {
        SENTENCES.iter().find(|(known, _)| sentence.contains(known)).map(|(_, reason)| *reason)
    };
    match reason.filter(|reason| is_given(operation, *reason)) {
        Some(reason) => Meaning::Refusal(reason),
        None => Meaning::Unrecognized,
    }
}

/// Whether Polar is known to refuse `operation` for `reason`. An activation of an allowed product begins with a
/// validation.
fn is_given(operation: Operation, reason: RefusalReason) -> bool {
    use RefusalReason::{
        ActivationLimitReached, ActivationsNotSupported, ConditionsMismatch, Expired, Inactive, UnknownKey,
        UsageExceeded, WrongCustomer, WrongProduct,
    };
    match reason {
        UnknownKey => true,
        Inactive | Expired | WrongProduct => operation != Operation::Deactivate,
        ConditionsMismatch | WrongCustomer | UsageExceeded => operation == Operation::Validate,
        ActivationsNotSupported | ActivationLimitReached => operation == Operation::Activate,
        _ => false,
    }
}

fn is_about_one_key(operation: Operation) -> bool {
    use Operation::{Activations, Get, Rotate, Update, Vendor};
    matches!(operation, Get | Update | Rotate | Activations | Vendor("visible_activations"))
}

fn is_of_the_device_plane(operation: Operation) -> bool {
    matches!(operation, Operation::Validate | Operation::Activate | Operation::Deactivate)
}

#[cfg(test)]
mod tests;
