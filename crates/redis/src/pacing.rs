//! A pacer's limits, kept by several processes together.

mod turns;

use std::num::NonZeroU32;
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use anykey_core::async_trait;
use anykey_http::{BudgetUnavailable, Limit, Pacer, Place, SharedBudget, TurnId};
use redis::{Script, ScriptInvocation};
use tokio::time::Instant;

use self::turns::{Report, TurnState, Turns};
use crate::RedisServer;
use crate::server::CommandError;

static TAKE: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!("pacing/take.lua")));
static REPORT: LazyLock<Script> = LazyLock::new(|| Script::new(include_str!("pacing/report.lua")));

/// Ten years: what is longer cannot be added to an instant everywhere.
const LONGEST_WINDOW: Duration = Duration::from_secs(10 * 365 * 86_400);

/// Longer than any turn: what is kept beyond the longest window.
const BEYOND: Duration = Duration::from_secs(120);

impl RedisServer {
    /// A pacer with the limits of `local` that up to `processes` processes keep together, for the adapters' setters
    /// `device_pacer` and `management_pacer`. `account` names what the vendor counts by, such as `acme-device`;
    /// processes with the same account and prefix share the limits.
    ///
    /// No window of any length ever holds more requests than the vendor's limit, over all processes, by the clock of
    /// Redis. After a 429 all of them wait. While Redis cannot be used, each process goes on with its share: the limits
    /// divided by `processes`. When it is back, each reports what it sent meanwhile, also after Redis lost its data.
    ///
    /// ```
    /// use std::num::NonZeroU32;
    /// use std::time::Duration;
    ///
    /// use anykey_core::SecretString;
    /// use anykey_http::{Limit, Pacer};
    /// use anykey_redis::RedisServer;
    ///
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
    /// let redis = RedisServer::builder(SecretString::from("redis://127.0.0.1")).build()?;
    /// let number = |number| NonZeroU32::new(number).unwrap();
    /// let limits = [Limit::new(number(20), Duration::from_secs(1)), Limit::new(number(100), Duration::from_secs(60))];
    /// let pacer = redis.pacer("acme-device", &Pacer::new(&limits), number(8));
    /// # Ok::<_, anykey_core::Error>(())
    /// # }).unwrap();
    /// ```
    #[must_use]
    pub fn pacer(&self, account: &str, local: &Pacer, processes: NonZeroU32) -> Pacer {
        local.shared(Arc::new(RedisBudget::new(self, account, local)), processes)
    }
}

/// The budget of one account.
#[derive(Clone, Debug)]
struct RedisBudget(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    server: RedisServer,
    keys: [String; 2],
    limits: Vec<Limit>,
    idle: Duration,
    /// The longest window.
    window: Duration,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    /// The generation of the data in Redis that this process has reported to; `None` before the first.
    generation: Option<String>,
    turns: Turns,
    /// Until when all have to wait, where it is not reported yet.
    hold_until: Option<Instant>,
    is_reporting: bool,
}

impl State {
    fn has_failed_report(&self) -> bool {
        (self.turns.has_unreported() || self.hold_until.is_some()) && !self.is_reporting
    }
}

impl RedisBudget {
    fn new(server: &RedisServer, account: &str, local: &Pacer) -> Self {
        let limits: Vec<Limit> =
            local.limits().iter().copied().filter(|limit| !limit.per.is_zero()).collect();
        let longest = limits.iter().map(|limit| limit.per).max().unwrap_or_default().min(LONGEST_WINDOW);
        let key = server.key("pacing", account);
        Self(Arc::new(Inner {
            server: server.clone(),
            keys: [format!("{key}turns"), format!("{key}state")],
            limits,
            idle: local.one_first_after().unwrap_or_default(),
            window: longest,
            state: Mutex::new(State {
                generation: None,
                turns: Turns::new(longest),
                hold_until: None,
                is_reporting: false,
            }),
        }))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn script(&self, script: &'static Script) -> ScriptInvocation<'static> {
        let mut invocation = script.prepare_invoke();
        self.0.keys.iter().for_each(|key| {
            invocation.key(key);
        });
        invocation
    }

    fn time_to_live(&self, longest: Duration) -> u64 {
        let all = self.0.window.saturating_add(longest.max(BEYOND)).max(self.0.idle);
        u64::try_from(all.as_millis()).unwrap_or(u64::MAX / 2)
    }

    async fn ask(&self, turn: TurnId, longest: Duration) -> Result<Place, CommandError> {
        if self.state().has_failed_report() {
            self.report().await?;
        }
        loop {
            let known = self.state().generation.clone();
            let mut script = self.script(&TAKE);
            script.arg(turn.to_string()).arg(microseconds(longest)).arg(microseconds(self.0.idle));
            script.arg(known.unwrap_or_default()).arg(new_generation()).arg(self.time_to_live(longest));
            for limit in &self.0.limits {
                script.arg(limit.requests.get()).arg(microseconds(limit.per));
            }
            let (answer, wait, generation): (u8, u64, String) = self.0.server.run(&script).await?;
            match answer {
                0 | 1 => self.state().generation = Some(generation),
                // Redis lost its data, or was away: it is told first what this process did.
                _ => {
                    self.state().turns.forget_reports();
                    self.report().await?;
                    self.state().generation = Some(generation);
                    continue;
                }
            }
            return Ok(if answer == 0 { Place::Now } else { Place::After(Duration::from_micros(wait)) });
        }
    }

    /// Reports what is not reported yet.
    async fn report(&self) -> Result<(), CommandError> {
        loop {
            let now = Instant::now();
            let (turns, hold_until) = {
                let mut state = self.state();
                (state.turns.unreported(now), state.hold_until.take())
            };
            let hold = hold_until.map_or(Duration::ZERO, |until| until.saturating_duration_since(now));
            if turns.is_empty() && hold.is_zero() {
                return Ok(());
            }
            let mut script = self.script(&REPORT);
            script.arg(new_generation()).arg(self.time_to_live(Duration::ZERO)).arg(microseconds(hold));
            for (id, state, duration) in &turns {
                script.arg(id.to_string()).arg(state.word()).arg(microseconds(*duration));
            }
            let mut undelivered = Undelivered { budget: self, turns, hold_until };
            let generation = self.0.server.run::<String>(&script).await?;
            (undelivered.turns, undelivered.hold_until) = (Vec::new(), None);
            let mut state = self.state();
            // Redis lost its data.
            if state.generation.as_ref().is_some_and(|known| *known != generation) {
                state.generation = Some(generation);
                state.turns.forget_reports();
            }
        }
    }

    /// Reports in the background. One task at a time, so that reports arrive in order.
    fn report_soon(&self) {
        if std::mem::replace(&mut self.state().is_reporting, true) {
            return;
        }
        let budget = self.clone();
        self.0.server.spawn(async move {
            loop {
                // What cannot be reported now is reported after the next place that is taken.
                let outcome = budget.report().await;
                let mut state = budget.state();
                if outcome.is_err() || !state.turns.has_unreported() && state.hold_until.is_none() {
                    state.is_reporting = false;
                    return;
                }
            }
        });
    }
}

/// A report that counts as not made unless it arrives, also when the future is dropped.
struct Undelivered<'a> {
    budget: &'a RedisBudget,
    turns: Vec<Report>,
    hold_until: Option<Instant>,
}

impl Drop for Undelivered<'_> {
    fn drop(&mut self) {
        let mut state = self.budget.state();
        state.turns.forget_report(&self.turns);
        state.hold_until = state.hold_until.max(self.hold_until);
    }
}

#[async_trait]
impl SharedBudget for RedisBudget {
    async fn take(&self, turn: TurnId, longest: Duration) -> Result<Place, BudgetUnavailable> {
        let place = self.ask(turn, longest).await.map_err(|_| BudgetUnavailable)?;
        if place == Place::Now {
            self.state().turns.granted(turn, Instant::now() + longest);
        }
        Ok(place)
    }

    fn began(&self, turn: TurnId, longest: Duration) {
        self.state().turns.began(turn, Instant::now() + longest);
    }

    fn end(&self, turn: TurnId, is_answered: bool) {
        let state = if is_answered { TurnState::Answered } else { TurnState::Ended };
        self.state().turns.end(turn, state, Instant::now());
        self.report_soon();
    }

    fn cancel(&self, turn: TurnId) {
        self.state().turns.end(turn, TurnState::Cancelled, Instant::now());
        self.report_soon();
    }

    fn back_off(&self, wait: Duration) {
        let Some(until) = Instant::now().checked_add(wait) else { return };
        let mut state = self.state();
        state.hold_until = state.hold_until.max(Some(until));
        drop(state);
        self.report_soon();
    }
}

fn microseconds(duration: Duration) -> u64 {
    // Exact in the numbers of a script.
    const MOST: u64 = 1 << 52;
    u64::try_from(duration.as_micros()).unwrap_or(MOST).min(MOST)
}

fn new_generation() -> String {
    format!("{:032x}", fastrand::u128(..))
}

#[cfg(test)]
mod tests {
    use anykey_core::SecretString;
    use tokio::net::TcpListener;
    use tokio::time::timeout;

    use super::*;

    #[tokio::test]
    async fn a_report_whose_caller_gave_up_is_made_again() {
        let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("redis://{}", silent.local_addr().unwrap());
        let server = RedisServer::builder(SecretString::from(url)).build().unwrap();
        let local = Pacer::new(&[Limit::new(NonZeroU32::MIN, Duration::from_secs(60))]);
        let budget = RedisBudget::new(&server, "acme", &local);
        budget.state().hold_until = Some(Instant::now() + Duration::from_secs(60));
        assert!(timeout(Duration::from_millis(1), budget.report()).await.is_err(), "nobody answers");
        assert!(budget.state().has_failed_report(), "the wait after a 429 is still to be reported");
    }
}
