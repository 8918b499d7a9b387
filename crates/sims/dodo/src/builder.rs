//! The options that a simulator has from its start.

use anykey_core::Clock;
use anykey_sim_kit::SharedState;

use super::DodoSim;
use super::database::Database;
use super::environment::Environment;
use super::ids::IdSource;
use super::quirks::Quirks;
use super::rate_limit::{RateLimiter, RateLimits};
use super::state::State;
use super::webhooks::Outbox;

/// A builder for a [`DodoSim`].
///
/// ```
/// use anykey_core::{ManualClock, Timestamp};
/// use anykey_dodo_sim::{DodoSim, Environment, RateLimits};
///
/// let sim = DodoSim::builder(ManualClock::at(Timestamp::UNIX_EPOCH))
///     .environment(Environment::Live)
///     .rate_limits(RateLimits::default())
///     .build();
/// assert!(sim.business_id().starts_with("bus_"));
/// ```
///
/// Everything but the environment and the seed can also be changed later: see [`DodoSim::change_quirks`] and
/// [`DodoSim::set_rate_limits`].
#[derive(Clone, Debug)]
#[must_use]
pub struct DodoSimBuilder {
    clock: Clock,
    environment: Environment,
    quirks: Quirks,
    rate_limits: Option<RateLimits>,
    seed: u64,
}

impl DodoSimBuilder {
    pub(super) fn new(clock: Clock) -> Self {
        Self {
            clock,
            environment: Environment::default(),
            quirks: Quirks::default(),
            rate_limits: None,
            seed: 0,
        }
    }

    /// Sets the simulated environment. Default: [`Environment::Test`].
    pub fn environment(mut self, environment: Environment) -> Self {
        self.environment = environment;
        self
    }

    /// Sets the differences from the documented behaviour. Default: none.
    pub fn quirks(mut self, quirks: Quirks) -> Self {
        self.quirks = quirks;
        self
    }

    /// Sets rate limits per caller, which also add the `X-RateLimit-*` headers. Default: no limits and no headers.
    pub fn rate_limits(mut self, limits: RateLimits) -> Self {
        self.rate_limits = Some(limits);
        self
    }

    /// Sets the seed of all ids and key strings. Default: 0.
    ///
    /// Two simulators with equal seeds that get equal calls create equal ids and keys, so a test can be repeated
    /// exactly. Give each a seed of its own if a test compares the records of two of them.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// Builds the simulator, with one business.
    #[must_use]
    pub fn build(self) -> DodoSim {
        let mut state = State {
            environment: self.environment,
            quirks: self.quirks,
            limiter: RateLimiter::default(),
            ids: IdSource::new(self.seed),
            database: Database::default(),
        };
        state.database.outbox = Outbox::seeded(self.seed);
        state.limiter.set(self.rate_limits);
        let business = state.database.open_business(&mut state.ids);
        DodoSim { clock: self.clock, state: SharedState::new(state), business }
    }
}
