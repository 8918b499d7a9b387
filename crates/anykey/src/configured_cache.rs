use anykey_cache::{CacheConfig, CachedProvider, CachedProviderBuilder};
use anykey_core::{Clock, LicenseProvider, Result};

use crate::{Config, Registry};

/// The cache that the section `[cache]` of a configuration describes, for any of its providers; opened by
/// [`Registry::cache`].
///
/// With the field `redis`, which needs the feature of that name, answers and invalidations are shared by all processes
/// with the same Redis, `redis_prefix`, `seal_key` and name of the provider.
#[derive(Clone, Debug)]
pub struct ConfiguredCache {
    limits: CacheConfig,
    clock: Clock,
    #[cfg(feature = "redis")]
    shared: Option<crate::config::SharedCache>,
}

impl ConfiguredCache {
    /// Wraps `provider` with the cache.
    #[must_use]
    pub fn wrap<P: LicenseProvider>(&self, provider: P) -> CachedProvider<P> {
        self.builder(provider).build()
    }

    /// A builder with these settings, for options that a configuration does not have.
    pub fn builder<P: LicenseProvider>(&self, provider: P) -> CachedProviderBuilder<P> {
        #[cfg(feature = "redis")]
        let answers = self
            .shared
            .as_ref()
            .map(|shared| anykey_redis::RedisAnswers::new(&shared.server, provider.name(), &shared.seal_key));
        let builder = self.limits.builder(provider).clock(self.clock.clone());
        #[cfg(feature = "redis")]
        let builder = match answers {
            Some(answers) => builder.second_level(std::sync::Arc::new(answers)),
            None => builder,
        };
        builder
    }
}

impl Registry {
    /// Opens the cache of the configuration's section `[cache]`; the default one when the section is absent. Sends
    /// nothing: the app also starts while Redis is away.
    ///
    /// ```
    /// # #[cfg(feature = "toml")] {
    /// use anykey::{Config, Registry};
    ///
    /// let config = Config::from_toml(r#"
    ///     provider = "memory"
    ///     [cache]
    ///     positive_ttl_seconds = 60
    /// "#)?;
    /// let registry = Registry::builtin();
    /// let cached = registry.cache(&config)?.wrap(registry.build(&config)?);
    /// # }
    /// # Ok::<_, anykey::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`](anykey_core::ErrorKind::Config), with the name of the wrong field; with `redis` also when
    /// `seal_key` is missing, or outside of a tokio runtime.
    pub fn cache(&self, config: &Config) -> Result<ConfiguredCache> {
        #[cfg(feature = "redis")]
        {
            let (limits, shared) = config.whole_cache(self.secrets())?;
            Ok(ConfiguredCache { limits, clock: self.clock().clone(), shared })
        }
        #[cfg(not(feature = "redis"))]
        {
            let limits = config.cache()?.unwrap_or_default();
            Ok(ConfiguredCache { limits, clock: self.clock().clone() })
        }
    }
}
