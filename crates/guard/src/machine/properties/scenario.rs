//! One installation, two vendors, and a driver with every fault that a driver can have.

use anykey_core::adapter::KeyCodeExt as _;
use anykey_core::{
    ActivationId, Capabilities, Capability, Error, KeyCode, RefusalReason, SignedDuration, Timestamp,
};
use proptest::prelude::*;

use super::vendor::{Fault, MARK, Vendor};
use crate::answer::AnswerTime;
use crate::clock::plus;
use crate::machine::{Answered, Command, Context, Event, Lookup, ProviderInfo, Request, Seat};
use crate::{AccessState, Issuer, Policy, RefusedBy, SeatRecord, evaluate};

const NAMES: [&str; 2] = ["old", "new"];

/// One step of a scenario. Faults affect the calls of the next operation, in order.
#[derive(Clone, Debug)]
pub(super) enum Step {
    Check,
    Enter {
        key: &'static str,
        accept_second_seat: bool,
    },
    EnterRotated,
    Release {
        later: bool,
    },
    TimePasses(i64),
    ClockIsSet(i64),
    Faults(Vec<Fault>),
    /// The process ends at this step of the next operation, after the command was executed.
    Crash(usize),
    DeniedWrites(usize),
    Refund,
    Pays,
    Rotate,
    /// The configuration now names the other vendor, and possibly the former one too.
    Swap {
        keeps_former: bool,
    },
    /// The other vendor imports the keys.
    Import,
}

pub(super) fn step() -> impl Strategy<Value = Step> {
    let fault = prop_oneof![
        4 => Just(Fault::None),
        2 => Just(Fault::Down),
        2 => Just(Fault::AnswerLost),
        1 => Just(Fault::RequestLost),
        1 => Just(Fault::WrongRefusal),
    ];
    let key = prop_oneof![Just("A"), Just("B")];
    prop_oneof![
        6 => Just(Step::Check),
        // `accept_second_seat` allows a second seat, so it has a separate test.
        5 => key.prop_map(|key| Step::Enter { key, accept_second_seat: false }),
        1 => Just(Step::EnterRotated),
        2 => any::<bool>().prop_map(|later| Step::Release { later }),
        4 => (0..40_i64 * 86_400).prop_map(Step::TimePasses),
        1 => (-100_i64 * 86_400..100 * 86_400).prop_map(Step::ClockIsSet),
        5 => proptest::collection::vec(fault, 1..6).prop_map(Step::Faults),
        2 => (0..6_usize).prop_map(Step::Crash),
        2 => (1..4_usize).prop_map(Step::DeniedWrites),
        1 => Just(Step::Refund),
        2 => Just(Step::Pays),
        1 => Just(Step::Rotate),
        1 => any::<bool>().prop_map(|keeps_former| Step::Swap { keeps_former }),
        1 => Just(Step::Import),
    ]
}

pub(super) struct Scenario {
    vendors: [Vendor; 2],
    /// The vendors that the app uses, the current one first.
    configured: Vec<usize>,
    /// The record in the store, and the record in memory.
    stored: SeatRecord,
    known: SeatRecord,
    true_time: Timestamp,
    clock_off_by: SignedDuration,
    faults: Vec<Fault>,
    crash_at: Option<usize>,
    denied_writes: usize,
    longest: usize,
    /// Seats that can no longer be released, because their key was rotated.
    unreachable: Vec<ActivationId>,
}

impl Scenario {
    pub(super) fn new(can_list: bool) -> Self {
        let now: Timestamp = "2027-01-01T00:00:00Z".parse().unwrap();
        let mut vendors = [Vendor::new(can_list), Vendor::new(can_list)];
        vendors[0].sell("A");
        vendors[0].sell("B");
        let record = SeatRecord::new(MARK, now);
        Self {
            vendors,
            configured: vec![0],
            stored: record.clone(),
            known: record,
            true_time: now,
            clock_off_by: SignedDuration::ZERO,
            faults: Vec::new(),
            crash_at: None,
            denied_writes: 0,
            longest: 0,
            unreachable: Vec::new(),
        }
    }

    pub(super) fn apply(&mut self, step: &Step) {
        match step {
            Step::Check => self.run(Request::Check),
            Step::Enter { key, accept_second_seat } => {
                self.run(Request::Enter {
                    code: KeyCode::verbatim(*key),
                    accept_second_seat: *accept_second_seat,
                });
            }
            Step::EnterRotated => {
                if let Some(code) = self.vendors[self.configured[0]].first_code() {
                    self.run(Request::Enter { code, accept_second_seat: false });
                }
            }
            Step::Release { later } => self.run(Request::Release { later: *later, all_users: false }),
            Step::TimePasses(by) => self.true_time = plus(self.true_time, SignedDuration::from_secs(*by)),
            Step::ClockIsSet(by) => self.clock_off_by = SignedDuration::from_secs(*by),
            Step::Faults(faults) => self.faults = faults.iter().rev().copied().collect(),
            Step::Crash(at) => self.crash_at = Some(*at),
            Step::DeniedWrites(writes) => self.denied_writes = *writes,
            Step::Refund => {
                self.vendors.iter_mut().for_each(|vendor| vendor.refuse(Some(RefusalReason::Revoked)));
            }
            Step::Pays => self.pay(),
            Step::Rotate => {
                // A seat whose id is unknown cannot be found under the new code.
                let held = self.known.held.as_ref().and_then(|held| held.activation.clone());
                let unknown =
                    self.seats().into_iter().map(|(.., id)| id).filter(|id| Some(id) != held.as_ref());
                self.unreachable.extend(unknown);
                self.vendors[self.configured[0]].rotate();
            }
            Step::Swap { keeps_former } => {
                let current = 1 - self.configured[0];
                self.configured = vec![current];
                self.configured.extend(keeps_former.then_some(1 - current));
            }
            Step::Import => ["A", "B"].iter().for_each(|code| self.vendors[1].sell(code)),
        }
    }

    /// Ends all faults and corrects the clock.
    pub(super) fn recover(&mut self) {
        self.faults.clear();
        self.crash_at = None;
        self.denied_writes = 0;
        self.clock_off_by = SignedDuration::ZERO;
        self.configured = vec![self.configured[0], 1 - self.configured[0]];
        // Longer than an activation can be in transit.
        self.true_time = plus(self.known.high_water.max(self.true_time), SignedDuration::from_hours(1));
    }

    pub(super) fn pay(&mut self) {
        self.vendors.iter_mut().for_each(|vendor| vendor.refuse(None));
    }

    pub(super) fn refuse_wrongly_once(&mut self) {
        self.faults = vec![Fault::WrongRefusal];
    }

    pub(super) fn seats(&self) -> Vec<(usize, KeyCode, ActivationId)> {
        let of = |(at, vendor): (usize, &Vendor)| {
            vendor.seats().into_iter().map(move |(code, id)| (at, code, id)).collect::<Vec<_>>()
        };
        let is_reachable = |(.., id): &(usize, KeyCode, ActivationId)| !self.unreachable.contains(id);
        self.vendors.iter().enumerate().flat_map(of).filter(is_reachable).collect()
    }

    /// The largest number of seats at one vendor, without unreleased ones.
    pub(super) fn most_seats_at_one_vendor(&self) -> usize {
        let is_unreleased = |id: &ActivationId| {
            self.known.unreleased.iter().any(|unreleased| unreleased.activation.as_ref() == Some(id))
        };
        let lost = self.known.unreleased.iter().filter(|unreleased| unreleased.activation.is_none()).count();
        let seats = self.seats();
        let count = |at: usize| {
            let of_vendor =
                seats.iter().filter(|(one, ..)| *one == at).filter(|(.., id)| !is_unreleased(id)).count();
            // A replacement takes its seat before the old one is released.
            let replacing = usize::from(self.known.held.is_some() && self.known.pending.is_some());
            of_vendor.saturating_sub(lost + replacing)
        };
        count(0).max(count(1))
    }

    /// Seats that the vendors count and that could be released, but that the record does not contain.
    pub(super) fn forgotten_seats(&self) -> Vec<(usize, KeyCode, ActivationId)> {
        let record = &self.known;
        let is_known = |(at, code, id): &(usize, KeyCode, ActivationId)| {
            let here = |issuer: &Issuer| &*issuer.vendor == NAMES[*at];
            let held = record.held.as_ref().is_some_and(|seat| seat.activation.as_ref() == Some(id));
            let may_be = |issuer: &Issuer, seat: &KeyCode| here(issuer) && seat == code;
            let pending = record.pending.as_ref().is_some_and(|seat| may_be(&seat.issuer, &seat.code));
            let unreleased = record.unreleased.iter().any(|seat| {
                seat.activation.as_ref() == Some(id)
                    || (seat.activation.is_none() && may_be(&seat.issuer, &seat.code))
            });
            held || pending || unreleased
        };
        // Without a list, a lost activation cannot be distinguished from one that took no seat.
        self.seats().into_iter().filter(|seat| self.vendors[seat.0].can_list && !is_known(seat)).collect()
    }

    pub(super) fn refusals(&self) -> usize {
        self.vendors.iter().map(|vendor| vendor.refusals).sum()
    }

    pub(super) fn longest_operation(&self) -> usize {
        self.longest
    }

    pub(super) fn is_refused_by_vendor(&self) -> bool {
        self.is_refused(&self.known)
    }

    /// Whether the stored record, which a crash restores, is refused.
    pub(super) fn is_refused_in_store(&self) -> bool {
        self.is_refused(&self.stored)
    }

    fn is_refused(&self, record: &SeatRecord) -> bool {
        let access = evaluate(record, self.clock(), &Policy::default());
        matches!(access.state, AccessState::Refused { by: RefusedBy::Vendor, .. })
    }

    pub(super) fn is_good_at_the_current_vendor(&self) -> bool {
        let current = NAMES[self.configured[0]];
        self.known.held.as_ref().is_some_and(|held| {
            let vendor = &self.vendors[self.configured[0]];
            let is_counted = vendor
                .seats()
                .iter()
                .any(|(code, id)| *code == held.code && Some(id) == held.activation.as_ref());
            &*held.issuer.vendor == current
                && is_counted
                && held.last_good.is_some()
                && held.refusal.is_none()
                && self.known.pending.is_none()
                && self.known.unreleased.is_empty()
        })
    }

    fn clock(&self) -> Timestamp {
        plus(self.true_time, self.clock_off_by)
    }

    fn run(&mut self, request: Request) {
        let info = self.info();
        let policy = Policy::default();
        let mut seat = Seat::new(self.known.clone());
        let mut event = Event::Asked(request);
        let crash_at = self.crash_at.take();
        for step in 0.. {
            self.longest = self.longest.max(step);
            if step > 60 {
                return;
            }
            let context = Context {
                seen: self.clock().max(self.known.high_water),
                policy: &policy,
                providers: &info,
                device: "studio",
                user: None,
            };
            let command;
            (seat, command) = seat.step(event, &context);
            let is_written = self.write(&seat.record);
            if is_written || !matches!(command, Command::Activate { .. }) {
                self.known = seat.record.clone();
            }
            event = match command {
                Command::Activate { .. } if !is_written => Event::NotWritten,
                Command::Done(_) => break,
                command => self.execute(command),
            };
            if crash_at == Some(step) {
                break;
            }
        }
        if crash_at.is_some() {
            self.restart();
        }
        self.faults.clear();
    }

    /// Loses what was not written.
    fn restart(&mut self) {
        self.known = self.stored.clone();
    }

    fn write(&mut self, record: &SeatRecord) -> bool {
        if self.denied_writes > 0 {
            self.denied_writes -= 1;
            return false;
        }
        self.stored = record.clone();
        true
    }

    fn info(&self) -> Vec<ProviderInfo> {
        let able = [
            Capability::Validate,
            Capability::ValidateWithoutSeat,
            Capability::Activate,
            Capability::Deactivate,
        ];
        let info = |at: &usize| ProviderInfo {
            issuer: Issuer::new(NAMES[*at]),
            capabilities: Capabilities::of(&able),
        };
        self.configured.iter().map(info).collect()
    }

    fn execute(&mut self, command: Command) -> Event {
        let fault = self.faults.pop().unwrap_or(Fault::None);
        let (now, clock) = (self.true_time, self.clock());
        let at_answer = AnswerTime { clock, latest: clock };
        let vendor = |at: usize| self.configured[at];
        match command {
            Command::Validate { at, code, activation } => {
                let at = vendor(at);
                let outcome = self.vendors[at].validate(&code, activation.as_ref(), fault);
                Event::Validated(Answered { outcome: outcome.map(Box::new), proof: None, at: at_answer })
            }
            Command::List { at, code } => {
                let at = vendor(at);
                let listed = self.vendors[at].list(&code, fault);
                Event::Listed(listed.map(|listed| listed.map_or(Lookup::NotPossible, Lookup::Listed)))
            }
            Command::Activate { at, code, label } => {
                let at = vendor(at);
                let outcome = self.vendors[at].activate(&code, &label, now, fault);
                Event::Activated(Answered { outcome, proof: None, at: at_answer })
            }
            Command::Deactivate { at, code, activation } => {
                let at = vendor(at);
                let answer = self.vendors[at].deactivate(&code, &activation, fault);
                let refusal = answer.as_ref().err().and_then(|error| error.refusal());
                if refusal.is_some_and(|refusal| refusal.reason == RefusalReason::UnknownKey) {
                    self.unreachable.push(activation);
                }
                Event::Deactivated(answer)
            }
            Command::Renew { .. } => Event::Renewed(Err(Error::unsupported("model", Capability::Renew))),
            Command::Wait(_) => Event::Waited,
            Command::Done(_) => Event::Waited,
        }
    }
}
