//! The meaning of a status and a body for an operation, as one pure function.
//!
//! A meaning needs evidence that Creem answered: a body with `trace_id` and the HTTP status in `status`. Everything
//! else is no answer: it came from a gateway, a proxy or a filter, or Creem changed its answers.
//!
//! Sources: the documentation and the official package 1.13.0, as of November 2026. The texts in `message` are not
//! documented, so they decide only between the meanings that a status has.

use anykey_core::{ErrorKind, Operation, RefusalReason};
use anykey_http::{Meaning, read_json};

use crate::wire::{ErrorBody, Messages};

/// 403 is also the answer to a reached limit, so it has this meaning only without a message about one.
const NO_ACCESS: Meaning = Meaning::Failure(
    ErrorKind::Unauthenticated,
    "Creem does not accept the API key for this call: it is not valid, of the other environment, or without the scope",
);
/// Customers of the other mode are unknown, too.
const NO_SUCH_CUSTOMER: Meaning = Meaning::Failure(
    ErrorKind::NotFound,
    "the API key's store has no customer with this id; check the id and the environment",
);
/// Only for calls of the seller; for a key code the same status is a refusal.
const NO_SUCH_KEY: Meaning = Meaning::Failure(
    ErrorKind::NotFound,
    "the API key's store has no license key with this id; check the environment, and that it is the key's id and not \
     the code that a customer types",
);

/// Reads an error; `None` if the body is none. A body without the members of an error is read as well, and [`meaning`]
/// then finds no evidence in it.
pub(crate) fn error_body(body: &[u8]) -> Option<ErrorBody<'_>> {
    read_json(body)
}

/// The meaning of `status` with `body` for `operation`.
///
/// The status decides, and the message only where one status has several meanings. A 404 that begins with `Cannot`
/// names a path that the API does not have: that is a changed API or a wrong base URL, and never an unknown key.
pub(crate) fn meaning(operation: Operation, status: u16, body: Option<&ErrorBody<'_>>) -> Meaning {
    let body = match (status, body) {
        // The answer to too many requests has another body, and a proxy gives the others too.
        (407 | 408 | 429, _) => return Meaning::General,
        (400..=499, Some(body)) if body.is_of_the_vendor(status) => body,
        (401, _) if !is_about_a_license(operation) => return Meaning::General,
        (200..=299 | 400..=499, _) => return Meaning::Unrecognized,
        _ => return Meaning::General,
    };
    let sentence = body.sentence().to_lowercase();
    let has = |word: &str| sentence.contains(word);
    match (operation, status) {
        (Operation::Activate, 400 | 403) if has("limit") && !has("rate limit") => {
            Meaning::Refusal(RefusalReason::ActivationLimitReached)
        }
        (_, 403) => NO_ACCESS,
        // The framework's answer about a path that the API does not have.
        (_, 404) if sentence.starts_with("cannot ") => Meaning::Unrecognized,
        (Operation::List, 404) => NO_SUCH_CUSTOMER,
        (Operation::Activations, 404) => NO_SUCH_KEY,
        (_, 404) if is_about_a_license(operation) => Meaning::Refusal(unknown(operation, &sentence)),
        (Operation::Validate | Operation::Deactivate, 409) => {
            Meaning::Refusal(RefusalReason::UnknownActivation)
        }
        (_, 410) if is_about_a_license(operation) => Meaning::Refusal(ended(operation, &sentence)),
        _ => Meaning::General,
    }
}

/// Whether the body of the request contains a key code.
const fn is_about_a_license(operation: Operation) -> bool {
    matches!(operation, Operation::Activate | Operation::Validate | Operation::Deactivate)
}

/// What a 404 is about, since one status stands for the license and the instance.
///
/// An activation names no instance, so there it is the license. Without a known word the reason stays open: a wrong one
/// would make an app forget a valid activation.
fn unknown(operation: Operation, sentence: &str) -> RefusalReason {
    match sentence {
        _ if operation == Operation::Activate => RefusalReason::UnknownKey,
        _ if sentence.contains("instance") => RefusalReason::UnknownActivation,
        _ if ["license", "licence", "key"].iter().any(|word| sentence.contains(word)) => {
            RefusalReason::UnknownKey
        }
        _ => RefusalReason::Unspecified,
    }
}

/// What a 410 is about, since one status stands for every end of the license and of the instance.
///
/// A message about an instance comes first, because it may also contain a word about the end.
fn ended(operation: Operation, sentence: &str) -> RefusalReason {
    match sentence {
        _ if operation != Operation::Activate && sentence.contains("instance") => {
            RefusalReason::UnknownActivation
        }
        _ if sentence.contains("expired") => RefusalReason::Expired,
        _ if sentence.contains("disabled") => RefusalReason::Disabled,
        _ if sentence.contains("revoked") => RefusalReason::Revoked,
        _ => RefusalReason::Unspecified,
    }
}

impl ErrorBody<'_> {
    /// Whether the body is evidence that Creem answered: it has an id of the request and repeats the HTTP status.
    fn is_of_the_vendor(&self, status: u16) -> bool {
        let has_trace = self.trace_id.as_ref().value().is_some_and(|id| !id.trim().is_empty());
        has_trace && self.status.value() == Some(status.into())
    }

    /// The first message, or the name of the status. For people only; `None` if the body has neither.
    pub(crate) fn words(&self) -> Option<&str> {
        let message = self.sentence();
        if message.is_empty() { self.error.as_ref().value().map(|text| &**text) } else { Some(message) }
    }

    /// The first message; empty if there is none.
    fn sentence(&self) -> &str {
        match &self.message {
            Some(Messages::One(text)) => text,
            Some(Messages::Many(texts)) => texts.first().map(String::as_str).unwrap_or_default(),
            Some(Messages::Other(_)) | None => "",
        }
    }
}

#[cfg(test)]
mod tests;
