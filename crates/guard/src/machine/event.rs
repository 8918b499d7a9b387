use anykey_core::{Activation, Error, KeyCode, Validation};

use crate::SeatBackup;
use crate::answer::AnswerTime;

/// Something that happened: what was asked for, or what came of a command.
#[derive(Debug)]
pub(crate) enum Event {
    Asked(Request),
    Validated(Answered<Box<Validation>>),
    Listed(Result<Lookup, Error>),
    Activated(Answered<Activation>),
    /// The record could not be written, so the activation was not sent.
    NotWritten,
    Deactivated(Result<(), Error>),
    Waited,
}

/// What an app asks of its seat.
#[derive(Debug)]
pub(crate) enum Request {
    /// Ask the vendor, and clean up.
    Check,
    /// Use this key.
    Enter { code: KeyCode, insists: bool },
    /// Give the seat back.
    Release { later: bool, all_users: bool },
    /// Forget everything, whatever the vendor counts.
    Forget,
    /// Use the seat of a backup.
    Restore(Box<SeatBackup>),
}

/// An answer, or an error, and when it came.
#[derive(Debug)]
pub(crate) struct Answered<T> {
    pub(crate) outcome: Result<T, Error>,
    pub(crate) at: AnswerTime,
}

/// What the vendor's list of activations says.
#[derive(Debug)]
pub(crate) enum Lookup {
    /// The provider at hand cannot list activations.
    NotPossible,
    /// All activations of the key.
    Listed(Vec<Activation>),
}
