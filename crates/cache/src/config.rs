use std::time::Duration;

use anykey_core::LicenseProvider;
use serde::Deserialize;

use crate::{CachedProvider, CachedProviderBuilder};

/// The section `[cache]` of a configuration. An unknown field is an error; an absent one has the default of
/// [`CachedProviderBuilder`].
///
/// ```toml
/// [cache]
/// positive_ttl_seconds = 300
/// negative_ttl_seconds = 30
/// capacity = 10000
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct CacheConfig {
    /// How many seconds a valid answer is cached: [`CachedProviderBuilder::positive_ttl`].
    pub positive_ttl_seconds: Option<u32>,
    /// How many seconds a refusal is cached: [`CachedProviderBuilder::negative_ttl`].
    pub negative_ttl_seconds: Option<u32>,
    /// How many answers are cached at most: [`CachedProviderBuilder::capacity`].
    pub capacity: Option<u64>,
}

impl CacheConfig {
    /// Wraps `provider` with the configured cache.
    pub fn wrap<P: LicenseProvider>(&self, provider: P) -> CachedProvider<P> {
        self.builder(provider).build()
    }

    /// A builder with these settings, for options that a configuration does not have.
    pub fn builder<P: LicenseProvider>(&self, provider: P) -> CachedProviderBuilder<P> {
        let seconds = |seconds| Duration::from_secs(u64::from(seconds));
        let builder = CachedProvider::builder(provider);
        let builder =
            set(builder, self.positive_ttl_seconds.map(seconds), CachedProviderBuilder::positive_ttl);
        let builder =
            set(builder, self.negative_ttl_seconds.map(seconds), CachedProviderBuilder::negative_ttl);
        set(builder, self.capacity, CachedProviderBuilder::capacity)
    }
}

fn set<B, T>(builder: B, written: Option<T>, set: impl FnOnce(B, T) -> B) -> B {
    match written {
        Some(value) => set(builder, value),
        None => builder,
    }
}
