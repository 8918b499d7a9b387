use std::time::Duration;

use tokio::time::Instant;

use super::window::{Availability, Window};
use super::{LONGEST, Limit};

/// How the limits of a pacer are used up.
#[derive(Debug)]
pub(super) struct State {
    /// One window for each limit that limits something.
    windows: Vec<Window>,
    /// How many turns are not over.
    under_way: u32,
    /// When the vendor last answered.
    answered_last: Option<Instant>,
    /// Until when nothing is sent, after a 429.
    held_until: Option<Instant>,
}

impl State {
    /// Unused limits.
    pub(super) fn new(limits: impl Iterator<Item = Limit>) -> Self {
        let windows = limits
            .filter(|limit| !limit.per.is_zero())
            .map(|limit| Window::new(limit.requests.get(), limit.per.min(LONGEST)))
            .collect();
        Self { windows, under_way: 0, answered_last: None, held_until: None }
    }

    /// Takes a place in every window, all at the same instant, or says when to try again. After `cold_after` without an
    /// answer one request goes alone.
    pub(super) fn take(&mut self, now: Instant, cold_after: Option<Duration>) -> Availability {
        if let Some(until) = self.held_until(now) {
            return Availability::At(until);
        }
        if let Some(idle) = cold_after
            && self.under_way > 0
            && self.answered_last.is_none_or(|at| now.saturating_duration_since(at) >= idle)
        {
            return Availability::AfterATurn;
        }
        for window in &mut self.windows {
            match window.availability(now) {
                Availability::Now => {}
                wait => return wait,
            }
        }
        self.enter(now);
        Availability::Now
    }

    /// The longest window; zero without one.
    pub(super) fn longest_window(&self) -> Duration {
        self.windows.iter().map(Window::length).max().unwrap_or_default()
    }

    /// Counts a request that is sent.
    pub(super) fn enter(&mut self, now: Instant) {
        self.windows.iter_mut().for_each(|window| window.enter(now));
        self.under_way = self.under_way.saturating_add(1);
    }

    /// Counts a request that has ended.
    pub(super) fn leave(&mut self, now: Instant, is_answered: bool) {
        self.windows.iter_mut().for_each(|window| window.leave(now));
        self.under_way = self.under_way.saturating_sub(1);
        if is_answered {
            self.answered(now);
        }
    }

    /// Keeps when the vendor last answered.
    pub(super) fn answered(&mut self, at: Instant) {
        self.answered_last = Some(at);
    }

    /// Sends nothing until then. Never shortens a wait.
    pub(super) fn hold(&mut self, until: Instant) {
        self.held_until = Some(self.held_until.map_or(until, |held| held.max(until)));
    }

    /// Until when nothing is sent; `None` when that is over.
    pub(super) fn held_until(&self, now: Instant) -> Option<Instant> {
        self.held_until.filter(|until| *until > now)
    }
}
