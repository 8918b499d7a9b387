//! Without any feature: a provider of the app's own.

use std::sync::Arc;

use anykey::{InMemoryProvider, KeyCode, LicenseProvider, Providers, Timestamp, ValidateRequest};

pub async fn is_valid(providers: &Providers, code: &str) -> anykey::Result<bool> {
    let request = ValidateRequest::new(KeyCode::parse(code)?);
    Ok(providers.default_provider()?.validate(request).await?.is_valid())
}

pub fn in_memory() -> Providers {
    let provider: Arc<dyn LicenseProvider> = Arc::new(InMemoryProvider::new(Timestamp::now));
    [("main", provider)].into_iter().collect()
}
