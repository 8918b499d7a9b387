//! The constant that puts this vendor into a registry.

use std::sync::Arc;

use anykey_core::adapter::{BuildContext, Probe, ProviderSettings, Vendor};
use anykey_core::{LicenseProvider, Result};

use crate::DlmConfig;

/// The word that chooses Digital License Manager in a configuration, and the vendor in errors, keys and page tokens.
pub const NAME: &str = "dlm";

/// Digital License Manager, for a registry. The facade's feature `dlm` adds it to `Registry::builtin`.
pub const VENDOR: Vendor = vendor();

/// Ids are numbers that count up, and tokens 40 hexadecimal digits. One that looks like a number would be compared as
/// one. `config check --online` sends these ids to find out what a consumer key may do.
const PROBE: Probe = Probe::USUAL
    .key_id("9007199254740991")
    .activation_id("a9d1c0dea9d1c0dea9d1c0dea9d1c0dea9d1c0de")
    .everything("plane", "management");

/// `with_contract` names the month of the state of the plugin that this adapter was compared with: version 1.8.3.
const fn vendor() -> Vendor {
    let vendor =
        Vendor::new(NAME, "Digital License Manager", build).with_contract("2026-11").with_probe(PROBE);
    #[cfg(feature = "schema")]
    let vendor = vendor.with_schema(|| schemars::schema_for!(DlmConfig).to_value());
    vendor
}

/// Reads the configuration of one provider and builds it.
fn build(settings: &ProviderSettings, context: &BuildContext<'_>) -> Result<Arc<dyn LicenseProvider>> {
    let config: DlmConfig = settings.read()?;
    let mut builder = config.builder(context.secrets())?;
    builder.connection.set_context(context);
    Ok(Arc::new(builder.build()?))
}
