//! What the tests of several crates share.
#![allow(clippy::expect_used)]

pub mod cached;
pub mod secret;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use anykey::adapter::{ConfigField, FieldKind, Vendor};
use anykey::sim::{self, IssueSpec, IssuedKey, SimulatedPlane, SimulatedVendor, Simulator};
use anykey::{
    Capability, Config, HttpTransport, LicenseProvider, ListQuery, ManualClock, Registry, Result,
    SecretResolver, SecretString, ValidateRequest,
};

/// Secrets of a test, instead of the process' environment.
#[derive(Clone, Default)]
pub struct TestSecrets(BTreeMap<String, String>);

impl TestSecrets {
    /// The given variables and nothing else.
    #[must_use]
    pub fn new(variables: &[(&str, &str)]) -> Self {
        Self(variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
    }

    /// These and the credentials of `plane`.
    #[must_use]
    pub fn with_those_of(mut self, plane: &SimulatedPlane) -> Self {
        self.0.extend(plane.secrets.iter().map(|(name, value)| (name.to_owned(), value.to_owned())));
        self
    }
}

impl std::fmt::Debug for TestSecrets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

impl SecretResolver for TestSecrets {
    fn env(&self, name: &str) -> Option<SecretString> {
        self.0.get(name).map(|value| SecretString::from(value.as_str()))
    }

    fn file(&self, _: &Path) -> std::io::Result<SecretString> {
        Err(std::io::ErrorKind::NotFound.into())
    }
}

/// The provider that `config` describes, with `secrets` as its environment.
///
/// # Errors
///
/// Whatever is wrong with the configuration.
pub fn provider(config: &str, secrets: &TestSecrets) -> Result<Arc<dyn LicenseProvider>> {
    Registry::builtin().with_secrets(secrets.clone()).build(&Config::from_toml(config)?)
}

/// A vendor in memory and the clock that it goes by.
#[derive(Clone, Debug)]
pub struct Simulation {
    /// The vendor.
    pub vendor: Arc<dyn SimulatedVendor>,
    /// Its clock, which stands at noon on 21 November 2026 at first.
    pub clock: ManualClock,
}

/// Every simulated vendor, without any key.
pub fn simulations() -> impl Iterator<Item = Simulation> {
    sim::simulators().into_iter().map(Simulation::of)
}

/// Every simulator of a vendor whose keys have seats.
#[must_use]
pub fn simulators_with_seats() -> Vec<Simulator> {
    let mut simulators = sim::simulators();
    simulators.retain(|simulator| Simulation::of(*simulator).has_seats());
    simulators
}

impl Simulation {
    /// Starts `simulator`.
    ///
    /// # Panics
    ///
    /// When it does not start.
    #[must_use]
    pub fn of(simulator: Simulator) -> Self {
        let clock = ManualClock::at("2026-11-21T12:00:00Z".parse().expect("a time"));
        let vendor = simulator.start(clock.clone()).expect("a simulator starts");
        Self { vendor, clock }
    }

    /// The plane that an installed app uses, without any credential; the seller's where every call needs one.
    #[must_use]
    pub fn device_plane(&self) -> SimulatedPlane {
        self.vendor.planes().into_iter().next().expect("every vendor has a plane")
    }

    /// The plane that the seller's server uses.
    #[must_use]
    pub fn seller_plane(&self) -> SimulatedPlane {
        self.vendor.planes().pop().expect("every vendor has a plane")
    }

    /// Whether the vendor's keys have seats.
    #[must_use]
    pub fn has_seats(&self) -> bool {
        self.vendor.rules().has_seats
    }

    /// The fields of the vendor's configuration.
    ///
    /// # Panics
    ///
    /// When the registry does not know the vendor or its fields.
    #[must_use]
    pub fn fields(&self) -> Vec<ConfigField> {
        let registry = Registry::builtin();
        let vendor = registry.vendor(self.vendor.vendor()).expect("a vendor");
        vendor.fields().expect("the vendor's fields")
    }

    /// Whether the vendor's configuration has a field called `name`.
    #[must_use]
    pub fn has_field(&self, name: &str) -> bool {
        self.fields().iter().any(|field| &*field.name == name)
    }

    /// The field of the credential with which the seller's server calls.
    ///
    /// # Panics
    ///
    /// When there is none.
    #[must_use]
    pub fn credential_field(&self) -> String {
        let plane = self.seller_plane();
        let fields = self.fields().into_iter().filter(|field| field.kind == FieldKind::Secret);
        let mut set = fields.filter(|field| plane.fields.contains_key(&*field.name));
        set.next().expect("every vendor has a credential").name.into()
    }

    /// Whether the vendor's adapter verifies webhooks with a secret that is shared with the vendor.
    #[must_use]
    pub fn has_webhook_secrets(&self) -> bool {
        let registry = Registry::builtin();
        let has_webhooks = registry.vendor(self.vendor.vendor()).is_ok_and(Vendor::has_webhooks);
        has_webhooks && self.has_field("webhook_secrets")
    }

    /// Whether the seller's provider has a capability.
    #[must_use]
    pub fn seller_can(&self, capability: Capability) -> bool {
        self.provider(&self.seller_plane()).capabilities().contains(capability)
    }

    /// The provider in `plane`, whose requests go through `transport`.
    ///
    /// # Panics
    ///
    /// When the configuration is wrong.
    #[must_use]
    pub fn provider_on(
        &self,
        plane: &SimulatedPlane,
        transport: Arc<dyn HttpTransport>,
    ) -> Arc<dyn LicenseProvider> {
        let config = sim::config(&*self.vendor, plane).expect("a configuration");
        sim::registry(&*self.vendor).with_transport(transport).build(&config).expect("a provider")
    }

    /// The provider in `plane` with the plane's credentials, also when they are not the simulator's.
    ///
    /// # Panics
    ///
    /// When the configuration is wrong.
    #[must_use]
    pub fn provider_with(
        &self,
        plane: &SimulatedPlane,
        transport: Arc<dyn HttpTransport>,
    ) -> Arc<dyn LicenseProvider> {
        let config = sim::config(&*self.vendor, plane).expect("a configuration");
        let registry = Registry::builtin().with_secrets(plane.secrets.clone()).with_transport(transport);
        registry.build(&config).expect("a provider")
    }

    /// The provider in `plane`, whose requests go to the vendor in memory.
    ///
    /// # Panics
    ///
    /// When the configuration is wrong.
    #[must_use]
    pub fn provider(&self, plane: &SimulatedPlane) -> Arc<dyn LicenseProvider> {
        self.provider_on(plane, self.vendor.transport())
    }

    /// The seller's provider, whose requests go through `transport` to a server at `base_url`.
    ///
    /// # Panics
    ///
    /// When the configuration is wrong.
    #[must_use]
    pub fn seller_at(&self, base_url: &str, transport: Arc<dyn HttpTransport>) -> Arc<dyn LicenseProvider> {
        self.provider_on(&self.seller_plane().field("base_url", base_url), transport)
    }

    /// A question about `key` that `provider` can ask: about the key alone, or about a seat that is taken for it where
    /// the provider insists on one.
    ///
    /// # Panics
    ///
    /// When the vendor gives no seat.
    #[must_use]
    pub fn validation(&self, provider: &dyn LicenseProvider, key: &IssuedKey) -> ValidateRequest {
        let request = ValidateRequest::new(key.code.clone());
        if provider.capabilities().contains(Capability::ValidateWithoutSeat) {
            return request;
        }
        request.activation(self.vendor.activate(&key.id, "validated").expect("a free seat"))
    }

    /// The query for all keys of the customer of `key`: without naming that one, where the provider can.
    #[must_use]
    pub fn listing(provider: &dyn LicenseProvider, key: &IssuedKey) -> ListQuery {
        if provider.capabilities().contains(Capability::ListAll) {
            ListQuery::new()
        } else {
            ListQuery::new().customer(key.customer.clone())
        }
    }

    /// Issues a key.
    ///
    /// # Panics
    ///
    /// When the vendor has no such keys.
    #[must_use]
    pub fn issue(&self, spec: IssueSpec) -> IssuedKey {
        self.vendor.issue(spec).expect("every vendor has such keys")
    }
}
