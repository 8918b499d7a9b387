//! The options of a simulator.

use anykey_core::Clock;
use anykey_sim_kit::{SharedState, StartError};
use ring::signature::Ed25519KeyPair;

use super::KeygenSim;
use super::account::Account;
use super::ids::IdSource;
use super::quirks::Quirks;
use super::rate_limit::RateLimiter;
use super::state::State;
use super::webhooks::Outbox;

/// A builder for a [`KeygenSim`].
///
/// ```
/// use anykey_core::{ManualClock, Timestamp};
/// use anykey_keygen_sim::{KeygenSim, Quirks};
///
/// let mut quirks = Quirks::default();
/// quirks.implied_account = true; // a self-hosted installation
/// let clock = ManualClock::at(Timestamp::UNIX_EPOCH);
/// let sim = KeygenSim::builder(clock).quirks(quirks).seed(7).build()?;
/// assert_eq!(sim.public_key().len(), 64);
/// # Ok::<(), anykey_keygen_sim::kit::StartError>(())
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct KeygenSimBuilder {
    clock: Clock,
    quirks: Quirks,
    seed: u64,
}

impl KeygenSimBuilder {
    pub(super) fn new(clock: Clock) -> Self {
        Self { clock, quirks: Quirks::default(), seed: 0 }
    }

    /// Sets the differences from the hosted API. Default: none.
    pub fn quirks(mut self, quirks: Quirks) -> Self {
        self.quirks = quirks;
        self
    }

    /// Sets the seed of all ids, license keys, tokens and signing keys. Default: 0. The same seed and the same
    /// actions give the same answers, byte for byte.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// Builds the simulator, with one account whose slug is `demo`, without products.
    ///
    /// # Errors
    ///
    /// [`StartError`] if the account's signing key cannot be made, which is a bug.
    pub fn build(self) -> Result<KeygenSim, StartError> {
        let mut ids = IdSource::new(self.seed);
        let account = new_account(&mut ids, "demo")?;
        let id = account.id.clone();
        let state = State {
            quirks: self.quirks,
            limiter: RateLimiter::default(),
            ids,
            accounts: vec![account],
            outbox: Outbox::default(),
        };
        Ok(KeygenSim { clock: self.clock, state: SharedState::new(state), account: id })
    }
}

/// An account with an Ed25519 key from the same source as its id.
pub(super) fn new_account(ids: &mut IdSource, slug: &str) -> Result<Account, StartError> {
    let key = Ed25519KeyPair::from_seed_unchecked(&ids.seed())
        .map_err(|_| StartError::from("the seed is not one of an Ed25519 key"))?;
    Ok(Account::new(ids.uuid(), slug.to_owned(), key))
}
