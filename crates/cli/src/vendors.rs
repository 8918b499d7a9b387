//! The only place that knows vendors by name: what the trait does not have.

use std::fmt;
use std::sync::Arc;

use anykey::dodo::{self, DodoConfig, DodoProvider};
use anykey::polar::{self, PolarConfig};
use anykey::{
    Activation, ActivationId, LicenseProvider, ProviderConfig, ProviderSettings, Registry, Result,
    SecretResolver, async_trait,
};
use anykey_http::HttpTransport;

use crate::config::ConfigSecrets;

/// A provider, and what it can do beyond the trait.
#[derive(Clone, Debug)]
pub(crate) struct Opened {
    pub(crate) provider: Arc<dyn LicenseProvider>,
    /// Renames activations; `None` where the vendor does not.
    pub(crate) renaming: Option<Arc<dyn RenameActivation>>,
}

/// A vendor that can give an activation another name.
#[async_trait]
pub(crate) trait RenameActivation: fmt::Debug + Send + Sync {
    /// Gives the activation `id` the name `name`.
    async fn rename_activation(&self, id: &ActivationId, name: &str) -> Result<Activation>;
}

#[async_trait]
impl RenameActivation for DodoProvider {
    async fn rename_activation(&self, id: &ActivationId, name: &str) -> Result<Activation> {
        Self::rename_activation(self, id, name).await
    }
}

/// Builds the provider that `config` describes, of any vendor in the registry.
pub(crate) fn open(config: &ProviderConfig, secrets: &ConfigSecrets) -> Result<Opened> {
    match opener(&config.provider) {
        Some(open) => open(&config.settings, secrets, None),
        None => {
            let provider = Registry::builtin().with_secrets(secrets.clone()).build_provider(config)?;
            Ok(Opened { provider, renaming: None })
        }
    }
}

/// As [`open`], sending through `transport`; `None` for a vendor whose transport cannot be replaced.
pub(crate) fn open_on(
    config: &ProviderConfig,
    secrets: &ConfigSecrets,
    transport: Arc<dyn HttpTransport>,
) -> Result<Option<Opened>> {
    opener(&config.provider).map(|open| open(&config.settings, secrets, Some(transport))).transpose()
}

/// Fields that make a provider of the vendor `name`, for showing what it can do.
pub(crate) fn sample_fields(name: &str) -> &'static [(&'static str, &'static str)] {
    match name {
        polar::NAME => &[("organization_id", "00000000-0000-4000-8000-000000000000")],
        _ => &[],
    }
}

type Opener = fn(&ProviderSettings, &dyn SecretResolver, Option<Arc<dyn HttpTransport>>) -> Result<Opened>;

fn opener(vendor: &str) -> Option<Opener> {
    match vendor {
        dodo::NAME => Some(open_dodo),
        polar::NAME => Some(open_polar),
        _ => None,
    }
}

fn open_dodo(
    settings: &ProviderSettings,
    secrets: &dyn SecretResolver,
    transport: Option<Arc<dyn HttpTransport>>,
) -> Result<Opened> {
    let config: DodoConfig = settings.read(dodo::NAME)?;
    let mut builder = config.builder(secrets).map_err(|error| error.with_provider(dodo::NAME))?;
    if let Some(transport) = transport {
        builder = builder.transport(transport);
    }
    let dodo = Arc::new(builder.build()?);
    let provider: Arc<DodoProvider> = Arc::clone(&dodo);
    Ok(Opened { provider, renaming: Some(dodo) })
}

fn open_polar(
    settings: &ProviderSettings,
    secrets: &dyn SecretResolver,
    transport: Option<Arc<dyn HttpTransport>>,
) -> Result<Opened> {
    let config: PolarConfig = settings.read(polar::NAME)?;
    let mut builder = config.builder(secrets).map_err(|error| error.with_provider(polar::NAME))?;
    if let Some(transport) = transport {
        builder = builder.transport(transport);
    }
    Ok(Opened { provider: Arc::new(builder.build()?), renaming: None })
}
