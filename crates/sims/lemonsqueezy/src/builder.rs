//! The options that a simulator has from its start.

use anykey_core::Clock;
use anykey_sim_kit::SharedState;

use super::LemonSqueezySim;
use super::database::Database;
use super::ids::IdSource;
use super::quirks::Quirks;
use super::rate_limit::{RateLimiter, RateLimits};
use super::state::State;
use super::webhooks::outbox::Outbox;

/// A builder for a [`LemonSqueezySim`].
///
/// ```
/// use anykey_core::{ManualClock, Timestamp};
/// use anykey_lemonsqueezy_sim::{LemonSqueezySim, RateLimits};
///
/// let sim = LemonSqueezySim::builder(ManualClock::at(Timestamp::UNIX_EPOCH))
///     .rate_limits(RateLimits::default())
///     .build();
/// assert!(sim.store_id() > 0);
/// ```
///
/// Everything but the seed can also be changed later: see [`LemonSqueezySim::change_quirks`] and
/// [`LemonSqueezySim::set_rate_limits`].
#[derive(Clone, Debug)]
#[must_use]
pub struct LemonSqueezySimBuilder {
    clock: Clock,
    quirks: Quirks,
    rate_limits: Option<RateLimits>,
    seed: u64,
}

impl LemonSqueezySimBuilder {
    pub(super) fn new(clock: Clock) -> Self {
        Self { clock, quirks: Quirks::default(), rate_limits: None, seed: 0 }
    }

    /// Sets the differences from the known behaviour. Default: none.
    pub fn quirks(mut self, quirks: Quirks) -> Self {
        self.quirks = quirks;
        self
    }

    /// Sets rate limits per caller, which also add the `X-Ratelimit-*` headers. Default: no limits and no headers.
    pub fn rate_limits(mut self, limits: RateLimits) -> Self {
        self.rate_limits = Some(limits);
        self
    }

    /// Sets the seed of all ids and key strings. Default: 0.
    ///
    /// Two simulators with equal seeds that get equal calls create equal ids and keys, so a test can be repeated
    /// exactly.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// Builds the simulator, with one store.
    #[must_use]
    pub fn build(self) -> LemonSqueezySim {
        let mut state = State {
            quirks: self.quirks,
            limiter: RateLimiter::default(),
            ids: IdSource::new(self.seed),
            database: Database::default(),
            outbox: Outbox::default(),
        };
        state.limiter.set(self.rate_limits);
        let store = state.database.add_merchant(&mut state.ids);
        LemonSqueezySim { clock: self.clock, state: SharedState::new(state), store }
    }
}
