//! The meaning of a status and a body for an operation, as one pure function.
//!
//! A meaning needs evidence that Lemon Squeezy answered. In the License API this is the operation's flag, with the
//! status of the key in the answer or a known message; in the main API it is the error list of JSON:API. Everything
//! else is no answer: it came from a gateway, a proxy or a filter, or Lemon Squeezy changed its answers.
//!
//! Sources: the vendor's documentation, the tests of its official package 4.0.0, and other projects' notes about the
//! live API, as of November 2026. The messages are not documented.

use anykey_core::{Error, ErrorKind, Operation, RefusalReason};
use anykey_http::{ApiResponse, JsonMember, Meaning, read_json};

use crate::wire::{AnswerBody, Errors, LicenseBody};

/// A 404 of the main API. A token does not see the keys of the other mode, which is the usual cause.
const NO_SUCH_KEY: Meaning = Meaning::Failure(
    ErrorKind::NotFound,
    "the token's merchant has no license key with this id in the token's mode; check the environment",
);

/// Reads an answer of the License API or an error; `None` if the body is neither. A refusal of the License API has
/// status 400 or 404 and its flag, so one type reads verdicts and failures.
pub(crate) fn answer_body(body: &[u8]) -> Option<AnswerBody<'_>> {
    read_json(body)
}

/// The meaning of `status` with `body` for `operation`.
///
/// The License API's 200, 400 and 404 go to [`refusal`], which looks at the flag. Its other client errors are not known
/// to come from it and are no answer, 401 included: it needs no credential. A 404 of the main API means a missing key
/// only for operations that name one, and only with an error list about the same status.
pub(crate) fn meaning(operation: Operation, status: u16, body: Option<&AnswerBody<'_>>) -> Meaning {
    let is_of_the_license_api = is_of_the_license_api(operation);
    match (status, body) {
        (407 | 408 | 429, _) => Meaning::General,
        (200 | 400 | 404, Some(body)) if is_of_the_license_api => refusal(operation, status, body),
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

/// Whether the operation is sent to the License API, without a credential and also where a token is set.
const fn is_of_the_license_api(operation: Operation) -> bool {
    matches!(operation, Operation::Validate | Operation::Activate | Operation::Deactivate)
}

/// Whether the path of the operation contains the id of a key.
const fn is_about_one_key(operation: Operation) -> bool {
    matches!(operation, Operation::Get | Operation::Update | Operation::Activations)
}

/// The reason of an answer of the License API whose flag is false.
///
/// The key's status and numbers decide before the message, because there are several messages for one reason. A 404
/// without a known sentence and without the key may come from anything on the way, so it is no answer. An unknown
/// message about a key that is in the answer is `Unspecified`: the vendor refused, and only the reason is missing.
fn refusal(operation: Operation, status: u16, body: &AnswerBody<'_>) -> Meaning {
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
        // The answer has the key, so the instance was not found.
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
        // The vendor's flag, for one of its keys: a refusal for an unknown reason.
        _ if key.is_some() => Unspecified,
        _ => return Meaning::Unrecognized,
    })
}

impl AnswerBody<'_> {
    /// The flag of `operation`. The flag of another operation does not count: such an answer belongs to another
    /// request.
    pub(crate) const fn flag(&self, operation: Operation) -> JsonMember<bool> {
        match operation {
            Operation::Activate => self.activated,
            Operation::Validate => self.valid,
            Operation::Deactivate => self.deactivated,
            _ => JsonMember::Absent,
        }
    }

    /// The message; `None` if there is none. For people only. The first error of JSON:API is preferred, its detail
    /// before its title, then `error`, then `message`.
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

    /// The message in `error`, normalized for comparisons. Lower case, without a final full stop and with spaces for
    /// underscores: `license_key not found.` becomes `license key not found`. Empty without a message.
    fn sentence(&self) -> String {
        let sentence = self.error.as_ref().value().map(|text| text.to_lowercase()).unwrap_or_default();
        sentence.trim().trim_end_matches('.').replace('_', " ")
    }

    /// Whether the errors are those of JSON:API, and the first is about this status. A gateway's error list rarely
    /// repeats the status, so this distinguishes the vendor's answer.
    fn has_error(&self, status: u16) -> bool {
        let Some(Errors::List(errors)) = &self.errors else { return false };
        let first = errors.first().and_then(|error| error.status.as_ref().value());
        first.is_some_and(|text| text.parse() == Ok(status))
    }

    /// Whether it is the body of a 422 with the names of invalid fields, which has no flag.
    fn names_a_field(&self) -> bool {
        matches!(&self.errors, Some(Errors::Fields(fields)) if !fields.is_empty())
            && self.message.as_ref().value().is_some()
    }
}

impl LicenseBody<'_> {
    /// Whether no seat is free. The usage may be above a lowered limit. `false` without a limit, and when the answer
    /// lacks one of the numbers.
    fn is_full(&self) -> bool {
        let limit = self.activation_limit.value().and_then(|limit| u64::try_from(limit).ok());
        limit.zip(self.activation_usage.value()).is_some_and(|(limit, usage)| usage >= limit)
    }
}

/// The error for a page without links and numbers: the list cannot be continued, and may not be complete.
pub(crate) fn unknown_end(response: &ApiResponse) -> Error {
    response.error(ErrorKind::Decode, "the list does not say whether it goes on")
}

#[cfg(test)]
mod tests;
