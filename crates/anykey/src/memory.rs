//! The vendor `memory`: keys kept in memory, for demonstrations and tests.

use std::sync::Arc;

use anykey_core::adapter::{BuildContext, ProviderSettings, Vendor};
use anykey_core::{
    ActivationLimit, CreateRequest, Expiry, InMemoryProvider, KeyCode, LicenseProvider, Result, Timestamp,
};
use serde::Deserialize;

pub(crate) const VENDOR: Vendor = vendor();

const fn vendor() -> Vendor {
    let vendor = Vendor::new(InMemoryProvider::NAME, "In memory", build);
    #[cfg(feature = "schema")]
    let vendor = vendor.with_schema(|| schemars::schema_for!(MemoryConfig).to_value());
    vendor
}

#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
struct MemoryConfig {
    /// The keys that exist from the start.
    #[serde(default)]
    keys: Vec<KeyConfig>,
}

#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
struct KeyConfig {
    code: String,
    #[serde(default = "demo")]
    customer: String,
    #[serde(default = "demo")]
    product: String,
    activation_limit: Option<u64>,
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    expires_at: Option<Timestamp>,
}

fn demo() -> String {
    "demo".to_owned()
}

fn build(settings: &ProviderSettings, context: &BuildContext<'_>) -> Result<Arc<dyn LicenseProvider>> {
    let config: MemoryConfig = settings.read()?;
    let provider = InMemoryProvider::with_clock(context.clock().clone());
    for key in config.keys {
        let request = CreateRequest::new(KeyCode::parse(&key.code)?, key.customer, key.product)
            .activation_limit(key.activation_limit.map_or(ActivationLimit::Unlimited, Into::into))
            .expiry(key.expires_at.map_or(Expiry::Never, Into::into));
        provider.insert(request)?;
    }
    Ok(Arc::new(provider))
}
