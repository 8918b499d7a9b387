use std::sync::Arc;

use anykey_core::adapter::{BuildContext, ProviderSettings, Vendor};
use anykey_core::{LicenseProvider, Result};

use crate::AcmeConfig;

/// The word that chooses Acme Licensing in a configuration.
pub const NAME: &str = "acme";

/// Acme Licensing, for a registry.
pub const VENDOR: Vendor = vendor();

const fn vendor() -> Vendor {
    // FILL IN: how the vendor's credentials begin, if no other vendor's begin so:
    // `.with_credential_prefixes(&["acme_"])`. Another vendor's configuration refuses them then.
    // FILL IN: the month of the newest documents, packages or recordings that the adapter was compared with.
    // FILL IN: the vendor's page where credentials are made, if it has one: `.with_credentials_page("https://…")`.
    let vendor = Vendor::new(NAME, "Acme Licensing", build).with_contract("2026-11");
    #[cfg(feature = "schema")]
    let vendor = vendor.with_schema(|| schemars::schema_for!(AcmeConfig).to_value());
    vendor
}

fn build(settings: &ProviderSettings, context: &BuildContext<'_>) -> Result<Arc<dyn LicenseProvider>> {
    let config: AcmeConfig = settings.read()?;
    let mut builder = config.builder(context.secrets())?;
    builder.connection.set_context(context);
    Ok(Arc::new(builder.build()?))
}
