//! What can happen to an operation.

use anykey_core::{Activation, Error, KeyCode, Validation};

use crate::answer::AnswerTime;
use crate::{HeldProof, SeatBackup};

/// The input of a step: a request, or the result of a command.
#[derive(Debug)]
pub(crate) enum Event {
    Asked(Request),
    Validated(Answered<Box<Validation>>),
    Listed(Result<Lookup, Error>),
    Activated(Answered<Activation>),
    /// The record could not be written, so the activation was not sent.
    NotWritten,
    Deactivated(Result<(), Error>),
    Renewed(Result<Activation, Error>),
    Waited,
}

/// An operation that the app requested.
#[derive(Debug)]
pub(crate) enum Request {
    /// Check the held seat and release unreleased seats.
    Check,
    /// Activate this key.
    Enter { code: KeyCode, accept_second_seat: bool },
    /// Release the seat.
    Release { later: bool, all_users: bool },
    /// Forget everything without a request.
    Forget,
    /// Restore the seat of a backup.
    Restore(Box<SeatBackup>),
}

/// An answer or an error, with its time.
#[derive(Debug)]
pub(crate) struct Answered<T> {
    pub(crate) outcome: Result<T, Error>,
    /// The proof that came with it, verified.
    pub(crate) proof: Option<HeldProof>,
    /// When the answer arrived.
    pub(crate) at: AnswerTime,
}

/// The result of listing a key's activations.
#[derive(Debug)]
pub(crate) enum Lookup {
    /// The provider cannot list activations.
    NotPossible,
    /// All activations of the key.
    Listed(Vec<Activation>),
}
