use std::sync::Arc;

use anykey::adapter::{BuildContext, ProviderSettings, Vendor};
use anykey::{LicenseProvider, Result};

use super::config::AcmeConfig;

/// The word that chooses Acme in a configuration.
pub(crate) const NAME: &str = "acme";

/// Acme Licensing, for a registry.
pub(crate) const VENDOR: Vendor = Vendor::new(NAME, "Acme Licensing", build);

fn build(settings: &ProviderSettings, context: &BuildContext<'_>) -> Result<Arc<dyn LicenseProvider>> {
    let config: AcmeConfig = settings.read()?;
    Ok(Arc::new(config.provider(context)?))
}
