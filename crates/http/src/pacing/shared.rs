//! The seam to a budget that several processes share.

use std::fmt;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use anykey_core::async_trait;
use tokio::time::{Instant, sleep, sleep_until, timeout};

use super::state::State;
use super::window::Availability;
use super::{Limit, Pacer};

/// How long a waiting request does not ask the shared budget again.
const ASK_AGAIN: Duration = Duration::from_secs(1);

/// A budget of requests that several processes share, for authors of such stores.
/// [`Pacer::shared`](crate::Pacer::shared) asks it before every request.
///
/// It keeps the pacer's promise over all processes: a request takes its place from the moment [`take`](Self::take)
/// returns [`Place::Now`] until a whole window after [`end`](Self::end), or after the `longest` time that was passed to
/// `take` when its process ends without a report.
#[async_trait]
pub trait SharedBudget: fmt::Debug + Send + Sync + 'static {
    /// Takes a place in every window for the request `turn`, which ends within `longest`, or says when to ask again.
    ///
    /// It returns an error within a fraction of a second when the store cannot be reached. If the future is dropped,
    /// [`cancel`](Self::cancel) follows.
    ///
    /// # Errors
    ///
    /// [`BudgetUnavailable`]: the pacer goes on with its local share of the limits.
    async fn take(&self, turn: TurnId, longest: Duration) -> Result<Place, BudgetUnavailable>;

    /// Reports a request that is sent on the local share, for the time when the store is back.
    fn began(&self, turn: TurnId, longest: Duration);

    /// Reports that a request has ended. Does not wait for the store.
    fn end(&self, turn: TurnId, is_answered: bool);

    /// Gives back a place that may have been taken, for a request that is not sent. Does not wait for the store.
    fn cancel(&self, turn: TurnId);

    /// Makes all processes wait for `wait` from now, after a 429. Does not wait for the store.
    fn back_off(&self, wait: Duration);
}

/// The answer of a [`SharedBudget`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "a request is sent or waits")]
pub enum Place {
    /// The place is taken: send the request.
    Now,
    /// No place is free: ask again after this time.
    After(Duration),
}

/// The store of a shared budget cannot be reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "it has no details")]
pub struct BudgetUnavailable;

impl fmt::Display for BudgetUnavailable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the shared budget of requests cannot be reached")
    }
}

impl std::error::Error for BudgetUnavailable {}

/// The name of one request in a [`SharedBudget`], unique among all processes. `Display` writes 32 hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TurnId(u128);

impl TurnId {
    pub(super) fn random() -> Self {
        Self(fastrand::u128(..))
    }
}

impl fmt::Display for TurnId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

impl Pacer {
    /// A pacer with the same limits that asks `budget` for every request, so that up to `processes` processes keep them
    /// together. It shares nothing with this one.
    ///
    /// While the budget cannot be reached, each process goes on with its share: the limits divided by `processes`.
    /// Requests of one process keep their order; among processes there is none.
    #[must_use]
    pub fn shared(&self, budget: Arc<dyn SharedBudget>, processes: NonZeroU32) -> Self {
        let state = State::new(self.0.limits.iter().map(|limit| share(*limit, processes)));
        Self::from_parts(self.0.limits.clone(), self.0.cold_after, state, Some(budget))
    }

    /// Waits until the budget has a place, or until the local share has one while the budget cannot be reached.
    pub(super) async fn acquire_shared(&self, budget: &Arc<dyn SharedBudget>, id: TurnId, longest: Duration) {
        let mut asked = Asked::new(budget, id);
        loop {
            if let Some(until) = self.held_until() {
                sleep_until(until).await;
            }
            match asked.take(longest).await {
                Ok(Place::Now) => return self.state().enter(Instant::now()),
                // What makes the budget ask for everything again is known only when it is asked.
                Ok(Place::After(wait)) => sleep(wait.min(ASK_AGAIN)).await,
                Err(BudgetUnavailable) => match self.try_take() {
                    Availability::Now => {
                        asked.keep();
                        return budget.began(id, longest);
                    }
                    Availability::At(until) => sleep_until(until.min(Instant::now() + ASK_AGAIN)).await,
                    Availability::AfterATurn => {
                        let _elapsed = timeout(ASK_AGAIN, self.0.turn_over.notified()).await;
                    }
                },
            }
        }
    }
}

/// A place that is asked for. Cancelled when it is dropped before it is known to be taken.
pub(super) struct Asked<'a> {
    budget: &'a Arc<dyn SharedBudget>,
    turn: TurnId,
    is_open: bool,
}

impl<'a> Asked<'a> {
    pub(super) const fn new(budget: &'a Arc<dyn SharedBudget>, turn: TurnId) -> Self {
        Self { budget, turn, is_open: false }
    }

    pub(super) async fn take(&mut self, longest: Duration) -> Result<Place, BudgetUnavailable> {
        self.is_open = true;
        let answer = self.budget.take(self.turn, longest).await;
        // Without an answer the place may be taken.
        self.is_open = answer.is_err();
        answer
    }

    /// The request is sent whether the place was taken or not.
    pub(super) const fn keep(&mut self) {
        self.is_open = false;
    }
}

impl Drop for Asked<'_> {
    fn drop(&mut self) {
        if self.is_open {
            self.budget.cancel(self.turn);
        }
    }
}

/// The share of one of `processes` in `limit`: fewer requests, or one in a longer time where there is less than one for
/// each.
pub(super) fn share(limit: Limit, processes: NonZeroU32) -> Limit {
    match NonZeroU32::new(limit.requests.get() / processes) {
        Some(requests) => Limit { requests, ..limit },
        None => {
            let times = processes.get().div_ceil(limit.requests.get());
            Limit { requests: NonZeroU32::MIN, per: limit.per.saturating_mul(times) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shares_of_all_processes_are_within_the_limit() {
        let minute = Duration::from_secs(60);
        for (requests, processes, expected, times) in
            [(240, 8, 30, 1), (240, 7, 34, 1), (3, 8, 1, 3), (8, 8, 1, 1)]
        {
            let limit = Limit::new(NonZeroU32::new(requests).unwrap(), minute);
            let share = share(limit, NonZeroU32::new(processes).unwrap());
            assert_eq!(
                (share.requests.get(), share.per),
                (expected, minute * times),
                "{requests} {processes}"
            );
        }
    }
}
