//! A simulator of Keygen's API, in memory, for tests, demonstrations and work without network.
//!
//! [`KeygenSim`] is an [`HttpTransport`]: a client of that trait can use it instead of `https://api.keygen.sh`. It
//! simulates the calls for licenses, machines, license files and machine files, with API version 1.8. Answers are
//! signed with the account's Ed25519 key, and so are [webhooks](KeygenSim::add_webhook_endpoint) and files.
//!
//! ```
//! use anykey_core::{ManualClock, Timestamp};
//! use anykey_keygen_sim::{KeygenSim, LicenseSpec, PolicySpec};
//!
//! # fn main() -> Result<(), anykey_keygen_sim::kit::StartError> {
//! let sim = KeygenSim::new(ManualClock::at(Timestamp::UNIX_EPOCH))?;
//!
//! // The seller's actions:
//! let product = sim.add_product("Editor Pro");
//! let policy = sim.add_policy(&product, PolicySpec { strict: true, ..PolicySpec::default() });
//! let issued = sim.issue(LicenseSpec { policy: Some(policy), ..LicenseSpec::default() })?;
//! let token = sim.admin_token();
//!
//! // Assertions of a test:
//! assert_eq!(sim.status(&issued.id).as_deref(), Some("ACTIVE"));
//! assert!(sim.machines(&issued.id).is_empty());
//! # Ok(())
//! # }
//! ```
//!
//! # Fidelity
//!
//! The vendor's server is public. Statuses, texts, shapes and the order of checks are those of its source
//! (`keygen-sh/keygen-api`, June 2026). What is not simulated: environments, entitlements, components, processes,
//! releases, user tokens and sessions, signed keys, and signatures other than Ed25519. The most important choices:
//!
//! - A machine without heartbeats is deleted 30 seconds after it is dead, with the next call.
//! - A random wait before a webhook's retry is its least, 10 minutes.
//! - The texts of mistyped dates, of unsupported media types and of the rate limit are ours.
//! - Without [`Quirks::rate_limit`] there are neither limits nor headers. A minute starts with a caller's first request.
//! - The body of a webhook has the state at the time of the event, also when it is sent again.
//!
//! Faults that are common to all servers, such as latency, lost answers and 5xx, are in [`kit::FaultyTransport`].
#![cfg_attr(docsrs, feature(doc_cfg))]

mod account;
mod answer;
mod builder;
mod credential;
mod dashboard;
mod dispatch;
mod documents;
mod files;
mod filters;
mod ids;
mod inspect;
mod issuing;
mod key_records;
mod license_actions;
mod license_spec;
mod license_state;
mod licenses;
mod machine_rules;
mod machines;
mod paging;
mod params;
mod policy_spec;
mod problem;
mod quirks;
mod rate_limit;
mod records;
mod router;
mod signature;
mod simulated;
mod state;
mod time;
mod validations;
mod verdict;
mod webhooks;

/// The example of the README, which is tested with the others.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}

use std::fmt;
use std::sync::MutexGuard;

use anykey_core::{Clock, HttpTransport, Timestamp, TransportError};
use anykey_sim_kit::{SharedState, StartError, dated, to_micros};
use async_trait::async_trait;
use bytes::Bytes;
use http::{Request, Response};

pub use anykey_sim_kit as kit;

pub use self::builder::KeygenSimBuilder;
pub use self::dashboard::IssueError;
pub use self::inspect::MachineInfo;
pub use self::license_spec::{IssuedLicense, LicenseSpec};
pub use self::policy_spec::{
    AuthenticationStrategy, CullStrategy, ExpirationBasis, ExpirationStrategy, HeartbeatBasis, Matching,
    OverageStrategy, PolicySpec, RenewalBasis, Resurrection, Uniqueness,
};
pub use self::quirks::Quirks;
pub use self::simulated::{SIMULATOR, SimulatedKeygen};

use self::state::{Call, State};

/// A simulated Keygen server, with the dashboard of one account.
///
/// Clones share everything. Each call is atomic, never waits, and uses the clock given at the start. `Debug` prints
/// neither license keys nor tokens.
#[derive(Clone)]
pub struct KeygenSim {
    clock: Clock,
    state: SharedState<State>,
    account: String,
}

impl KeygenSim {
    /// The hosted API, with one account.
    ///
    /// # Errors
    ///
    /// [`StartError`] if the account's signing key cannot be made, which is a bug.
    pub fn new(clock: impl Into<Clock>) -> Result<Self, StartError> {
        Self::builder(clock).build()
    }

    /// A builder for a simulator with other options.
    pub fn builder(clock: impl Into<Clock>) -> KeygenSimBuilder {
        KeygenSimBuilder::new(clock.into())
    }

    /// Changes the behaviour of later requests. `change` must not use the simulator.
    pub fn change_quirks(&self, change: impl FnOnce(&mut Quirks)) {
        change(&mut self.lock().quirks);
    }

    fn now(&self) -> Timestamp {
        to_micros(self.clock.now())
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock()
    }

    /// Acts for this handle's account. `None` if the account does not exist.
    fn with_call<T>(&self, act: impl FnOnce(&mut Call<'_>) -> T) -> Option<T> {
        let now = self.now();
        self.lock().call(&self.account, now).map(|mut call| act(&mut call))
    }
}

#[async_trait]
impl HttpTransport for KeygenSim {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
        let now = self.now();
        let answer = self.lock().answer(&request, now);
        Ok(dated(answer, now))
    }
}

impl fmt::Debug for KeygenSim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeygenSim")
            .field("account", &self.account)
            .field("licenses", &self.license_count())
            .finish_non_exhaustive()
    }
}
