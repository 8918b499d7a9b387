//! The entry of this vendor in a registry.

use std::sync::Arc;

use anykey_core::adapter::{BuildContext, ProviderSettings, Vendor};
#[cfg(feature = "webhooks")]
use anykey_core::{Error, ErrorKind, WebhookFeed, WebhookReceiver};
use anykey_core::{LicenseProvider, Result};

use crate::{CreemBuilder, CreemConfig};

/// The name of Creem in a configuration.
pub const NAME: &str = "creem";

/// Creem, for a registry.
pub const VENDOR: Vendor = vendor();

/// The parts that the features add. API keys of both modes begin with `creem_` (documentation, 2026). The page about
/// them is that of the vendor's documentation as of 2026-11.
const fn vendor() -> Vendor {
    let vendor = Vendor::new(NAME, "Creem", build)
        .with_credential_prefixes(&["creem_"])
        .with_contract("2026-09")
        .with_credentials_page("https://docs.creem.io/api-reference");
    #[cfg(feature = "webhooks")]
    let vendor = vendor.with_webhooks(build_receiver).with_feed(build_feed);
    #[cfg(feature = "schema")]
    let vendor = vendor.with_schema(|| schemars::schema_for!(CreemConfig).to_value());
    vendor
}

/// Reads the settings and builds the provider, with the registry's transport where it has one.
fn build(settings: &ProviderSettings, context: &BuildContext<'_>) -> Result<Arc<dyn LicenseProvider>> {
    Ok(Arc::new(connected(&settings.read()?, context)?.build()?))
}

/// A builder with the settings, and the registry's transport where it has one.
fn connected(config: &CreemConfig, context: &BuildContext<'_>) -> Result<CreemBuilder> {
    let mut builder = config.builder(context.secrets())?;
    builder.connection.set_context(context);
    Ok(builder)
}

/// Reads the same settings and builds the receiver of webhooks, which needs no token.
#[cfg(feature = "webhooks")]
fn build_receiver(
    settings: &ProviderSettings,
    context: &BuildContext<'_>,
) -> Result<Arc<dyn WebhookReceiver>> {
    let config: CreemConfig = settings.read()?;
    Ok(Arc::new(config.webhooks(context.secrets())?))
}

/// Reads the same settings and builds the feed of the endpoint that they name.
#[cfg(feature = "webhooks")]
fn build_feed(
    settings: &ProviderSettings,
    context: &BuildContext<'_>,
) -> Result<Option<Arc<dyn WebhookFeed>>> {
    let config: CreemConfig = settings.read()?;
    let Some(endpoint) = &config.webhook_endpoint else { return Ok(None) };
    let feed = connected(&config, context)?.feed(endpoint);
    let feed = feed.map_err(|error| match error.kind() {
        ErrorKind::InvalidRequest => {
            Error::new(ErrorKind::Config, format!("`webhook_endpoint`: {}", error.message()))
        }
        _ => error,
    })?;
    Ok(Some(Arc::new(feed)))
}
