//! Rate limits that are kept by waiting, so that a 429 is the exception.

use std::fmt;
use std::num::NonZeroU32;
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::future::{Either, select};
use tokio::sync::Notify;
use tokio::time::{Instant, sleep_until, timeout_at};

pub use self::shared::{BudgetUnavailable, Place, SharedBudget, TurnId};
pub use self::sharing::SharedPacing;
use self::state::State;
use self::window::Availability;

mod account;
mod file;
mod shared;
mod sharing;
mod state;
mod window;

/// A documented rate limit: so many requests per so much time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Limit {
    /// How many requests the vendor allows.
    pub requests: NonZeroU32,
    /// In how long a window.
    pub per: Duration,
}

impl Limit {
    /// At most `requests` in any window of `per`. A zero `per` limits nothing.
    #[must_use]
    pub const fn new(requests: NonZeroU32, per: Duration) -> Self {
        Self { requests, per }
    }
}

/// How long a request may take whose deadline is unknown, until a shared budget takes its process for ended.
const LONGEST_TURN: Duration = Duration::from_secs(60);

/// Ten years: what is longer cannot be added to an instant everywhere.
const LONGEST: Duration = Duration::from_secs(10 * 365 * 86_400);

/// Keeps a client under the vendor's rate limits by making requests wait their turn.
///
/// Clones share one queue, first come, first served; giving up waiting costs the others nothing. Only one page of all
/// listings of an [`ApiClient`](crate::ApiClient) stands in it at a time, and that page lets other requests go first,
/// once: an activation does not wait for the pages that a listing has requested ahead. All that a limit allows is used,
/// and no window of its length ever holds more, wherever it begins, which also satisfies vendors whose fixed window
/// starts at the first request. Since it is unknown when the vendor counts a request, one takes its place from the
/// moment it may be sent until a whole window after its [`Turn`] is over.
///
/// A window of more than a few seconds gives its first half at once and spreads the other over its rest, so that
/// a request after a burst waits seconds and not a minute.
///
/// ```
/// use std::num::NonZeroU32;
/// use std::time::Duration;
/// use anykey_http::{Limit, Pacer};
///
/// let per_second = Limit::new(NonZeroU32::new(40).ok_or("zero")?, Duration::from_secs(1));
/// let per_minute = Limit::new(NonZeroU32::new(240).ok_or("zero")?, Duration::from_secs(60));
/// let pacer = Pacer::new(&[per_second, per_minute]);
/// # Ok::<(), &str>(())
/// ```
#[derive(Clone)]
pub struct Pacer(Arc<Shared>);

/// What all clones of a pacer share.
struct Shared {
    /// The limits, shortest window first.
    limits: Vec<Limit>,
    /// After how long without an answer one request goes alone.
    cold_after: Option<Duration>,
    /// Held by the request whose turn is next; the others wait for it in order.
    queue: tokio::sync::Mutex<()>,
    /// Held by the page of a listing that stands in the queue; the other pages wait for it.
    page_in_queue: tokio::sync::Mutex<()>,
    /// Wakes that page when another kind of request comes.
    other_has_come: Notify,
    /// How the limits are used up.
    state: Mutex<State>,
    /// Wakes a request that waits for another one to end.
    turn_over: Notify,
    /// The budget of all processes; `None` when this one has the limits to itself.
    budget: Option<Arc<dyn SharedBudget>>,
}

/// How a request stands in the queue of a pacer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Precedence {
    /// A page of a listing. Many may be requested ahead, so it comes after the other pages and lets other requests go
    /// first.
    Page,
    /// Any other request: in the order in which they come.
    Other,
}

/// The turn of one request, given by [`Pacer::acquire`]. End it with [`answered`](Self::answered) when the answer is
/// there.
///
/// When it is dropped before, as by a caller who gives up, the turn is over too, but the vendor may not have seen the
/// request: a pacer that sends [one first](Pacer::with_one_first) sends the next one alone again.
#[derive(Debug)]
#[must_use = "the turn is over when this is dropped; hold it until the answer is there"]
pub struct Turn {
    /// Whose turn it is.
    pacer: Pacer,
    /// Whether the vendor has seen the request.
    is_answered: bool,
    /// Its name in the shared budget.
    id: TurnId,
}

impl Turn {
    /// Ends the turn of a request that was answered, whatever the answer says.
    pub fn answered(mut self) {
        self.is_answered = true;
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.pacer.state().leave(Instant::now(), self.is_answered);
        if let Some(budget) = &self.pacer.0.budget {
            budget.end(self.id, self.is_answered);
        }
        self.pacer.0.turn_over.notify_one();
    }
}

impl Pacer {
    /// Paces by all `limits` together.
    #[must_use]
    pub fn new(limits: &[Limit]) -> Self {
        Self::build(limits, None)
    }

    /// As [`new`](Self::new), but the first request goes alone, as does the first after `idle` without an answer, and
    /// the others when it is answered.
    ///
    /// For vendors that allow less to a credential which they have not seen lately.
    #[must_use]
    pub fn with_one_first(limits: &[Limit], idle: Duration) -> Self {
        Self::build(limits, Some(idle))
    }

    /// A pacer; `cold_after` as in [`with_one_first`](Self::with_one_first).
    fn build(limits: &[Limit], cold_after: Option<Duration>) -> Self {
        let mut limits = limits.to_vec();
        limits.sort_by_key(|limit| limit.per);
        let state = State::new(limits.iter().copied());
        Self::from_parts(limits, cold_after, state, None)
    }

    fn from_parts(
        limits: Vec<Limit>,
        cold_after: Option<Duration>,
        state: State,
        budget: Option<Arc<dyn SharedBudget>>,
    ) -> Self {
        Self(Arc::new(Shared {
            limits,
            cold_after,
            queue: tokio::sync::Mutex::new(()),
            page_in_queue: tokio::sync::Mutex::new(()),
            other_has_come: Notify::new(),
            state: Mutex::new(state),
            turn_over: Notify::new(),
            budget,
        }))
    }

    /// No limit; waits only after [`back_off`](Self::back_off).
    #[must_use]
    pub fn unlimited() -> Self {
        Self::new(&[])
    }

    /// The limits this pacer keeps, shortest window first.
    #[must_use]
    pub fn limits(&self) -> &[Limit] {
        &self.0.limits
    }

    /// After how long without an answer one request goes alone; `None` for [`new`](Self::new).
    #[must_use]
    pub fn one_first_after(&self) -> Option<Duration> {
        self.0.cold_after
    }

    /// Waits until a request may be sent. When it is answered, call [`Turn::answered`].
    ///
    /// Drop the future to leave the queue.
    pub async fn acquire(&self) -> Turn {
        self.acquire_for(LONGEST_TURN).await
    }

    /// As [`acquire`](Self::acquire), for a request that ends within `longest`.
    async fn acquire_for(&self, longest: Duration) -> Turn {
        self.0.other_has_come.notify_waiters();
        let _first = self.0.queue.lock().await;
        self.wait(longest).await
    }

    /// As [`acquire_for`](Self::acquire_for), for a page of a listing, which lets other requests go first, once.
    async fn acquire_page(&self, longest: Duration) -> Turn {
        let _page = self.0.page_in_queue.lock().await;
        {
            let other = pin!(self.0.other_has_come.notified());
            let _first = self.0.queue.lock().await;
            if let Either::Left((turn, _)) = select(pin!(self.wait(longest)), other).await {
                return turn;
            }
        }
        let _first = self.0.queue.lock().await;
        self.wait(longest).await
    }

    /// Waits at the head of the queue.
    async fn wait(&self, longest: Duration) -> Turn {
        let id = TurnId::random();
        match &self.0.budget {
            None => self.acquire_local().await,
            Some(budget) => self.acquire_shared(budget, id, longest).await,
        }
        self.turn(id)
    }

    fn turn(&self, id: TurnId) -> Turn {
        Turn { pacer: self.clone(), is_answered: false, id }
    }

    async fn acquire_local(&self) {
        loop {
            match self.try_take() {
                Availability::Now => return,
                Availability::At(until) => sleep_until(until).await,
                Availability::AfterATurn => self.0.turn_over.notified().await,
            }
        }
    }

    /// Until when nothing is sent after a 429; `None` when that is over.
    fn held_until(&self) -> Option<Instant> {
        self.state().held_until(Instant::now())
    }

    /// Makes everybody who shares this pacer wait for `wait` from now, after a 429. Never shortens a wait.
    pub fn back_off(&self, wait: Duration) {
        let Some(until) = Instant::now().checked_add(wait.min(LONGEST)) else { return };
        self.state().hold(until);
        if let Some(budget) = &self.0.budget {
            budget.back_off(wait);
        }
    }

    /// Like [`acquire`](Self::acquire), but gives up when it cannot be done by `deadline`; at once where
    /// that is known beforehand. The error is how long everybody has to wait, if known.
    pub(crate) async fn acquire_by(
        &self,
        deadline: Instant,
        precedence: Precedence,
    ) -> Result<Turn, Option<Duration>> {
        if let Some(turn) = self.acquire_now(precedence) {
            return Ok(turn);
        }
        // Allocated, because few requests wait, and inside of this future it would make that of every request larger.
        Box::pin(self.wait_by(deadline, precedence)).await
    }

    /// The turn of a request for which no other one and no limit is in the way.
    fn acquire_now(&self, precedence: Precedence) -> Option<Turn> {
        if self.0.budget.is_some() {
            return None;
        }
        let _page = match precedence {
            Precedence::Page => Some(self.0.page_in_queue.try_lock().ok()?),
            Precedence::Other => None,
        };
        let _first = self.0.queue.try_lock().ok()?;
        match self.try_take() {
            Availability::Now => Some(self.turn(TurnId::random())),
            Availability::At(_) | Availability::AfterATurn => None,
        }
    }

    async fn wait_by(&self, deadline: Instant, precedence: Precedence) -> Result<Turn, Option<Duration>> {
        if let Some(until) = self.held_until().filter(|until| *until >= deadline) {
            return Err(Some(until.saturating_duration_since(Instant::now())));
        }
        let longest = deadline.saturating_duration_since(Instant::now());
        let acquire = async {
            match precedence {
                Precedence::Page => self.acquire_page(longest).await,
                Precedence::Other => self.acquire_for(longest).await,
            }
        };
        timeout_at(deadline, acquire)
            .await
            .map_err(|_| self.held_until().map(|until| until.saturating_duration_since(Instant::now())))
    }

    /// Takes a place in every window, all at the same instant, or says when to try again.
    fn try_take(&self) -> Availability {
        self.state().take(Instant::now(), self.0.cold_after)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for Pacer {
    fn default() -> Self {
        Self::unlimited()
    }
}

impl fmt::Debug for Pacer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pacer").field("limits", &self.0.limits).finish_non_exhaustive()
    }
}
