//! A simulator of Lemon Squeezy's license APIs, in memory, for tests, demonstrations and work without network.
//!
//! [`LemonSqueezySim`] is an [`HttpTransport`]: a client of that trait can use it instead of
//! `https://api.lemonsqueezy.com`. It simulates the License API (`/v1/licenses/activate`, `validate`, `deactivate`) and
//! the calls of the main API for license keys and their instances (`/v1/license-keys`, `/v1/license-key-instances`).
//! Changes send [webhooks](LemonSqueezySim::add_webhook_endpoint).
//!
//! ```
//! use anykey_core::{ManualClock, Timestamp};
//! use anykey_lemonsqueezy_sim::{KeySpec, KeyStatus, LemonSqueezySim, Mode};
//!
//! # fn main() -> Result<(), anykey_lemonsqueezy_sim::KeyTaken> {
//! let sim = LemonSqueezySim::new(ManualClock::at(Timestamp::UNIX_EPOCH));
//!
//! // The seller's actions:
//! let product = sim.add_product("Editor Pro");
//! let issued = sim.issue(KeySpec { product: Some(product), ..KeySpec::default() })?;
//! let api_key = sim.api_key(Mode::Test);
//!
//! // Assertions of a test: a key without instances is inactive, and valid.
//! assert_eq!(sim.key_status(issued.id), Some(KeyStatus::Inactive));
//! assert!(sim.instances(issued.id).is_empty());
//! # Ok(())
//! # }
//! ```
//!
//! # Fidelity
//!
//! The vendor's server is not public and no traffic was recorded. Statuses, texts and shapes are those of the
//! documentation, of the tests of the official package against the live API (`lemonsqueezy.js` 4.0.0), and of other
//! projects' notes about it (2026). Behaviour without a source is a choice, and [`Quirks`] has the plausible
//! alternatives. The most important choices:
//!
//! - A request is checked in this order: rate limit, path and method; in the main API then API key, content type,
//!   record, body; in the License API then fields, key, [`Quirks::check_order`] (instance, disabled, expired), limit.
//! - A body of the License API is a form if its content type says so, otherwise JSON. An empty string is a missing
//!   field, as in the vendor's framework.
//! - A key is unknown to the API keys of another merchant and of the other [`Mode`]; the License API knows every key.
//! - Lists are sorted by id, newest first. A filter with an unknown value returns an empty list.
//! - `include` works for the instances of a key and the key of an instance; other relationships include nothing.
//! - A refund disables the keys of the order. A key expires when its subscription ends, until the subscription is
//!   resumed.
//! - A limit of 0 is valid and allows no instance; a negative limit is refused.
//! - Without [`RateLimits`] there are neither limits nor headers. A minute starts with a caller's first request.
//! - The body of a webhook has the state at the time of the event, also when it is sent again.
//!
//! Faults that are common to all servers, such as latency, lost answers and 5xx, are in [`kit::FaultyTransport`].
#![cfg_attr(docsrs, feature(doc_cfg))]

mod answer;
mod builder;
mod call;
mod dashboard;
mod database;
mod fields;
mod ids;
mod inspect;
mod issuing;
mod key_changes;
mod key_records;
mod key_spec;
mod license_api;
mod license_documents;
mod license_key_instances;
mod license_keys;
mod mode;
mod orders;
mod patch;
mod query;
mod quirks;
mod rate_limit;
mod records;
mod refusal;
mod resources;
mod route;
mod router;
mod simulated;
mod state;
mod time;
mod webhooks;

/// The example of the README, which is tested with the others.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}

use std::fmt;
use std::sync::MutexGuard;

use anykey_core::{Clock, HttpTransport, Timestamp, TransportError};
use anykey_sim_kit::{SharedState, dated, to_micros};
use async_trait::async_trait;
use bytes::Bytes;
use http::{Request, Response};

pub use anykey_sim_kit as kit;
pub use anykey_sim_kit::{KeyTaken, OversizedPage};

pub use self::builder::LemonSqueezySimBuilder;
pub use self::inspect::{InstanceInfo, KeyStatus};
pub use self::key_spec::{IssuedKey, KeySpec};
pub use self::mode::Mode;
pub use self::quirks::{Check, ExpiredText, LimitText, Quirks, SortOrder};
pub use self::rate_limit::RateLimits;
pub use self::simulated::{SIMULATOR, SimulatedLemonSqueezy};
pub use self::webhooks::{BadEndpoint, WebhookEndpoint};

use self::state::State;

/// A simulated Lemon Squeezy server, with the dashboard of one store.
///
/// Clones share everything. Each call is atomic, never waits, and uses the clock given at the start. `Debug` prints
/// neither license keys nor API keys.
#[derive(Clone)]
pub struct LemonSqueezySim {
    clock: Clock,
    state: SharedState<State>,
    store: u64,
}

impl LemonSqueezySim {
    /// The current behaviour, without rate limits, with one store.
    #[must_use]
    pub fn new(clock: impl Into<Clock>) -> Self {
        Self::builder(clock).build()
    }

    /// A builder for a simulator with other options.
    pub fn builder(clock: impl Into<Clock>) -> LemonSqueezySimBuilder {
        LemonSqueezySimBuilder::new(clock.into())
    }

    /// Changes the behaviour of later requests. `change` must not use the simulator.
    pub fn change_quirks(&self, change: impl FnOnce(&mut Quirks)) {
        change(&mut self.lock().quirks);
    }

    /// Sets new rate limits, or none, and resets the counters.
    pub fn set_rate_limits(&self, limits: Option<RateLimits>) {
        self.lock().limiter.set(limits);
    }

    fn now(&self) -> Timestamp {
        to_micros(self.clock.now())
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock()
    }
}

#[async_trait]
impl HttpTransport for LemonSqueezySim {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
        let now = self.now();
        let answer = self.lock().answer(&request, now);
        Ok(dated(answer, now))
    }
}

impl fmt::Debug for LemonSqueezySim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LemonSqueezySim")
            .field("store", &self.store)
            .field("keys", &self.key_count())
            .finish_non_exhaustive()
    }
}
