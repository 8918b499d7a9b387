//! Counts of requests for the crate `metrics`.

use anykey_core::Operation;
use metrics::{SharedString, counter};

use crate::{Decision, Outcome, TransportErrorKind};

/// Counts an attempt by what it came to, and whether another one follows.
pub(crate) fn attempt(provider: &str, operation: Operation, outcome: &Outcome, decision: Decision) {
    let provider = SharedString::from_shared(provider.into());
    let outcome = match outcome {
        Outcome::Answered { status, .. } => SharedString::from_owned(status.as_u16().to_string()),
        Outcome::Failed(kind) => SharedString::const_str(word(*kind)),
    };
    let operation = operation.name();
    counter!("anykey_attempts_total", "provider" => provider.clone(), "operation" => operation, "outcome" => outcome)
        .increment(1);
    if matches!(decision, Decision::RetryAfter(_)) {
        counter!("anykey_retries_total", "provider" => provider, "operation" => operation).increment(1);
    }
}

const fn word(kind: TransportErrorKind) -> &'static str {
    match kind {
        TransportErrorKind::Refused => "not_sent",
        TransportErrorKind::Connect => "connect",
        TransportErrorKind::Tls => "tls",
        TransportErrorKind::Timeout => "timeout",
        TransportErrorKind::BodyTooLarge => "body_too_large",
        _ => "interrupted",
    }
}
