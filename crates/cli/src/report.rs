//! Errors as one line: what, which provider, which operation, what to do next.

use std::error::Error as _;
use std::io::{self, Write};

use anykey::{Error, ErrorKind, Operation, RefusalReason};

use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::plain;

/// Prints `failure` to stderr; with `verbose`, what else is known about it. Nobody is told of a closed pipe.
pub(crate) fn print(failure: &Failure, target: Option<&str>, verbose: bool) {
    if failure.exit() != Exit::Done {
        let _nobody_is_left_to_read = io::stderr().write_all(text(failure, target, verbose).as_bytes());
    }
}

fn text(failure: &Failure, target: Option<&str>, verbose: bool) -> String {
    let mut text = format!("error: {}\n", plain(&line(failure, target)));
    if let (Failure::Library(error), true) = (failure, verbose) {
        for detail in details(error) {
            text.push_str(&format!("  {}\n", plain(&detail)));
        }
    }
    text
}

fn line(failure: &Failure, target: Option<&str>) -> String {
    match failure {
        Failure::Library(error) => library_line(error, target),
        Failure::Usage(message) => message.clone(),
        Failure::Output(error) => format!("the results cannot be written: {error}"),
        Failure::Interrupted => "interrupted".to_owned(),
    }
}

/// The error as one line; `target` is the provider it is about.
pub(crate) fn library_line(error: &Error, target: Option<&str>) -> String {
    let place = target.or(error.provider()).map(|place| format!("{place}: ")).unwrap_or_default();
    // Its kind says that already.
    let operation = error.operation().filter(|operation| *operation != Operation::Configure);
    let operation = operation.map(|operation| format!("{operation}: ")).unwrap_or_default();
    let status = error.http_status().map(|status| format!(" (HTTP {status})")).unwrap_or_default();
    format!("{place}{operation}{}: {}{status}; next: {}", error.kind(), error.message(), next_step(error))
}

fn details(error: &Error) -> Vec<String> {
    let mut details = Vec::new();
    let mut said = error.message().to_owned();
    let mut cause = error.source();
    while let Some(current) = cause {
        let text = current.to_string();
        // Many errors repeat their cause.
        if !said.contains(&text) {
            details.push(format!("caused by: {text}"));
            said.push_str(&text);
        }
        cause = current.source();
    }
    details.extend(error.vendor_code().map(|code| format!("vendor's code: {code}")));
    details.extend(error.request_id().map(|id| format!("request id: {id}")));
    details.push(format!("attempts: {}", error.attempts()));
    details
}

/// What to do about the error.
pub(crate) fn next_step(error: &Error) -> String {
    if error.may_have_taken_effect() {
        return after_lost_answer(error.operation()).to_owned();
    }
    if let Some(wait) = error.retry_after() {
        return format!("try again in {} s", wait.as_secs().max(1));
    }
    let step = match error.kind() {
        ErrorKind::Refused => after_refusal(error.refusal().map(|refusal| refusal.reason)),
        ErrorKind::NotFound if error.operation() == Some(Operation::List) => {
            "check the key, look for it at every provider with `anykey find`, and check the environment with `anykey \
             config check`"
        }
        ErrorKind::NotFound if matches!(error.operation(), Some(Operation::Vendor(_))) => {
            "check the ids in the configuration: `anykey config check`"
        }
        ErrorKind::NotFound => {
            "check the id with `anykey keys list`, and the environment with `anykey config check`"
        }
        ErrorKind::Conflict => "look at the key with `anykey keys get` or `anykey keys find`",
        ErrorKind::InvalidRequest => "correct the argument; `--help` says what each one takes",
        ErrorKind::Unauthenticated | ErrorKind::PermissionDenied => {
            "see with `anykey config check` which credential and environment are used"
        }
        ErrorKind::RateLimited => "try again in a minute",
        ErrorKind::Unavailable | ErrorKind::Timeout | ErrorKind::Transport => {
            "try again later; `anykey config check --online` shows when the vendor answers"
        }
        ErrorKind::Unrecognized => {
            "try again, and check base_url and any proxy; if it stays, report it with what `-v` adds"
        }
        ErrorKind::Decode => "try again; if it stays, report it with what `-v` adds",
        ErrorKind::Unsupported => "see with `anykey providers` what each vendor can do",
        _ => "correct the configuration; `anykey config check` explains it",
    };
    step.to_owned()
}

const fn after_lost_answer(operation: Option<Operation>) -> &'static str {
    match operation {
        Some(Operation::Activate) => {
            "the seat may be taken: look with `anykey activations list` before activating again"
        }
        Some(Operation::Create) => {
            "the key may exist: look with `anykey keys find` or `anykey keys list` before creating it again"
        }
        _ => "it may be done: look with `anykey keys get` before doing it again",
    }
}

const fn after_refusal(reason: Option<RefusalReason>) -> &'static str {
    match reason {
        Some(RefusalReason::UnknownKey) => {
            "check the key, and with `anykey config check` the environment it was made in"
        }
        Some(RefusalReason::Expired) => "a seller may set a later end with `anykey keys update`",
        Some(RefusalReason::Disabled | RefusalReason::Inactive | RefusalReason::Revoked) => {
            "a seller may see its status with `anykey keys find` and put it in force with `anykey keys enable`"
        }
        Some(RefusalReason::UnknownActivation) => "see the key's activations with `anykey activations list`",
        Some(RefusalReason::ActivationLimitReached) => {
            "free a seat with `anykey activations remove`, or raise the limit with `anykey keys update`"
        }
        Some(RefusalReason::ActivationRequired) => {
            "take a seat with `anykey activate` and validate with its id"
        }
        Some(RefusalReason::WrongEnvironment) => {
            "a key bought in test mode is good in the sandbox only: see `environment` in the configuration"
        }
        Some(
            RefusalReason::SubscriptionCanceled
            | RefusalReason::SubscriptionEnded
            | RefusalReason::PaymentFailed,
        ) => "the key is in force again when its subscription is",
        Some(RefusalReason::ActivationsNotSupported) => "validate the key without activating it",
        _ => "look at the key with `anykey keys find`",
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use anykey::adapter::ErrorExt as _;

    #[test]
    fn the_line_says_what_where_and_what_next() {
        let error = Error::new(ErrorKind::RateLimited, "too many requests")
            .with_provider("acme")
            .with_operation(Operation::Validate)
            .with_status(429)
            .with_retry_after(Duration::from_millis(1));
        assert_eq!(
            library_line(&error, Some("main (acme, live)")),
            "main (acme, live): validate: rate limited: too many requests (HTTP 429); next: try again in 1 s"
        );
    }

    #[test]
    fn one_line_stays_one_line() {
        let error = Error::new(ErrorKind::Decode, "a\r\nb\u{1b}[2J").with_source("c\nd").with_attempts(2);
        let text = text(&Failure::Library(error), None, true);
        assert_eq!(
            text,
            "error: unreadable answer: a  b [2J; next: try again; if it stays, report it with what `-v` adds\n  \
             caused by: c d\n  attempts: 2\n"
        );
    }

    #[test]
    fn a_lost_answer_advises_to_look_before_repeating() {
        let lost = Error::new(ErrorKind::Timeout, "no answer").with_may_have_taken_effect(true);
        let activation = next_step(&lost.with_operation(Operation::Activate));
        assert!(activation.contains("activations list"), "{activation}");
    }
}
