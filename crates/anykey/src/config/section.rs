//! The sections beside the providers.

use anykey_core::Result;
#[cfg(any(feature = "cache", feature = "guard"))]
use anykey_core::adapter::ErrorExt as _;
use anykey_core::adapter::ProviderSettings;
use serde_json::{Map, Value};

use super::{Config, config_error};

impl Config {
    /// The section `[cache]`: how long answers are cached. `None` when the section is absent.
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
    /// let provider = Registry::builtin().build(&config)?;
    /// let cached = config.cache()?.unwrap_or_default().wrap(provider);
    /// # }
    /// # Ok::<_, anykey::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`](anykey_core::ErrorKind::Config), with the name of the wrong field; also for `redis`, by
    /// which processes share their answers: then [`Registry::cache`](crate::Registry::cache) opens the cache.
    #[cfg(feature = "cache")]
    pub fn cache(&self) -> Result<Option<anykey_cache::CacheConfig>> {
        let Some(section) = &self.cache else { return Ok(None) };
        if names_redis(section) {
            return Err(config_error(
                "[cache]: `redis` shares answers with other processes; open the cache with `Registry::cache`"
                    .to_owned(),
            ));
        }
        section.read().map(Some).map_err(|error| error.in_context("[cache]"))
    }

    /// The same configuration without the section `[pacing]`: each process keeps the vendors' rate limits alone.
    #[must_use]
    pub fn without_pacing(self) -> Self {
        Self { pacing: None, ..self }
    }

    /// The section `[guard]`: the settings of the guard for installed apps. `None` when the section is absent.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`](anykey_core::ErrorKind::Config), with the name of the wrong field.
    #[cfg(feature = "guard")]
    pub fn guard(&self) -> Result<Option<anykey_guard::GuardConfig>> {
        let read = |fields: &ProviderSettings| fields.read().map_err(|error| error.in_context("[guard]"));
        self.guard.as_ref().map(read).transpose()
    }
}

/// Removes the section `[name]` from `fields`. An error if its feature is off.
pub(super) fn take(
    fields: &mut Map<String, Value>,
    name: &str,
    is_on: bool,
) -> Result<Option<ProviderSettings>> {
    match fields.remove(name) {
        None => Ok(None),
        Some(Value::Object(section)) if is_on => Ok(Some(ProviderSettings::new(section))),
        Some(Value::Object(_)) => Err(missing_feature(&format!("[{name}]"), feature(name))),
        Some(_) => Err(config_error(format!("`{name}` has to be a table: [{name}]"))),
    }
}

/// Fails for `[cache] redis` where the feature `redis` is off.
pub(super) fn check_redis(cache: Option<&ProviderSettings>) -> Result<()> {
    if cfg!(feature = "redis") || !cache.is_some_and(names_redis) {
        return Ok(());
    }
    Err(missing_feature("[cache]: `redis`", "redis"))
}

/// Whether processes share their answers.
pub(super) fn names_redis(cache: &ProviderSettings) -> bool {
    cache.names().any(|name| name == "redis")
}

/// The feature that a section needs.
fn feature(section: &str) -> &str {
    if section == "pacing" { "redis" } else { section }
}

fn missing_feature(what: &str, feature: &str) -> anykey_core::Error {
    config_error(format!("{what} needs the feature `{feature}` of the crate `anykey`; switch it on"))
}

#[cfg(test)]
mod tests {
    #[cfg(not(feature = "redis"))]
    #[test]
    fn what_is_shared_by_redis_names_its_feature() {
        let message = |document: serde_json::Value| {
            let fields = document.as_object().unwrap().clone();
            crate::Config::from_fields(fields).unwrap_err().message().to_owned()
        };
        let redis = serde_json::json!({"env": "REDIS_URL"});
        let pacing = serde_json::json!({"provider": "memory", "pacing": {"redis": redis, "processes": 8}});
        let expected = "[pacing] needs the feature `redis` of the crate `anykey`; switch it on";
        assert_eq!(message(pacing), expected);
        if cfg!(feature = "cache") {
            let cache = serde_json::json!({"provider": "memory", "cache": {"redis": redis}});
            let expected = "[cache]: `redis` needs the feature `redis` of the crate `anykey`; switch it on";
            assert_eq!(message(cache), expected);
        }
    }
}
