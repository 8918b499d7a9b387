//! All rules about seats in one pure function: [`Seat::step`] takes a record and an event and returns the new record
//! and a command.
//!
//! The driver has to follow one rule: **it writes the record before it executes the command**, and does not send an
//! activation whose record could not be written. Then an activation that may have taken a seat is never forgotten,
//! wherever the driver stops.

use anykey_core::{Error, KeyCode};

use crate::{GuardError, SeatRecord};

mod activate;
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
mod renew;
mod settling;

pub(crate) use command::{Command, Done, Failure};
pub(crate) use context::{Context, ProviderInfo};
pub(crate) use event::{Answered, Event, Lookup, Request};

use command::Next;

/// A record, and what the running operation waits for. Only the record is stored.
#[derive(Debug)]
pub(crate) struct Seat {
    pub(crate) record: SeatRecord,
    waits_for: Waiting,
}

/// What an operation waits for, with the data to continue.
#[derive(Debug)]
enum Waiting {
    /// Nothing: the operation starts, or has ended.
    Nothing,
    /// The validation of the held seat; `again` after a refusal that may be mistaken.
    HeldSeat { goal: Goal, again: bool },
    /// The pause before the held seat is validated again.
    Pause { goal: Goal },
    /// The current vendor's validation of the key of a seat at another vendor.
    Import,
    /// The validation of the held seat under another code, which is valid if the key was rotated.
    Rotation { entry: Entry },
    /// The validation of the key alone, because the refusal of the seat had no reason.
    KeyAlone { entry: Entry, refusal: anykey_core::Refusal },
    /// The list of activations.
    List { purpose: Purpose },
    /// The answer to an activation.
    Activation { entry: Entry },
    /// The validation of a key without seats.
    WithoutSeat { entry: Entry },
    /// The renewal of the held seat, which was just validated.
    Renewal,
    /// The answer to the deactivation of the seat that is being released.
    Release { part: Part, scope: Scope },
    /// The answer to the deactivation of an unreleased seat.
    Unreleased { index: usize, then: Done },
}

/// Why the held seat is validated.
#[derive(Debug)]
enum Goal {
    /// A check.
    Check,
    /// The same key was entered again.
    Enter(Entry),
    /// The seat was found in the vendor's list.
    Adopted,
}

/// A key to activate.
#[derive(Clone, Debug)]
struct Entry {
    code: KeyCode,
    /// Whether the user accepts that an activation whose answer was lost may cost a seat.
    accept_second_seat: bool,
    origin: Origin,
}

/// Why a key is activated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Origin {
    /// The user entered it.
    User,
    /// The current vendor knows the key of a seat at another vendor.
    OtherVendor,
    /// The held seat has ended at the vendor.
    EndedSeat,
}

/// Why the activations are listed.
#[derive(Debug)]
enum Purpose {
    /// To find out whether a pending activation took a seat.
    Pending,
    /// To find a seat that this installation already has, before activating.
    Activate(Entry),
    /// To release the seat of a pending activation.
    Release(Scope),
    /// To release an unreleased seat whose activation was never answered.
    Unreleased { index: usize, then: Done },
}

/// Which seat is being released.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Pending,
    Held,
}

/// The options and the state of a release.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Scope {
    /// Without an answer, the seat is recorded as unreleased and forgotten otherwise.
    pub(crate) later: bool,
    /// The seat is released even when other users of this computer share it.
    pub(crate) all_users: bool,
    /// Whether the held seat was found in the vendor's list, so that another user may have it.
    pub(crate) found: bool,
    /// The result for the pending activation.
    pub(crate) pending: Option<crate::Release>,
}

impl Seat {
    pub(crate) const fn new(record: SeatRecord) -> Self {
        Self { record, waits_for: Waiting::Nothing }
    }

    /// Processes `event`. An unexpected event ends the operation with an error.
    pub(crate) fn step(self, event: Event, context: &Context<'_>) -> (Self, Command) {
        let Self { mut record, waits_for } = self;
        record.observe(context.seen);
        let (waits_for, command) = next(&mut record, waits_for, event, context);
        (Self { record, waits_for }, command)
    }
}

/// The handler of an event in a state. Every pair that no operation produces ends the operation, so that a driver
/// with a mistake cannot loop.
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
            activate::key_alone_answered(record, entry, refusal, answer, context)
        }
        (Waiting::List { purpose: Purpose::Pending }, Event::Listed(lookup)) => {
            check::pending_looked_up(record, lookup, context)
        }
        (Waiting::List { purpose: Purpose::Activate(entry) }, Event::Listed(lookup)) => {
            activate::looked_up(record, entry, lookup, context)
        }
        (Waiting::List { purpose: Purpose::Release(scope) }, Event::Listed(lookup)) => {
            release::pending_looked_up(record, scope, lookup, context)
        }
        (Waiting::List { purpose: Purpose::Unreleased { index, then } }, Event::Listed(lookup)) => {
            give_back::looked_up(record, index, then, lookup, context)
        }
        (Waiting::Activation { entry }, Event::Activated(answer)) => {
            activate::activated(record, entry, answer, context)
        }
        (Waiting::Activation { entry }, Event::NotWritten) => activate::not_written(record, &entry, context),
        (Waiting::WithoutSeat { entry }, Event::Validated(answer)) => {
            activate::validated_without_seat(record, entry, answer, context)
        }
        (Waiting::Renewal, Event::Renewed(answer)) => renew::answered(record, answer, context),
        (Waiting::Release { part, scope }, Event::Deactivated(answer)) => {
            release::deactivated(record, part, scope, answer, context)
        }
        (Waiting::Unreleased { index, then }, Event::Deactivated(answer)) => {
            give_back::deactivated(record, index, then, &answer, context)
        }
        _ => command::stop(GuardError::NoAnswer(Error::new(
            anykey_core::ErrorKind::InvalidRequest,
            "an unexpected answer arrived",
        ))),
    }
}

/// The first step of a request.
fn begin(record: &mut SeatRecord, request: Request, context: &Context<'_>) -> Next {
    match request {
        Request::Check => check::begin(record, context),
        Request::Enter { code, accept_second_seat } => {
            enter::begin(record, Entry { code, accept_second_seat, origin: Origin::User }, context)
        }
        Request::Release { later, all_users } => {
            release::begin(record, Scope { later, all_users, found: false, pending: None }, context)
        }
        Request::Forget => {
            record.release();
            record.unreleased.clear();
            command::done(Done::Checked)
        }
        Request::Restore(seat) => enter::restore(record, *seat, context),
    }
}
