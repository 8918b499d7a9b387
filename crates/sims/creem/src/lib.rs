//! A simulator of Creem's license API, in memory, for tests, demonstrations and work without network.
//!
//! [`CreemSim`] is an [`HttpTransport`]: a client of that trait can use it instead of `https://api.creem.io`. It simulates
//! `/v1/licenses/activate`, `validate` and `deactivate`, the lists `/v1/customers/{id}/licenses` and
//! `/v1/licenses/{id}/instances`, and the feed of pending webhook events, `/v1/webhooks/{id}/events/pending` and
//! `…/ack`. Every call needs an API key. Purchases and their ends send [webhooks](CreemSim::add_webhook_endpoint).
//!
//! ```
//! use anykey_core::{ManualClock, Timestamp};
//! use anykey_creem_sim::{CreemSim, KeySpec, LicenseStatus, Mode};
//!
//! # fn main() -> Result<(), anykey_creem_sim::KeyTaken> {
//! let sim = CreemSim::new(ManualClock::at(Timestamp::UNIX_EPOCH));
//!
//! // The seller's actions:
//! let product = sim.add_product("Editor Pro");
//! let issued = sim.issue(KeySpec { product: Some(product), ..KeySpec::default() })?;
//! let api_key = sim.api_key(Mode::Test);
//!
//! // Assertions of a test: a license is inactive until its first activation.
//! assert_eq!(sim.license_status(&issued.id), Some(LicenseStatus::Inactive));
//! assert!(sim.instances(&issued.id).is_empty());
//! # Ok(())
//! # }
//! ```
//!
//! # Fidelity
//!
//! The vendor's server is not public and no traffic was recorded. Statuses and shapes are those of its documentation,
//! of its OpenAPI specification (2026-04) and of the official package `creem` 1.13.0, which is generated from a later
//! one. Behaviour that these leave open is a choice, and [`Quirks`] has the alternatives. The most important choices:
//!
//! - A request is checked in this order: API key, its mode, rate limit, scopes, path, fields, license, instance, status,
//!   limit.
//! - The texts in `message` are not documented, except that a 400 names the field.
//! - A license is unknown to the API keys of another store or [`Mode`]. On the vendor's own hosts an API key of the other
//!   mode is refused.
//! - A deactivation needs no license in force, as nothing says that it does.
//! - A refund disables the licenses of the order. A license expires when its subscription ends, until the subscription
//!   is resumed. A dispute changes no license.
//! - Without [`RateLimits`] there are neither limits nor headers. A minute starts with the first request of an API key.
//! - The body of a webhook has the state at the time of the event, also when it is sent again.
//! - An endpoint with the delivery mode [`DeliveryMode::Cli`] has no requests, and its events stay pending until the
//!   first acknowledgement, whatever that reports.
//!
//! Faults that are common to all servers, such as latency, lost answers and 5xx, are in [`kit::FaultyTransport`].
#![cfg_attr(docsrs, feature(doc_cfg))]

mod answer;
mod builder;
mod call;
mod dashboard;
mod database;
mod documents;
mod fields;
mod ids;
mod inspect;
mod issuing;
mod key_records;
mod key_spec;
mod licenses;
mod lists;
mod mode;
mod page;
mod quirks;
mod rate_limit;
mod records;
mod refusal;
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
use std::sync::{Arc, MutexGuard};

use anykey_core::{Clock, HttpTransport, Timestamp, TransportError};
use anykey_sim_kit::{SharedState, dated};
use async_trait::async_trait;
use bytes::Bytes;
use http::{Request, Response};

pub use anykey_sim_kit as kit;
pub use anykey_sim_kit::{KeyTaken, OversizedPage};

pub use self::builder::CreemSimBuilder;
pub use self::inspect::{InstanceInfo, LicenseStatus};
pub use self::key_spec::{IssuedKey, KeySpec};
pub use self::mode::Mode;
pub use self::quirks::{
    DeactivatedInstance, Deactivation, EndedAnswer, InstanceForm, LimitStatus, MessageForm, MissingApiKey,
    Quirks, SortOrder, WebhookScheme,
};
pub use self::rate_limit::RateLimits;
pub use self::simulated::{SIMULATOR, SimulatedCreem};
pub use self::webhooks::{BadEndpoint, DeliveryMode, WebhookEndpoint};

use self::state::State;

/// A simulated Creem server, with the dashboard of one store.
///
/// Clones share everything. Each call is atomic, never waits, and uses the clock given at the start. `Debug` prints
/// neither license keys nor API keys.
#[derive(Clone)]
pub struct CreemSim {
    clock: Clock,
    state: SharedState<State>,
    store: Arc<str>,
}

impl CreemSim {
    /// The most plausible behaviour, without rate limits, with one store.
    #[must_use]
    pub fn new(clock: impl Into<Clock>) -> Self {
        Self::builder(clock).build()
    }

    /// A builder for a simulator with other options.
    pub fn builder(clock: impl Into<Clock>) -> CreemSimBuilder {
        CreemSimBuilder::new(clock.into())
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
        time::to_millis(self.clock.now())
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock()
    }
}

#[async_trait]
impl HttpTransport for CreemSim {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
        let now = self.now();
        let answer = self.lock().answer(&request, now);
        Ok(dated(answer, now))
    }
}

impl fmt::Debug for CreemSim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CreemSim")
            .field("store", &self.store)
            .field("licenses", &self.license_count())
            .finish_non_exhaustive()
    }
}
