//! The entry of this vendor in a registry.

use std::sync::Arc;

use anykey_core::adapter::{BuildContext, ProviderSettings, Vendor};
use anykey_core::{LicenseProvider, Result};

use crate::GumroadConfig;

/// The name of Gumroad in a configuration.
pub const NAME: &str = "gumroad";

/// Gumroad, for a registry.
pub const VENDOR: Vendor = vendor();

/// The parts that the features add. It has no receiver of webhooks: pings are not signed, so a registry could not
/// verify one without asking Gumroad. The page about tokens is the help article "Create an application for the API"
/// (2026-11).
const fn vendor() -> Vendor {
    let vendor = Vendor::new(NAME, "Gumroad", build)
        .with_contract("2026-08")
        .with_credentials_page("https://gumroad.com/help/article/280-create-application-api");
    #[cfg(feature = "schema")]
    let vendor = vendor.with_schema(|| schemars::schema_for!(GumroadConfig).to_value());
    vendor
}

/// Reads the settings and builds the provider, with the registry's transport where it has one.
fn build(settings: &ProviderSettings, context: &BuildContext<'_>) -> Result<Arc<dyn LicenseProvider>> {
    let config: GumroadConfig = settings.read()?;
    let mut builder = config.builder(context.secrets())?;
    builder.connection.set_context(context);
    Ok(Arc::new(builder.build()?))
}
