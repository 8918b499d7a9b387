//! One installation between two vendors, and the driver of its seat with every fault that a driver can have.

use anykey_core::adapter::KeyCodeExt as _;
use anykey_core::{
    ActivationId, Capabilities, Capability, KeyCode, RefusalReason, SignedDuration, Timestamp,
};
use proptest::prelude::*;

use super::vendor::{MARK, Vendor, Weather};
use crate::answer::AnswerTime;
use crate::clock::plus;
use crate::machine::{Answered, Command, Context, Event, Lookup, Reach, Request, Seat};
use crate::{AccessState, Issuer, Policy, RefusedBy, SeatRecord, evaluate};

const NAMES: [&str; 2] = ["old", "new"];

/// Something that happens. Faults hit the calls of the next operation, one after the other.
#[derive(Clone, Debug)]
pub(super) enum Happening {
    Check,
    Enter {
        key: &'static str,
        insists: bool,
    },
    EnterRotated,
    Release {
        later: bool,
    },
    TimePasses(i64),
    ClockIsSet(i64),
    Faults(Vec<Weather>),
    /// The process ends at this step of the next operation, after the command was carried out.
    Crash(usize),
    DeniedWrites(usize),
    Refund,
    Pays,
    Rotate,
    /// The configuration names the other vendor now, and perhaps the former one too.
    Swap {
        keeps_former: bool,
    },
    /// The other vendor imports the keys.
    Import,
}

pub(super) fn happening() -> impl Strategy<Value = Happening> {
    let weather = prop_oneof![
        4 => Just(Weather::Fine),
        2 => Just(Weather::Down),
        2 => Just(Weather::AnswerLost),
        1 => Just(Weather::RequestLost),
        1 => Just(Weather::WrongNo),
    ];
    let key = prop_oneof![Just("A"), Just("B")];
    prop_oneof![
        6 => Just(Happening::Check),
        // Insisting accepts a second seat, so it has a test of its own.
        5 => key.prop_map(|key| Happening::Enter { key, insists: false }),
        1 => Just(Happening::EnterRotated),
        2 => any::<bool>().prop_map(|later| Happening::Release { later }),
        4 => (0..40_i64 * 86_400).prop_map(Happening::TimePasses),
        1 => (-100_i64 * 86_400..100 * 86_400).prop_map(Happening::ClockIsSet),
        5 => proptest::collection::vec(weather, 1..6).prop_map(Happening::Faults),
        2 => (0..6_usize).prop_map(Happening::Crash),
        2 => (1..4_usize).prop_map(Happening::DeniedWrites),
        1 => Just(Happening::Refund),
        2 => Just(Happening::Pays),
        1 => Just(Happening::Rotate),
        1 => any::<bool>().prop_map(|keeps_former| Happening::Swap { keeps_former }),
        1 => Just(Happening::Import),
    ]
}

pub(super) struct Life {
    vendors: [Vendor; 2],
    /// Which vendors the app asks, the current one first.
    configured: Vec<usize>,
    /// What the store holds, and what this process knows.
    stored: SeatRecord,
    known: SeatRecord,
    true_time: Timestamp,
    clock_off_by: SignedDuration,
    faults: Vec<Weather>,
    crash_at: Option<usize>,
    denied_writes: usize,
    longest: usize,
    /// Seats that cannot be given back any more, since their key was rotated meanwhile.
    out_of_reach: Vec<ActivationId>,
}

impl Life {
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
            out_of_reach: Vec::new(),
        }
    }

    pub(super) fn happens(&mut self, happening: &Happening) {
        match happening {
            Happening::Check => self.run(Request::Check),
            Happening::Enter { key, insists } => {
                self.run(Request::Enter { code: KeyCode::verbatim(*key), insists: *insists });
            }
            Happening::EnterRotated => {
                if let Some(code) = self.vendors[self.configured[0]].first_code() {
                    self.run(Request::Enter { code, insists: false });
                }
            }
            Happening::Release { later } => self.run(Request::Release { later: *later, all_users: false }),
            Happening::TimePasses(by) => {
                self.true_time = plus(self.true_time, SignedDuration::from_secs(*by))
            }
            Happening::ClockIsSet(by) => self.clock_off_by = SignedDuration::from_secs(*by),
            Happening::Faults(faults) => self.faults = faults.iter().rev().copied().collect(),
            Happening::Crash(at) => self.crash_at = Some(*at),
            Happening::DeniedWrites(writes) => self.denied_writes = *writes,
            Happening::Refund => {
                self.vendors.iter_mut().for_each(|vendor| vendor.refuse(Some(RefusalReason::Revoked)));
            }
            Happening::Pays => self.pays(),
            Happening::Rotate => {
                // A seat whose id nobody knows cannot be found under the new code.
                let held = self.known.held.as_ref().and_then(|held| held.activation.clone());
                let unknown =
                    self.seats().into_iter().map(|(.., id)| id).filter(|id| Some(id) != held.as_ref());
                self.out_of_reach.extend(unknown);
                self.vendors[self.configured[0]].rotate();
            }
            Happening::Swap { keeps_former } => {
                let current = 1 - self.configured[0];
                self.configured = vec![current];
                self.configured.extend(keeps_former.then_some(1 - current));
            }
            Happening::Import => ["A", "B"].iter().for_each(|code| self.vendors[1].sell(code)),
        }
    }

    /// Everything can be reached again, and the clock is right.
    pub(super) fn heals(&mut self) {
        self.faults.clear();
        self.crash_at = None;
        self.denied_writes = 0;
        self.clock_off_by = SignedDuration::ZERO;
        self.configured = vec![self.configured[0], 1 - self.configured[0]];
        // Longer than an activation may be on its way.
        self.true_time = plus(self.known.high_water.max(self.true_time), SignedDuration::from_hours(1));
    }

    pub(super) fn pays(&mut self) {
        self.vendors.iter_mut().for_each(|vendor| vendor.refuse(None));
    }

    pub(super) fn wrong_no_once(&mut self) {
        self.faults = vec![Weather::WrongNo];
    }

    pub(super) fn seats(&self) -> Vec<(usize, KeyCode, ActivationId)> {
        let of = |(at, vendor): (usize, &Vendor)| {
            vendor.seats().into_iter().map(move |(code, id)| (at, code, id)).collect::<Vec<_>>()
        };
        let is_in_reach = |(.., id): &(usize, KeyCode, ActivationId)| !self.out_of_reach.contains(id);
        self.vendors.iter().enumerate().flat_map(of).filter(is_in_reach).collect()
    }

    /// The most seats that one key of one vendor has, those that are noted to be given back apart.
    pub(super) fn most_seats_at_one_vendor(&self) -> usize {
        let is_owed =
            |id: &ActivationId| self.known.owed.iter().any(|owed| owed.activation.as_ref() == Some(id));
        let lost = self.known.owed.iter().filter(|owed| owed.activation.is_none()).count();
        let seats = self.seats();
        let count = |at: usize| {
            let of_vendor =
                seats.iter().filter(|(one, ..)| *one == at).filter(|(.., id)| !is_owed(id)).count();
            // A replacement takes its seat before the old one is given back.
            let replacing = usize::from(self.known.held.is_some() && self.known.pending.is_some());
            of_vendor.saturating_sub(lost + replacing)
        };
        count(0).max(count(1))
    }

    /// Seats that the vendors count, that could be given back, and that the record knows nothing of.
    pub(super) fn forgotten_seats(&self) -> Vec<(usize, KeyCode, ActivationId)> {
        let record = &self.known;
        let is_known = |(at, code, id): &(usize, KeyCode, ActivationId)| {
            let here = |issuer: &Issuer| &*issuer.vendor == NAMES[*at];
            let held = record.held.as_ref().is_some_and(|seat| seat.activation.as_ref() == Some(id));
            let may_be = |issuer: &Issuer, seat: &KeyCode| here(issuer) && seat == code;
            let pending = record.pending.as_ref().is_some_and(|seat| may_be(&seat.issuer, &seat.code));
            let owed = record.owed.iter().any(|seat| {
                seat.activation.as_ref() == Some(id)
                    || (seat.activation.is_none() && may_be(&seat.issuer, &seat.code))
            });
            held || pending || owed
        };
        // Where nobody can look, a lost activation of another key cannot be told from one that took no seat.
        self.seats().into_iter().filter(|seat| self.vendors[seat.0].can_list && !is_known(seat)).collect()
    }

    pub(super) fn nos(&self) -> usize {
        self.vendors.iter().map(|vendor| vendor.nos).sum()
    }

    pub(super) fn longest_operation(&self) -> usize {
        self.longest
    }

    pub(super) fn is_refused_by_vendor(&self) -> bool {
        self.is_refused(&self.known)
    }

    /// What a crash brings back, when the writes of a later yes were denied.
    pub(super) fn is_refused_in_the_store(&self) -> bool {
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
                && self.known.owed.is_empty()
        })
    }

    fn clock(&self) -> Timestamp {
        plus(self.true_time, self.clock_off_by)
    }

    fn run(&mut self, request: Request) {
        let reach = self.reach();
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
                providers: &reach,
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
                command => self.carry_out(command),
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

    /// What was not written is lost, except the one more try that a process makes when it ends.
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

    fn reach(&self) -> Vec<Reach> {
        let able = [Capability::Validate, Capability::Activate, Capability::Deactivate];
        let reach =
            |at: &usize| Reach { issuer: Issuer::new(NAMES[*at]), capabilities: Capabilities::of(&able) };
        self.configured.iter().map(reach).collect()
    }

    fn carry_out(&mut self, command: Command) -> Event {
        let weather = self.faults.pop().unwrap_or(Weather::Fine);
        let (now, clock) = (self.true_time, self.clock());
        let at_answer = AnswerTime { clock, latest: clock };
        let vendor = |at: usize| self.configured[at];
        match command {
            Command::Validate { at, code, activation } => {
                let at = vendor(at);
                let outcome = self.vendors[at].validate(&code, activation.as_ref(), weather);
                Event::Validated(Answered { outcome: outcome.map(Box::new), at: at_answer })
            }
            Command::List { at, code } => {
                let at = vendor(at);
                let listed = self.vendors[at].list(&code, weather);
                Event::Listed(listed.map(|listed| listed.map_or(Lookup::NotPossible, Lookup::Listed)))
            }
            Command::Activate { at, code, label } => {
                let at = vendor(at);
                let outcome = self.vendors[at].activate(&code, &label, now, weather);
                Event::Activated(Answered { outcome, at: at_answer })
            }
            Command::Deactivate { at, code, activation } => {
                let at = vendor(at);
                let answer = self.vendors[at].deactivate(&code, &activation, weather);
                let refusal = answer.as_ref().err().and_then(|error| error.refusal());
                if refusal.is_some_and(|refusal| refusal.reason == RefusalReason::UnknownKey) {
                    self.out_of_reach.push(activation);
                }
                Event::Deactivated(answer)
            }
            Command::Wait(_) => Event::Waited,
            Command::Done(_) => Event::Waited,
        }
    }
}
