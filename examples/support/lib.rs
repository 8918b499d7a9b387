//! Both vendors as simulators on loopback, so that the examples run with nothing but Rust.

use std::error::Error;
use std::path::Path;
use std::sync::Arc;

use anykey::{Clock, Registry, SecretResolver, SecretString, SignedDuration, Timestamp};
use anykey_dodo_sim::{ApiKeyScope, DodoSim, KeySpec};
use anykey_polar_sim::{
    ActivationSpec, BenefitSpec, CustomerSpec, GrantSpec, PolarSim, Scope, Timeframe, Ttl,
};
use anykey_testkit::LoopbackServer;

/// Two simulated vendors; they stop when this is dropped.
#[derive(Debug)]
pub struct DemoVendors {
    /// Dodo Payments.
    pub dodo: DemoVendor,
    /// Polar.
    pub polar: DemoVendor,
    secrets: DemoSecrets,
}

/// One simulated vendor, with some keys sold.
#[derive(Debug)]
pub struct DemoVendor {
    /// What an app writes into its configuration to use it.
    pub config: String,
    /// A key with two seats.
    pub good_key: String,
    /// A key that the seller switched off.
    pub disabled_key: String,
    _server: LoopbackServer,
}

impl DemoVendors {
    /// Starts both, each with `keys` further keys.
    ///
    /// # Errors
    ///
    /// When a port cannot be opened.
    pub async fn start(keys: usize) -> Result<Self, Box<dyn Error>> {
        let (dodo, dodo_api_key) = start_dodo(keys).await?;
        let (polar, polar_access_token) = start_polar(keys).await?;
        Ok(Self { dodo, polar, secrets: DemoSecrets { dodo_api_key, polar_access_token } })
    }

    /// The library's vendors, with the simulators' tokens in place of the process' environment.
    #[must_use]
    pub fn registry(&self) -> Registry {
        Registry::builtin().with_secrets(self.secrets.clone())
    }
}

async fn start_dodo(keys: usize) -> Result<(DemoVendor, String), Box<dyn Error>> {
    let sim = DodoSim::new(whole_seconds());
    let good = sim.issue(KeySpec { activations_limit: Some(2), ..KeySpec::default() })?;
    let expires_at = Some(whole_seconds().now() + SignedDuration::from_hours(24 * 365));
    let disabled = sim.issue(KeySpec { activations_limit: Some(3), expires_at, ..KeySpec::default() })?;
    sim.disable(&disabled.id);
    sim.issue_many(keys, &KeySpec::default())?;

    let api_key = sim.api_key(ApiKeyScope::ReadWrite);
    let server = LoopbackServer::start(Arc::new(sim)).await?;
    let config = format!(
        "provider = \"dodo\"\nbase_url = \"{}\"\ntoken = {{ env = \"DODO_PAYMENTS_API_KEY\" }}\n",
        server.url()
    );
    let vendor = DemoVendor { config, good_key: good.key, disabled_key: disabled.key, _server: server };
    Ok((vendor, api_key))
}

async fn start_polar(keys: usize) -> Result<(DemoVendor, String), Box<dyn Error>> {
    let sim = PolarSim::new(whole_seconds());
    let organization = sim.organization_id();
    let customer =
        sim.add_customer(CustomerSpec { email: Some("buyer@example.com".to_owned()), ..Default::default() })?;
    let benefit = |limit, expires| BenefitSpec {
        prefix: Some("MYAPP".to_owned()),
        activations: Some(ActivationSpec { limit, enable_customer_admin: true }),
        expires,
        ..BenefitSpec::default()
    };
    let for_life = sim.add_benefit(benefit(2, None))?;
    let for_a_year = sim.add_benefit(benefit(3, Some(Ttl { count: 1, timeframe: Timeframe::Year })))?;
    let good = sim.grant(GrantSpec::order(for_life, customer))?;
    let revoked = sim.grant(GrantSpec::order(for_a_year, customer))?;
    sim.end_grant(revoked.id)?;
    sim.grant_all((0..keys).map(|_| GrantSpec::order(for_life, customer)))?;

    let token = sim.organization_token(organization, [Scope::LicenseKeysWrite])?;
    let server = LoopbackServer::start(Arc::new(sim)).await?;
    let config = format!(
        "provider = \"polar\"\norganization_id = \"{organization}\"\nbase_url = \"{}\"\n\
         token = {{ env = \"POLAR_ACCESS_TOKEN\" }}\n",
        server.url()
    );
    let vendor = DemoVendor { config, good_key: good.key, disabled_key: revoked.key, _server: server };
    Ok((vendor, token))
}

/// The wall clock, without the fractions that only make a table wider.
fn whole_seconds() -> Clock {
    Clock::new(|| Timestamp::from_second(Timestamp::now().as_second()).unwrap_or(Timestamp::UNIX_EPOCH))
}

#[derive(Clone)]
struct DemoSecrets {
    dodo_api_key: String,
    polar_access_token: String,
}

impl std::fmt::Debug for DemoSecrets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DemoSecrets").finish_non_exhaustive()
    }
}

impl SecretResolver for DemoSecrets {
    fn env(&self, name: &str) -> Option<SecretString> {
        match name {
            "DODO_PAYMENTS_API_KEY" => Some(SecretString::from(self.dodo_api_key.as_str())),
            "POLAR_ACCESS_TOKEN" => Some(SecretString::from(self.polar_access_token.as_str())),
            _ => None,
        }
    }

    fn file(&self, _: &Path) -> std::io::Result<SecretString> {
        Err(std::io::ErrorKind::NotFound.into())
    }
}
