//! The simulated server as a transport, and the options that it has from its start.

use std::fmt;
use std::sync::MutexGuard;

use anykey_core::{Clock, HttpTransport, TransportError};
use anykey_sim_kit::{SharedState, dated, let_others_run};
use async_trait::async_trait;
use bytes::Bytes;
use http::{Request, Response};

use super::options::{ApiVersion, Environment, Release};
use super::pipeline;
use super::specs::OrganizationSpec;
use super::state::State;

/// A simulated Polar server; see the [crate documentation](crate).
///
/// Clones share one server. Concurrent requests are counted together and then handled one after the other, each
/// atomically.
#[derive(Clone)]
pub struct PolarSim {
    state: SharedState<State>,
}

impl PolarSim {
    /// A development server with the clock `clock` and one organization.
    #[must_use]
    pub fn new(clock: impl Into<Clock>) -> Self {
        Self::builder(clock).build()
    }

    /// A builder for a server with other options.
    pub fn builder(clock: impl Into<Clock>) -> PolarSimBuilder {
        PolarSimBuilder {
            clock: clock.into(),
            environment: Environment::default(),
            release: Release::default(),
            current_version: None,
            seed: 0,
        }
    }

    /// The one lock of a server. A request holds it while it is handled, and never while it waits.
    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock()
    }
}

impl fmt::Debug for PolarSim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = self.state();
        f.debug_struct("PolarSim")
            .field("environment", &state.environment)
            .field("versions", &state.versions)
            .field("organizations", &state.organizations.len())
            .field("keys", &state.key_count())
            .finish_non_exhaustive()
    }
}

#[async_trait]
impl HttpTransport for PolarSim {
    /// All requests that arrive together are counted before the token of the first one is looked up, as at the vendor.
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
        let admission = pipeline::admit(&mut self.state(), &request);
        let_others_run().await;
        let mut state = self.state();
        let now = state.now().to_timestamp();
        Ok(dated(pipeline::answer(&mut state, &request, &admission), now))
    }
}

/// A builder for a [`PolarSim`].
///
/// ```
/// use anykey_core::{ManualClock, Timestamp};
/// use anykey_polar_sim::{Environment, PolarSim};
///
/// let sim = PolarSim::builder(ManualClock::at(Timestamp::UNIX_EPOCH))
///     .environment(Environment::Sandbox)
///     .seed(7)
///     .build();
/// assert!(sim.key(sim.organization_id()).is_none(), "an organization's id is no key's");
/// ```
#[derive(Debug)]
#[must_use]
pub struct PolarSimBuilder {
    clock: Clock,
    environment: Environment,
    release: Release,
    current_version: Option<ApiVersion>,
    seed: u64,
}

impl PolarSimBuilder {
    /// Sets the environment, which determines rate limits and the sandbox header. Default:
    /// [`Environment::Development`].
    pub const fn environment(mut self, environment: Environment) -> Self {
        self.environment = environment;
        self
    }

    /// Sets the release, which determines the versions and the members of answers. Default: the recorded one.
    pub const fn release(mut self, release: Release) -> Self {
        self.release = release;
        self
    }

    /// Sets the version of requests without a version header. Default: the current version of the release.
    ///
    /// The version is served even if the release does not have it.
    pub const fn current_version(mut self, version: ApiVersion) -> Self {
        self.current_version = Some(version);
        self
    }

    /// Sets the seed of ids, keys and tokens. Servers with the same seed in different environments generate different
    /// ones.
    pub const fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// Builds the server.
    #[must_use]
    pub fn build(self) -> PolarSim {
        let salt = match self.environment {
            Environment::Production => 1,
            Environment::Sandbox => 2,
            Environment::Development => 3,
        };
        let seed = self.seed.wrapping_mul(4).wrapping_add(salt);
        let mut state = State::new(self.clock, self.environment, self.release, seed);
        if let Some(version) = self.current_version {
            state.serve(version);
            state.current_version = version;
        }
        let home = state.home;
        state.add_organization(home, OrganizationSpec::default());
        PolarSim { state: SharedState::new(state) }
    }
}
