//! The entry of this vendor in a registry.

use std::sync::Arc;

#[cfg(feature = "webhooks")]
use anykey_core::WebhookReceiver;
use anykey_core::adapter::{BuildContext, ProviderSettings, Vendor};
use anykey_core::{LicenseProvider, Result};

use crate::DodoConfig;

/// The word that chooses Dodo Payments in a configuration.
pub const NAME: &str = "dodo";

/// Dodo Payments, for a registry.
pub const VENDOR: Vendor = vendor();

/// The parts that the features add. API keys of Dodo have no documented form, so there are no prefixes. The page
/// that says where they are made is that of the vendor's documentation as of 2026-11.
const fn vendor() -> Vendor {
    let vendor = Vendor::new(NAME, "Dodo Payments", build)
        .with_contract("2026-10")
        .with_credentials_page("https://docs.dodopayments.com/api-reference/introduction");
    #[cfg(feature = "webhooks")]
    let vendor = vendor.with_webhooks(build_receiver);
    #[cfg(feature = "schema")]
    let vendor = vendor.with_schema(|| schemars::schema_for!(DodoConfig).to_value());
    vendor
}

/// Reads the settings and builds the provider, with the registry's transport where it has one.
fn build(settings: &ProviderSettings, context: &BuildContext<'_>) -> Result<Arc<dyn LicenseProvider>> {
    let config: DodoConfig = settings.read()?;
    let mut builder = config.builder(context.secrets())?;
    builder.connection.set_context(context);
    Ok(Arc::new(builder.build()?))
}

/// Reads the same settings and builds the receiver of webhooks.
#[cfg(feature = "webhooks")]
fn build_receiver(
    settings: &ProviderSettings,
    context: &BuildContext<'_>,
) -> Result<Arc<dyn WebhookReceiver>> {
    let config: DodoConfig = settings.read()?;
    Ok(Arc::new(config.webhooks(context.secrets())?))
}
