//! A simulator of Dodo Payments' license API, in memory, for tests, demonstrations and work without network.
//!
//! [`DodoSim`] is an [`HttpTransport`]: a client of that trait can use it instead of `https://live.dodopayments.com`.
//! It simulates the public plane (`/licenses/activate`, `/licenses/deactivate`, `/licenses/validate`) and the
//! merchant plane: `/license_keys`, `/license_key_instances`, and their successors, `/entitlements` and the grants of
//! license keys. Entitlements are read only; they are added [in the dashboard](DodoSim::add_entitlement). Changes
//! send [webhooks](DodoSim::add_webhook_endpoint).
//!
//! ```
//! use anykey_core::{ManualClock, Timestamp};
//! use anykey_dodo_sim::{ApiKeyScope, DodoSim, Environment, KeySpec, KeyStatus};
//!
//! # fn main() -> Result<(), anykey_dodo_sim::KeyTaken> {
//! let clock = ManualClock::at(Timestamp::UNIX_EPOCH);
//! let sim = DodoSim::new(clock.clone());
//!
//! // The seller's actions:
//! let product = sim.add_product("Editor Pro");
//! let issued = sim.issue(KeySpec { product: Some(product), ..KeySpec::default() })?;
//! let api_key = sim.api_key(ApiKeyScope::ReadWrite);
//!
//! // Assertions of a test:
//! assert_eq!(sim.key_status(&issued.id), Some(KeyStatus::Active));
//! assert!(sim.instances(&issued.id).is_empty());
//! # Ok(())
//! # }
//! ```
//!
//! # Fidelity
//!
//! Shapes, statuses, codes and messages are the vendor's documented ones (OpenAPI 1.113.0, the error code page, the
//! official SDKs up to 1.127.0). No traffic was recorded. Undocumented behaviour is a choice, and [`Quirks`] has the
//! alternatives. The most important choices:
//!
//! - A request is checked in this order: rate limit, path and method, API key, API key's scope, body,
//!   the call's own rules.
//! - Lists are sorted newest first; records of the same instant are in reverse order of creation.
//! - A key string is unique in the environment, across businesses.
//! - A request with an API key is counted for the key instead of the client address, on the public plane too. Without
//!   [`RateLimits`] there are neither limits nor headers.
//! - According to the vendor every error has a code, but none is documented for 409: it is `CONFLICT` here, by
//!   analogy with `NOT_FOUND`. The documented codes `TOO_MANY_REQUESTS` and `INTERNAL_SERVER_ERROR` have no message.
//! - Every key has a grant, also an imported one, from an entitlement of its product. [`Quirks`] can remove the calls
//!   of either API.
//! - A grant's status follows from its key and its subscription immediately. A manually revoked grant stays revoked.
//! - Webhooks: an endpoint receives the events after it was added, and for a subscription only the event of the
//!   specific change, not `subscription.updated`. Payments send no events. A revoked grant is not revoked again for
//!   another reason. [`EventQuirks`] controls the events of imports and of manually disabled keys.
//! - A method that a path does not have is 405 without a body; an unknown path is 404.
//!
//! Faults that are common to all servers, such as latency, lost answers and 5xx, are in [`kit::FaultyTransport`].
#![cfg_attr(docsrs, feature(doc_cfg))]

mod answer;
mod body;
mod builder;
mod call;
mod customers;
mod dashboard;
mod database;
mod documents;
mod entitlement_spec;
mod entitlements;
mod environment;
mod grant_actions;
mod grant_documents;
mod grant_records;
mod granting;
mod grants;
mod ids;
mod inspect;
mod issuing;
mod key_records;
mod key_spec;
mod license_key_instances;
mod license_keys;
mod public_plane;
mod query;
mod quirks;
mod rate_limit;
mod records;
mod refusal;
mod route;
mod router;
mod sales;
mod simulated;
mod state;
mod time;
mod timeline;
mod webhooks;

/// The example of the README, which is tested with the others.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}

use std::fmt;
use std::sync::{Arc, MutexGuard};

use anykey_core::{Clock, HttpTransport, Timestamp, TransportError};
use anykey_sim_kit::{SharedState, dated, to_micros};
use async_trait::async_trait;
use bytes::Bytes;
use http::{Request, Response};

pub use anykey_sim_kit as kit;
pub use anykey_sim_kit::{KeyTaken, OversizedPage};

pub use self::builder::DodoSimBuilder;
pub use self::entitlement_spec::{EntitlementSpec, IntegrationType};
pub use self::environment::Environment;
pub use self::inspect::{InstanceInfo, KeyStatus};
pub use self::key_spec::{IssuedKey, KeySource, KeySpec, Purchase};
pub use self::quirks::{DeprecatedCalls, Profile, Quirks, SecondFraction};
pub use self::rate_limit::{Quota, RateLimits, ResetUnit};
pub use self::records::{ApiKeyScope, DisputeState, SubscriptionState};
pub use self::simulated::{SIMULATOR, SimulatedDodo};
pub use self::webhooks::{BadEndpoint, EndpointSpec, EventQuirks, WebhookEndpoint};

use self::state::State;

/// A simulated Dodo Payments server, with the dashboard of one business.
///
/// Clones share everything. Each call is atomic, never waits, and uses the clock given at the start. `Debug` prints
/// neither keys nor API keys.
#[derive(Clone)]
pub struct DodoSim {
    clock: Clock,
    state: SharedState<State>,
    business: Arc<str>,
}

impl DodoSim {
    /// The test environment as currently documented, without rate limits, with one business.
    #[must_use]
    pub fn new(clock: impl Into<Clock>) -> Self {
        Self::builder(clock).build()
    }

    /// A builder for a simulator with other options.
    pub fn builder(clock: impl Into<Clock>) -> DodoSimBuilder {
        DodoSimBuilder::new(clock.into())
    }

    /// The simulated environment.
    #[must_use]
    pub fn environment(&self) -> Environment {
        self.lock().environment
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
impl HttpTransport for DodoSim {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
        let now = self.now();
        let answer = self.lock().answer(&request, now);
        Ok(dated(answer, now))
    }
}

impl fmt::Debug for DodoSim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DodoSim")
            .field("environment", &self.environment())
            .field("business", &self.business)
            .field("keys", &self.key_count())
            .finish_non_exhaustive()
    }
}
