//! `provider = "memory"`: the embedded default.

use std::sync::Arc;

use anykey_core::{
    ActivationLimit, CreateRequest, Expiry, InMemoryProvider, KeyCode, LicenseProvider, ProviderFactory,
    ProviderSettings, Result, SecretResolver, Timestamp,
};
use serde::Deserialize;

pub(crate) const FACTORY: ProviderFactory = ProviderFactory { name: InMemoryProvider::NAME, build };

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MemoryConfig {
    #[serde(default)]
    keys: Vec<KeyConfig>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct KeyConfig {
    code: String,
    #[serde(default = "demo")]
    customer: String,
    #[serde(default = "demo")]
    product: String,
    activation_limit: Option<u64>,
    expires_at: Option<Timestamp>,
}

fn demo() -> String {
    "demo".to_owned()
}

fn build(settings: &ProviderSettings, _: &dyn SecretResolver) -> Result<Arc<dyn LicenseProvider>> {
    let config: MemoryConfig = settings.read(InMemoryProvider::NAME)?;
    let provider = InMemoryProvider::new(Timestamp::now);
    for key in config.keys {
        let request = CreateRequest::new(KeyCode::parse(&key.code)?, key.customer, key.product)
            .activation_limit(key.activation_limit.map_or(ActivationLimit::Unlimited, Into::into))
            .expiry(key.expires_at.map_or(Expiry::Never, Into::into));
        provider.insert(request)?;
    }
    Ok(Arc::new(provider))
}
