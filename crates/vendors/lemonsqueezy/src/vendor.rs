//! The entry of this vendor in a registry.

use std::sync::Arc;

#[cfg(feature = "webhooks")]
use anykey_core::WebhookReceiver;
use anykey_core::adapter::{BuildContext, ProviderSettings, Vendor};
use anykey_core::{LicenseProvider, Result};

use crate::LemonSqueezyConfig;

/// The name of Lemon Squeezy in a configuration.
pub const NAME: &str = "lemonsqueezy";

/// Lemon Squeezy, for a registry.
pub const VENDOR: Vendor = vendor();

/// The parts that the features add. There are no credential prefixes: API keys of Lemon Squeezy have no documented
/// form. The page of the dashboard that makes them is named by the vendor's own JavaScript SDK (wiki, 2024-02).
const fn vendor() -> Vendor {
    let vendor = Vendor::new(NAME, "Lemon Squeezy", build)
        .with_contract("2026-10")
        .with_credentials_page("https://app.lemonsqueezy.com/settings/api");
    #[cfg(feature = "webhooks")]
    let vendor = vendor.with_webhooks(build_receiver);
    #[cfg(feature = "schema")]
    let vendor = vendor.with_schema(|| schemars::schema_for!(LemonSqueezyConfig).to_value());
    vendor
}

/// Reads the settings and builds the provider, with the registry's transport where it has one.
fn build(settings: &ProviderSettings, context: &BuildContext<'_>) -> Result<Arc<dyn LicenseProvider>> {
    let config: LemonSqueezyConfig = settings.read()?;
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
    let config: LemonSqueezyConfig = settings.read()?;
    Ok(Arc::new(config.webhooks(context.secrets())?))
}
