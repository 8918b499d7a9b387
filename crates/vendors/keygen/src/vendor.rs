//! The entry of this vendor in a registry.

use std::sync::Arc;

#[cfg(feature = "webhooks")]
use anykey_core::WebhookReceiver;
use anykey_core::adapter::{BuildContext, ProviderSettings, Vendor};
use anykey_core::{LicenseProvider, Result};

use crate::KeygenConfig;

/// The name of Keygen in a configuration.
pub const NAME: &str = "keygen";

/// Keygen, for a registry.
pub const VENDOR: Vendor = vendor();

/// The parts that the features add. The prefixes are those of tokens, so that a token in a wrong field is noticed and
/// masked. The page about them is that of the vendor's documentation as of 2026-11.
const fn vendor() -> Vendor {
    let vendor = Vendor::new(NAME, "Keygen", build)
        .with_credential_prefixes(&["admin-", "prod-", "env-"])
        .with_contract("2026-06")
        .with_credentials_page("https://keygen.sh/docs/api/tokens/");
    #[cfg(feature = "webhooks")]
    let vendor = vendor.with_webhooks(build_receiver);
    #[cfg(feature = "schema")]
    let vendor = vendor.with_schema(|| schemars::schema_for!(KeygenConfig).to_value());
    vendor
}

/// Reads the settings and builds the provider, with the registry's transport where it has one.
fn build(settings: &ProviderSettings, context: &BuildContext<'_>) -> Result<Arc<dyn LicenseProvider>> {
    let config: KeygenConfig = settings.read()?;
    let mut builder = config.builder(context.secrets())?;
    builder.connection.set_context(context);
    Ok(Arc::new(builder.build()?))
}

/// Reads the same settings and builds the receiver. It needs no secret: deliveries are signed with the account's key.
#[cfg(feature = "webhooks")]
fn build_receiver(
    settings: &ProviderSettings,
    _context: &BuildContext<'_>,
) -> Result<Arc<dyn WebhookReceiver>> {
    let config: KeygenConfig = settings.read()?;
    Ok(Arc::new(config.webhooks()?))
}
