//! The requests of this process, to report them to Redis, again after it lost its data.

use std::collections::HashMap;
use std::time::Duration;

use anykey_http::TurnId;
use tokio::time::Instant;

/// What became of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TurnState {
    /// It is under way, until the instant at the latest.
    Running,
    /// It has ended and may not have reached the vendor.
    Ended,
    /// The vendor answered.
    Answered,
    /// It was never sent.
    Cancelled,
}

impl TurnState {
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Ended => "ended",
            Self::Answered => "answered",
            Self::Cancelled => "cancelled",
        }
    }
}

/// A request, what became of it, and for how long: since its end, or until its end at the latest.
pub(super) type Report = (TurnId, TurnState, Duration);

/// The requests of the last window.
#[derive(Debug)]
pub(super) struct Turns {
    window: Duration,
    known: HashMap<TurnId, Known>,
    /// How many are not reported.
    unreported: usize,
}

#[derive(Clone, Copy, Debug)]
struct Known {
    state: TurnState,
    at: Instant,
    is_reported: bool,
}

impl Turns {
    pub(super) fn new(window: Duration) -> Self {
        Self { window, known: HashMap::new(), unreported: 0 }
    }

    /// Redis has given this request a place.
    pub(super) fn granted(&mut self, turn: TurnId, latest: Instant) {
        self.set(turn, Known { state: TurnState::Running, at: latest, is_reported: true });
    }

    /// The request is sent without having asked Redis.
    pub(super) fn began(&mut self, turn: TurnId, latest: Instant) {
        self.set(turn, Known { state: TurnState::Running, at: latest, is_reported: false });
    }

    pub(super) fn end(&mut self, turn: TurnId, state: TurnState, now: Instant) {
        self.set(turn, Known { state, at: now, is_reported: false });
    }

    pub(super) const fn has_unreported(&self) -> bool {
        self.unreported > 0
    }

    /// What is to be reported. It counts as reported, unless [`forget_report`](Self::forget_report) follows.
    pub(super) fn unreported(&mut self, now: Instant) -> Vec<Report> {
        let window = self.window;
        // What ended a window ago does not count any more.
        self.known.retain(|_, known| {
            known.at + window > now && !(known.state == TurnState::Cancelled && known.is_reported)
        });
        self.unreported = 0;
        let unreported = self.known.iter_mut().filter(|(_, known)| !known.is_reported);
        unreported
            .map(|(turn, known)| {
                known.is_reported = true;
                let duration = match known.state {
                    TurnState::Running => known.at.saturating_duration_since(now),
                    _ => now.saturating_duration_since(known.at),
                };
                (*turn, known.state, duration)
            })
            .collect()
    }

    /// Takes back that `reports` were made.
    pub(super) fn forget_report(&mut self, reports: &[Report]) {
        for (turn, state, _) in reports {
            if let Some(known) = self.known.get_mut(turn)
                && known.state == *state
                && known.is_reported
            {
                known.is_reported = false;
                self.unreported = self.unreported.saturating_add(1);
            }
        }
    }

    /// Takes back all reports, after Redis lost them.
    pub(super) fn forget_reports(&mut self) {
        self.known.values_mut().for_each(|known| known.is_reported = false);
        self.unreported = self.known.len();
    }

    fn set(&mut self, turn: TurnId, known: Known) {
        let before = self.known.insert(turn, known);
        match (before.is_none_or(|before| before.is_reported), known.is_reported) {
            (true, false) => self.unreported = self.unreported.saturating_add(1),
            (false, true) => self.unreported = self.unreported.saturating_sub(1),
            _ => {}
        }
    }
}
