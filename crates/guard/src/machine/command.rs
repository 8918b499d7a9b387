use std::time::Duration;

use anykey_core::{ActivationId, KeyCode};

use super::Waiting;
use crate::{GuardError, Release};

/// What a driver has to do next. `at` is an index into [`Context::providers`](super::Context::providers).
#[derive(Debug)]
pub(crate) enum Command {
    /// Ask about `code`, with its activation if there is one.
    Validate { at: usize, code: KeyCode, activation: Option<ActivationId> },
    /// Read the activations of `code`.
    List { at: usize, code: KeyCode },
    /// Take a seat, once. Only with a written record.
    Activate { at: usize, code: KeyCode, label: String },
    /// Free a seat.
    Deactivate { at: usize, code: KeyCode, activation: ActivationId },
    /// Let this time pass.
    Wait(Duration),
    /// The operation has ended.
    Done(Result<Done, Failure>),
}

/// How an operation ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Done {
    /// The record is up to date.
    Checked,
    /// The seat was released, or was not there.
    Released(Release),
}

/// Why an operation did not do what it was asked for.
#[derive(Debug)]
pub(crate) enum Failure {
    Guard(GuardError),
    /// The record could not be written; the driver knows why.
    NotWritten,
}

pub(super) type Next = (Waiting, Command);

pub(super) fn done(done: Done) -> Next {
    (Waiting::Nothing, Command::Done(Ok(done)))
}

pub(super) fn stop(error: GuardError) -> Next {
    (Waiting::Nothing, Command::Done(Err(Failure::Guard(error))))
}
