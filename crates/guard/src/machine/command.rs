//! What the driver does next.

use std::time::Duration;

use anykey_core::{ActivationId, KeyCode};

use super::Waiting;
use crate::{GuardError, Release};

/// The next action of the driver. `at` is an index into [`Context::providers`](super::Context::providers).
#[derive(Debug)]
pub(crate) enum Command {
    /// Validate `code`, with its activation if there is one.
    Validate { at: usize, code: KeyCode, activation: Option<ActivationId> },
    /// List the activations of `code`.
    List { at: usize, code: KeyCode },
    /// Activate once. Only after the record was written.
    Activate { at: usize, code: KeyCode, label: String },
    /// Keep a seat that would end.
    Renew { at: usize, code: KeyCode, activation: ActivationId },
    /// Deactivate.
    Deactivate { at: usize, code: KeyCode, activation: ActivationId },
    /// Wait for this long.
    Wait(Duration),
    /// The operation has ended.
    Done(Result<Done, Failure>),
}

/// The result of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Done {
    /// The record is up to date.
    Checked,
    /// The seat was released, or there was none.
    Released(Release),
}

/// Why an operation failed.
#[derive(Debug)]
pub(crate) enum Failure {
    Guard(GuardError),
    /// The record could not be written. The driver has the error.
    NotWritten,
}

/// What the operation waits for, and the command that brings it.
pub(super) type Next = (Waiting, Command);

/// Ends the operation.
pub(super) fn done(done: Done) -> Next {
    (Waiting::Nothing, Command::Done(Ok(done)))
}

/// Ends the operation with an error. The record keeps what was learned before.
pub(super) fn stop(error: GuardError) -> Next {
    (Waiting::Nothing, Command::Done(Err(Failure::Guard(error))))
}
