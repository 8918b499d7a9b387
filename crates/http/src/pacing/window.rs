//! How one limit is used up over time.
//!
//! The memory is bounded: ended requests are counted in grains of a thousandth of the window and not one by one.

use std::collections::VecDeque;
use std::time::Duration;

use tokio::time::Instant;

/// Nobody minds waiting for the whole of a window this short, so it is not spread.
const SHORT: Duration = Duration::from_secs(5);

/// Requests that ended within this part of a window are remembered together.
const GRAINS: u32 = 1_024;

/// When another request may be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Availability {
    /// At once.
    Now,
    /// Not before this instant.
    At(Instant),
    /// When one that is under way ends, and a window later.
    AfterATurn,
}

/// How one limit is used up: the requests under way, and those that ended less than a window ago.
#[derive(Debug)]
pub(super) struct Window {
    /// How many requests the limit allows.
    most: u32,
    /// How many of them may be sent without a pause.
    at_once: u32,
    /// The length of the window.
    per: Duration,
    /// How many have not ended.
    under_way: u32,
    /// The ended ones that still count, oldest first.
    ended: VecDeque<Ended>,
    /// How many those are.
    ended_count: u32,
    /// When the last one began.
    entered_last: Option<Instant>,
}

/// Requests that ended at about the same time.
#[derive(Debug)]
struct Ended {
    /// When the first of them ended.
    first: Instant,
    /// When the last of them ended; all count until a window after that.
    last: Instant,
    /// How many they are.
    count: u32,
}

impl Window {
    /// An unused window.
    pub(super) fn new(most: u32, per: Duration) -> Self {
        let at_once = if per <= SHORT { most } else { most.div_ceil(2) };
        Self { most, at_once, per, under_way: 0, ended: VecDeque::new(), ended_count: 0, entered_last: None }
    }

    /// How long it is.
    pub(super) const fn length(&self) -> Duration {
        self.per
    }

    /// When another request may be sent. After the first part of a window, the rest is spread over the time until
    /// the window has capacity again.
    pub(super) fn availability(&mut self, now: Instant) -> Availability {
        self.forget(now);
        let used = self.under_way.saturating_add(self.ended_count);
        if used < self.at_once {
            return Availability::Now;
        }
        let free_again = self.ended.front().map(|ended| after(ended.last, self.per));
        let Some(left) = self.most.checked_sub(used).filter(|left| *left > 0) else {
            return free_again.map_or(Availability::AfterATurn, Availability::At);
        };
        let Some(before) = self.entered_last else { return Availability::Now };
        let until = free_again.unwrap_or_else(|| after(now, self.per));
        let step = until.saturating_duration_since(before) / left.saturating_add(1);
        let next = after(before, step);
        if next <= now { Availability::Now } else { Availability::At(next) }
    }

    /// Counts a request that is sent.
    pub(super) fn enter(&mut self, now: Instant) {
        self.under_way = self.under_way.saturating_add(1);
        self.entered_last = Some(now);
    }

    /// Counts a request that has ended. It counts against the limit for a whole window more.
    pub(super) fn leave(&mut self, now: Instant) {
        self.under_way = self.under_way.saturating_sub(1);
        self.ended_count = self.ended_count.saturating_add(1);
        let grain = self.per / GRAINS;
        match self.ended.back_mut() {
            Some(ended) if now.saturating_duration_since(ended.first) < grain => {
                ended.last = now;
                ended.count = ended.count.saturating_add(1);
            }
            _ => self.ended.push_back(Ended { first: now, last: now, count: 1 }),
        }
    }

    /// Drops what ended a window ago.
    fn forget(&mut self, now: Instant) {
        while let Some(ended) = self.ended.front().filter(|ended| after(ended.last, self.per) <= now) {
            self.ended_count = self.ended_count.saturating_sub(ended.count);
            self.ended.pop_front();
        }
    }
}

fn after(instant: Instant, wait: Duration) -> Instant {
    instant.checked_add(wait).unwrap_or(instant)
}
