use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use anykey_core::{Clock, HttpTransport, TransportError};
use anykey_sim_kit::{dated, let_others_run};
use async_trait::async_trait;
use bytes::Bytes;
use http::{Request, Response};

use super::options::{ApiVersion, Environment, Release};
use super::pipeline;
use super::specs::OrganizationSpec;
use super::state::State;

/// A Polar server in memory; see the [module](super).
///
/// Clones are the same server. Requests that are sent together are received and counted together, and then handled
/// one after the other, each as a whole: no two activations take the same slot.
#[derive(Clone)]
pub struct PolarSim {
    state: Arc<Mutex<State>>,
}

impl PolarSim {
    /// A server on a developer's machine by `clock`, with one organization.
    #[must_use]
    pub fn new(clock: impl Into<Clock>) -> Self {
        Self::builder(clock).build()
    }

    /// Starts a server with other options.
    pub fn builder(clock: impl Into<Clock>) -> PolarSimBuilder {
        PolarSimBuilder {
            clock: clock.into(),
            environment: Environment::default(),
            release: Release::default(),
            current_version: None,
            seed: 0,
        }
    }

    /// The state, locked until the guard is dropped; a panic elsewhere leaves it usable.
    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
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
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
        let admission = pipeline::admit(&mut self.state(), &request);
        let_others_run().await;
        let mut state = self.state();
        let now = state.now().to_timestamp();
        Ok(dated(pipeline::answer(&mut state, &request, &admission), now))
    }
}

/// Options of a [`PolarSim`].
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
    /// The installation: decides about rate limits and the sandbox mark. A developer's machine by
    /// default.
    pub const fn environment(mut self, environment: Environment) -> Self {
        self.environment = environment;
        self
    }

    /// The state of the server's code, which decides about versions and members of answers. The
    /// recorded one by default.
    pub const fn release(mut self, release: Release) -> Self {
        self.release = release;
        self
    }

    /// The version of requests that name none, if not the one that was current in that release.
    ///
    /// It is served even if the release does not have it.
    pub const fn current_version(mut self, version: ApiVersion) -> Self {
        self.current_version = Some(version);
        self
    }

    /// What identifiers, keys and tokens are made from. Servers with the same seed in different
    /// environments make different ones.
    pub const fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// The server.
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
        PolarSim { state: Arc::new(Mutex::new(state)) }
    }
}
