//! The words that the written record uses for reasons and kinds. They never change.

use anykey_core::{ErrorKind, RefusalReason};

const REASONS: &[(RefusalReason, &str)] = &[
    (RefusalReason::UnknownKey, "unknown_key"),
    (RefusalReason::Expired, "expired"),
    (RefusalReason::Inactive, "inactive"),
    (RefusalReason::Revoked, "revoked"),
    (RefusalReason::Disabled, "disabled"),
    (RefusalReason::UnknownActivation, "unknown_activation"),
    (RefusalReason::WrongProduct, "wrong_product"),
    (RefusalReason::WrongCustomer, "wrong_customer"),
    (RefusalReason::ConditionsMismatch, "conditions_mismatch"),
    (RefusalReason::UsageExceeded, "usage_exceeded"),
    (RefusalReason::ActivationLimitReached, "activation_limit_reached"),
    (RefusalReason::ActivationsNotSupported, "activations_not_supported"),
    (RefusalReason::Unspecified, "unspecified"),
];

const KINDS: &[(ErrorKind, &str)] = &[
    (ErrorKind::Refused, "refused"),
    (ErrorKind::NotFound, "not_found"),
    (ErrorKind::Conflict, "conflict"),
    (ErrorKind::InvalidRequest, "invalid_request"),
    (ErrorKind::Unauthenticated, "unauthenticated"),
    (ErrorKind::PermissionDenied, "permission_denied"),
    (ErrorKind::RateLimited, "rate_limited"),
    (ErrorKind::Unavailable, "unavailable"),
    (ErrorKind::Timeout, "timeout"),
    (ErrorKind::Transport, "transport"),
    (ErrorKind::Decode, "decode"),
    (ErrorKind::Unsupported, "unsupported"),
    (ErrorKind::Config, "config"),
];

/// The word for `reason`. A reason that has none yet is written as `unspecified`: a no stays a no.
pub(super) fn reason_word(reason: RefusalReason) -> &'static str {
    word(REASONS, reason).unwrap_or("unspecified")
}

pub(super) fn reason(word: &str) -> RefusalReason {
    value(REASONS, word).unwrap_or(RefusalReason::Unspecified)
}

/// The word for `kind`. A kind that has none yet is written as `unavailable`: no answer stays no answer.
pub(super) fn kind_word(kind: ErrorKind) -> &'static str {
    word(KINDS, kind).unwrap_or("unavailable")
}

pub(super) fn kind(word: &str) -> ErrorKind {
    value(KINDS, word).unwrap_or(ErrorKind::Unavailable)
}

fn word<T: Copy + PartialEq>(table: &[(T, &'static str)], wanted: T) -> Option<&'static str> {
    table.iter().find(|(value, _)| *value == wanted).map(|(_, word)| *word)
}

fn value<T: Copy>(table: &[(T, &'static str)], wanted: &str) -> Option<T> {
    table.iter().find(|(_, word)| *word == wanted).map(|(value, _)| *value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_means_one_thing_and_an_unknown_one_the_careful_thing() {
        for (value, word) in REASONS {
            assert_eq!((reason_word(*value), reason(word)), (*word, *value));
        }
        for (value, word) in KINDS {
            assert_eq!((kind_word(*value), kind(word)), (*word, *value));
        }
        assert_eq!(reason("of a later version"), RefusalReason::Unspecified);
        assert_eq!(kind("of a later version"), ErrorKind::Unavailable);
    }
}
