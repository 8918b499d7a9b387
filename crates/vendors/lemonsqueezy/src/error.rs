//! What a status and a body mean for an operation: one pure table.
//!
//! Every meaning needs Lemon Squeezy's own words. In the License API they are the operation's own flag, and beside it
//! what the key in the answer says of itself, or a known sentence; in the main API the error list of JSON:API. Everything
//! else is no answer: a gateway, a proxy or a filter answered instead, or Lemon Squeezy changed its words.
//!
//! Sources: the vendor's documentation, the tests of its official package 4.0.0, and what other projects noted down
//! from calls to the real API, as of November 2026. The sentences are in no document.

use anykey_core::{ErrorKind, Operation, RefusalReason};
use anykey_http::{JsonMember, Meaning, read_json};

use crate::wire::{AnswerBody, Errors, LicenseBody};

const NO_SUCH_KEY: Meaning = Meaning::Failure(
    ErrorKind::NotFound,
    "the token's merchant has no license key with this id in the token's mode; check the environment",
);

/// Reads an answer of the License API or an error; `None` when it is none.
pub(crate) fn answer_body(body: &[u8]) -> Option<AnswerBody<'_>> {
    read_json(body)
}

pub(crate) fn meaning(operation: Operation, status: u16, body: Option<&AnswerBody<'_>>) -> Meaning {
    let is_of_the_license_api = is_of_the_license_api(operation);
    match (status, body) {
        (407 | 408 | 429, _) => Meaning::General,
        (200 | 400 | 404, Some(body)) if is_of_the_license_api => no(operation, status, body),
        (422, Some(body)) if is_of_the_license_api && body.names_a_field() => Meaning::General,
        (200..=299, _) => Meaning::Unrecognized,
        (400..=499, _) if is_of_the_license_api => Meaning::Unrecognized,
        (401, _) => Meaning::General,
        (404, Some(body)) if body.has_error(status) && is_about_one_key(operation) => NO_SUCH_KEY,
        (400..=499, Some(body)) if body.has_error(status) || body.names_a_field() => Meaning::General,
        (400..=499, _) => Meaning::Unrecognized,
        _ => Meaning::General,
    }
}

const fn is_of_the_license_api(operation: Operation) -> bool {
    matches!(operation, Operation::Validate | Operation::Activate | Operation::Deactivate)
}

const fn is_about_one_key(operation: Operation) -> bool {
    matches!(operation, Operation::Get | Operation::Update | Operation::Activations)
}

/// An answer of the License API whose flag says no. The key's own status and numbers come before the sentence, of which
/// there are several for one reason.
fn no(operation: Operation, status: u16, body: &AnswerBody<'_>) -> Meaning {
    use RefusalReason::{
        ActivationLimitReached, Disabled, Expired, UnknownActivation, UnknownKey, Unspecified,
    };
    if body.flag(operation) != JsonMember::Value(false) {
        return Meaning::Unrecognized;
    }
    let sentence = body.sentence();
    let key = body.license_key.as_ref().filter(|key| key.key.as_ref().value().is_some());
    let names_an_instance = operation != Operation::Activate;
    let status_word = key.and_then(|key| key.status.as_ref().value()).map(|word| word.to_lowercase());
    Meaning::Refusal(match (&*sentence, status_word.as_deref()) {
        ("license key instance not found", _) if names_an_instance => UnknownActivation,
        ("license key not found", _) => UnknownKey,
        // What is not found is not the key, which is in the answer.
        _ if status == 404 && key.is_some() && names_an_instance => UnknownActivation,
        _ if status == 404 => return Meaning::Unrecognized,
        (_, Some("disabled")) => Disabled,
        (_, Some("expired")) => Expired,
        _ if operation == Operation::Activate && key.is_some_and(LicenseBody::is_full) => {
            ActivationLimitReached
        }
        ("this license key is disabled", _) => Disabled,
        ("this license key is expired" | "this license key has expired", _) => Expired,
        ("this license key has reached the activation limit" | "license key activation limit reached", _)
            if operation == Operation::Activate =>
        {
            ActivationLimitReached
        }
        // The flag is the vendor's own and is about a key of theirs: a no for a reason of a later version.
        _ if key.is_some() => Unspecified,
        _ => return Meaning::Unrecognized,
    })
}

impl AnswerBody<'_> {
    /// The flag that answers `operation`.
    pub(crate) const fn flag(&self, operation: Operation) -> JsonMember<bool> {
        match operation {
            Operation::Activate => self.activated,
            Operation::Validate => self.valid,
            Operation::Deactivate => self.deactivated,
            _ => JsonMember::Absent,
        }
    }

    /// What is said in words; `None` when nothing is.
    pub(crate) fn words(&self) -> Option<&str> {
        let listed = match &self.errors {
            Some(Errors::List(errors)) => errors.first().and_then(|error| {
                error.detail.as_ref().value().or_else(|| error.title.as_ref().value()).map(String::as_str)
            }),
            _ => None,
        };
        let said = self.error.as_ref().value().or_else(|| self.message.as_ref().value());
        listed.or_else(|| said.map(|text| &**text))
    }

    /// The sentence in `error`, to be compared.
    fn sentence(&self) -> String {
        let sentence = self.error.as_ref().value().map(|text| text.to_lowercase()).unwrap_or_default();
        sentence.trim().trim_end_matches('.').replace('_', " ")
    }

    /// Whether the errors are those of JSON:API, and the first is about this status.
    fn has_error(&self, status: u16) -> bool {
        let Some(Errors::List(errors)) = &self.errors else { return false };
        let first = errors.first().and_then(|error| error.status.as_ref().value());
        first.is_some_and(|text| text.parse() == Ok(status))
    }

    /// Whether it is the body of a 422 that says which fields are wrong, which has no flag.
    fn names_a_field(&self) -> bool {
        matches!(&self.errors, Some(Errors::Fields(fields)) if !fields.is_empty())
            && self.message.as_ref().value().is_some()
    }
}

impl LicenseBody<'_> {
    /// Whether every seat is taken, or more than there are: a limit may be lowered below the use.
    fn is_full(&self) -> bool {
        let limit = self.activation_limit.value().and_then(|limit| u64::try_from(limit).ok());
        limit.zip(self.activation_usage.value()).is_some_and(|(limit, usage)| usage >= limit)
    }
}

#[cfg(test)]
mod tests;
