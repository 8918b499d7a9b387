//! All rules about seats, as one pure function: [`Seat::step`] takes a record and an event and returns the record
//! and a command.
//!
//! Whoever drives it keeps to one rule: **the record is written before the command is carried out**, and an
//! activation whose record could not be written is not sent. Then nothing that may have taken a seat is ever
//! forgotten, wherever the driver stops.

use anykey_core::{Error, KeyCode};

use crate::{GuardError, SeatRecord};

mod adopt;
mod ask;
mod check;
mod check_outcome;
mod command;
mod context;
mod enter;
mod event;
mod give_back;
#[cfg(test)]
mod properties;
mod release;
mod settling;
mod take;

pub(crate) use command::{Command, Done, Failure};
pub(crate) use context::{Context, Reach};
pub(crate) use event::{Answered, Event, Lookup, Request};

use command::Next;

/// A record, and what the operation under way waits for. Only the record outlives the operation.
#[derive(Debug)]
pub(crate) struct Seat {
    pub(crate) record: SeatRecord,
    waits_for: Waiting,
}

/// What an operation waits for, and what it goes on with then.
#[derive(Debug)]
enum Waiting {
    /// Nothing: the operation begins, or has ended.
    Nothing,
    /// The vendor's answer about the held seat; the second one after a no that may be wrong.
    HeldSeat { goal: Goal, again: bool },
    /// Some seconds, to ask about the held seat again.
    Pause { goal: Goal },
    /// The current vendor's answer about the key of a seat that was taken elsewhere.
    Import,
    /// The answer about the held seat under another key, which is the same key if it was rotated.
    Rotation { entry: Entry },
    /// The answer about the key alone, since the one about the seat gave no reason.
    KeyAlone { entry: Entry, refusal: anykey_core::Refusal },
    /// The vendor's list of activations.
    List { purpose: Purpose },
    /// The answer to an activation.
    Activation { entry: Entry },
    /// The answer about a key that has no seats to take.
    Seatless { entry: Entry },
    /// The answer to the deactivation of a seat that is released.
    Release { part: Part, scope: Scope },
    /// The answer to the deactivation of an owed seat.
    Owed { index: usize, then: Done },
}

/// Why the vendor is asked about the held seat.
#[derive(Debug)]
enum Goal {
    /// To know whether it is still good.
    Check,
    /// The same key was entered again.
    Enter(Entry),
    /// It was found at the vendor.
    Adopted,
}

/// A key that was entered.
#[derive(Clone, Debug)]
struct Entry {
    code: KeyCode,
    /// Whether the user accepts that an activation whose answer was lost may cost a seat.
    insists: bool,
    /// Whether nobody entered it: the current vendor knows the key of a seat that was taken elsewhere.
    imported: bool,
}

/// What the list of activations is read for.
#[derive(Debug)]
enum Purpose {
    /// To learn what came of a pending activation.
    Pending,
    /// To find the seat that this installation has already.
    Take(Entry),
    /// To free the seat of a pending activation.
    Release(Scope),
    /// To free an owed seat whose activation was never answered.
    Owed { index: usize, then: Done },
}

/// What is being released.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Pending,
    Held,
}

/// How far a release goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Scope {
    /// Without an answer, the seat is noted as owed and counts as released here.
    pub(crate) later: bool,
    /// The seat goes although other users of this computer share it.
    pub(crate) all_users: bool,
    /// Whether the held seat was found at the vendor and somebody else may use it.
    pub(crate) found: bool,
    /// What became of the pending activation.
    pub(crate) pending: Option<crate::Release>,
}

impl Seat {
    pub(crate) const fn new(record: SeatRecord) -> Self {
        Self { record, waits_for: Waiting::Nothing }
    }

    /// What follows from `event`. An event that nobody waits for ends the operation.
    pub(crate) fn step(self, event: Event, context: &Context<'_>) -> (Self, Command) {
        let Self { mut record, waits_for } = self;
        record.observe(context.seen);
        let (waits_for, command) = next(&mut record, waits_for, event, context);
        (Self { record, waits_for }, command)
    }
}

fn next(record: &mut SeatRecord, waits_for: Waiting, event: Event, context: &Context<'_>) -> Next {
    match (waits_for, event) {
        (Waiting::Nothing, Event::Asked(request)) => begin(record, request, context),
        (Waiting::HeldSeat { goal, again }, Event::Validated(answer)) => {
            check::answered(record, goal, again, answer, context)
        }
        (Waiting::Pause { goal }, Event::Waited) => ask::held_seat(record, goal, true, context),
        (Waiting::Import, Event::Validated(answer)) => check::import_answered(record, answer, context),
        (Waiting::Rotation { entry }, Event::Validated(answer)) => {
            enter::rotation_answered(record, entry, answer, context)
        }
        (Waiting::KeyAlone { entry, refusal }, Event::Validated(answer)) => {
            take::key_alone_answered(record, entry, refusal, answer, context)
        }
        (Waiting::List { purpose: Purpose::Pending }, Event::Listed(lookup)) => {
            check::pending_looked_up(record, lookup, context)
        }
        (Waiting::List { purpose: Purpose::Take(entry) }, Event::Listed(lookup)) => {
            take::looked_up(record, entry, lookup, context)
        }
        (Waiting::List { purpose: Purpose::Release(scope) }, Event::Listed(lookup)) => {
            release::pending_looked_up(record, scope, lookup, context)
        }
        (Waiting::List { purpose: Purpose::Owed { index, then } }, Event::Listed(lookup)) => {
            give_back::looked_up(record, index, then, lookup, context)
        }
        (Waiting::Activation { entry }, Event::Activated(answer)) => {
            take::activated(record, entry, answer, context)
        }
        (Waiting::Activation { entry }, Event::NotWritten) => take::not_written(record, &entry, context),
        (Waiting::Seatless { entry }, Event::Validated(answer)) => {
            take::seatless_answered(record, entry, answer, context)
        }
        (Waiting::Release { part, scope }, Event::Deactivated(answer)) => {
            release::deactivated(record, part, scope, answer, context)
        }
        (Waiting::Owed { index, then }, Event::Deactivated(answer)) => {
            give_back::deactivated(record, index, then, &answer, context)
        }
        _ => command::stop(GuardError::NoAnswer(Error::new(
            anykey_core::ErrorKind::InvalidRequest,
            "an answer came that nobody waits for",
        ))),
    }
}

fn begin(record: &mut SeatRecord, request: Request, context: &Context<'_>) -> Next {
    match request {
        Request::Check => check::begin(record, context),
        Request::Enter { code, insists } => {
            enter::begin(record, Entry { code, insists, imported: false }, context)
        }
        Request::Release { later, all_users } => {
            release::begin(record, Scope { later, all_users, found: false, pending: None }, context)
        }
        Request::Forget => {
            record.release();
            record.owed.clear();
            command::done(Done::Checked)
        }
        Request::Restore(seat) => enter::restore(record, *seat, context),
    }
}
