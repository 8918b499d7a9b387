//! What many processes share through Redis, as a configuration says it.

use std::num::NonZeroU32;

use anykey_cache::CacheConfig;
use anykey_core::adapter::{ErrorExt as _, ProviderSettings};
use anykey_core::{Result, SecretResolver, SecretSource};
use anykey_http::SharedPacing;
use anykey_redis::{RedisServer, SealKey};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::{Config, config_error};

/// The section `[pacing]` of a configuration: the processes of a fleet keep the vendors' rate limits together.
///
/// ```toml
/// [pacing]
/// redis = { env = "REDIS_URL" }
/// processes = 8
/// ```
///
/// [`Registry::build`](crate::Registry::build) and [`Providers`](crate::Providers) apply it. A vendor that is not
/// paced, or whose `pacing` is `false`, has nothing to share.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct PacingConfig {
    /// The URL of the Redis server, such as `redis://user:password@host:6379/0`.
    pub redis: SecretSource,
    /// How the names of all keys in Redis begin; `anykey` by default.
    pub redis_prefix: Option<Box<str>>,
    /// How many processes there are at most. While Redis is away, each has the limits divided by this number.
    pub processes: NonZeroU32,
}

/// The fields of the section `[cache]` that are about Redis.
#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(super) struct SharedCacheConfig {
    /// The URL of the Redis server by which processes share answers and invalidations; absent: each has its own.
    redis: Option<SecretSource>,
    /// How the names of all keys in Redis begin; `anykey` by default.
    redis_prefix: Option<Box<str>>,
    /// The key that seals answers in Redis: 32 random bytes in base64, the same in every process. Required with
    /// `redis`.
    seal_key: Option<SecretSource>,
}

/// How processes share answers.
#[derive(Clone, Debug)]
pub(crate) struct SharedCache {
    pub(crate) server: RedisServer,
    pub(crate) seal_key: SealKey,
}

impl PacingConfig {
    /// Connects pacers to Redis. Sends nothing.
    pub(crate) fn sharing(&self, secrets: &dyn SecretResolver) -> Result<SharedPacing> {
        let server = self.server(secrets)?;
        let processes = self.processes;
        Ok(SharedPacing::new(move |account, pacer| server.pacer(account, pacer, processes)))
    }

    fn server(&self, secrets: &dyn SecretResolver) -> Result<RedisServer> {
        let server = server(&self.redis, self.redis_prefix.as_deref(), secrets);
        server.map_err(|error| error.in_context("[pacing]"))
    }
}

impl SharedCacheConfig {
    const FIELDS: [&str; 3] = ["redis", "redis_prefix", "seal_key"];

    fn open(&self, secrets: &dyn SecretResolver) -> Result<Option<SharedCache>> {
        let (url, seal_key) = match (&self.redis, &self.seal_key) {
            (None, None) if self.redis_prefix.is_none() => return Ok(None),
            (None, _) => {
                return Err(config_error(
                    "`redis` is missing, which `seal_key` and `redis_prefix` are for".to_owned(),
                ));
            }
            (Some(_), None) => {
                return Err(config_error(
                    "`seal_key` is missing: answers in Redis are sealed; make a key with `openssl rand -base64 32` and \
                     name where it is kept, such as { env = \"ANYKEY_SEAL_KEY\" }"
                        .to_owned(),
                ));
            }
            (Some(url), Some(seal_key)) => (url, seal_key),
        };
        let seal_key = SealKey::new(&seal_key.resolve("seal_key", secrets)?)?;
        Ok(Some(SharedCache { server: server(url, self.redis_prefix.as_deref(), secrets)?, seal_key }))
    }
}

impl Config {
    /// The section `[pacing]`; `None` when it is absent.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`](crate::ErrorKind::Config), with the name of the wrong field.
    pub fn pacing(&self) -> Result<Option<PacingConfig>> {
        let read = |fields: &ProviderSettings| fields.read().map_err(|error| error.in_context("[pacing]"));
        self.pacing.as_ref().map(read).transpose()
    }

    /// The Redis servers of the sections `[cache]` and `[pacing]`, by the section's name, for a health check or a
    /// diagnosis. Sends nothing. Empty when there are none.
    ///
    /// An error is that of its section, of the kind [`ErrorKind::Config`](crate::ErrorKind::Config); outside of a tokio
    /// runtime there is no server.
    #[must_use]
    pub fn redis_servers(&self, secrets: &dyn SecretResolver) -> Vec<(&'static str, Result<RedisServer>)> {
        let cache = self.whole_cache(secrets).map(|(_, shared)| shared.map(|shared| shared.server));
        let pacing = self.pacing().and_then(|pacing| {
            let server = pacing.map(|pacing| pacing.server(secrets));
            server.transpose()
        });
        let sections = [("cache", cache), ("pacing", pacing)].into_iter();
        sections.filter_map(|(section, server)| Some((section, server.transpose()?))).collect()
    }

    /// The limits of the cache, and how processes share its answers.
    pub(crate) fn whole_cache(
        &self,
        secrets: &dyn SecretResolver,
    ) -> Result<(CacheConfig, Option<SharedCache>)> {
        let read = |section: &ProviderSettings| {
            let (shared, own): (Map<_, _>, Map<_, _>) = section
                .read::<Map<String, Value>>()?
                .into_iter()
                .partition(|(name, _)| SharedCacheConfig::FIELDS.contains(&name.as_str()));
            let shared: SharedCacheConfig = ProviderSettings::new(shared).read()?;
            Ok::<_, anykey_core::Error>((ProviderSettings::new(own).read()?, shared.open(secrets)?))
        };
        match &self.cache {
            None => Ok((CacheConfig::default(), None)),
            Some(section) => read(section).map_err(|error| error.in_context("[cache]")),
        }
    }

    /// The JSON Schemas of the sections `cache` and `pacing`, by name.
    #[cfg(feature = "schema")]
    #[must_use]
    pub fn section_schemas() -> Map<String, Value> {
        let mut cache = schemars::schema_for!(CacheConfig).to_value();
        let shared = schemars::schema_for!(SharedCacheConfig).to_value();
        for part in ["properties", "$defs"] {
            let added = shared.get(part).and_then(Value::as_object).cloned().unwrap_or_default();
            let members =
                cache.as_object_mut().map(|cache| cache.entry(part).or_insert_with(|| Map::new().into()));
            if let Some(Value::Object(members)) = members {
                members.extend(added);
            }
        }
        let pacing = schemars::schema_for!(PacingConfig).to_value();
        Map::from_iter([("cache".to_owned(), cache), ("pacing".to_owned(), pacing)])
    }
}

fn server(url: &SecretSource, prefix: Option<&str>, secrets: &dyn SecretResolver) -> Result<RedisServer> {
    let builder = RedisServer::builder(url.resolve("redis", secrets)?);
    match prefix {
        Some(prefix) => builder.prefix(prefix).build(),
        None => builder.build(),
    }
}

#[cfg(test)]
mod tests {
    use anykey_core::{ErrorKind, LicenseProvider, SecretString};
    use serde_json::json;

    use super::*;
    use crate::Registry;

    const SEAL_KEY: &str = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";

    /// `REDIS_URL` leads to no server.
    struct Secrets;

    impl SecretResolver for Secrets {
        fn env(&self, name: &str) -> Option<SecretString> {
            let secret = match name {
                "REDIS_URL" => "redis://planted@127.0.0.1:1",
                "SEAL_KEY" => SEAL_KEY,
                "SHORT" => "planted",
                _ => return None,
            };
            Some(secret.into())
        }

        fn file(&self, _: &std::path::Path) -> std::io::Result<SecretString> {
            Err(std::io::ErrorKind::NotFound.into())
        }
    }

    fn config(sections: Value) -> Config {
        let mut fields = sections.as_object().unwrap().clone();
        fields.insert("provider".to_owned(), "memory".into());
        fields.insert("keys".to_owned(), json!([{"code": "ACME-2A7F"}]));
        Config::from_fields(fields).unwrap()
    }

    fn registry() -> Registry {
        Registry::builtin().with_secrets(Secrets)
    }

    fn fault(sections: Value) -> String {
        let config = config(sections);
        let opened = registry().cache(&config).map(drop).and_then(|()| registry().build(&config).map(drop));
        let error = opened.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Config);
        assert!(!format!("{error} {error:?}").contains("planted"), "{error:?}");
        error.message().to_owned()
    }

    #[tokio::test]
    async fn redis_that_is_away_is_no_refusal_and_no_error() {
        let redis = json!({"env": "REDIS_URL"});
        let config = config(json!({
            "cache": {"redis": redis, "seal_key": {"env": "SEAL_KEY"}, "positive_ttl_seconds": 60},
            "pacing": {"redis": redis, "processes": 8},
        }));
        let cached = registry().cache(&config).unwrap().wrap(registry().build(&config).unwrap());
        let request = crate::ValidateRequest::new(crate::KeyCode::parse("ACME-2A7F").unwrap());
        assert!(cached.validate(request).await.unwrap().is_valid());
        let error = config.cache().unwrap_err();
        assert!(error.message().contains("open the cache with `Registry::cache`"), "{error}");
        assert_eq!(config.without_pacing().pacing().unwrap(), None);
    }

    #[tokio::test]
    async fn what_is_wrong_is_named_and_not_repeated() {
        let redis = json!({"env": "REDIS_URL"});
        for (sections, expected) in [
            (json!({"cache": {"redis": redis}}), "[cache]: `seal_key` is missing"),
            (json!({"cache": {"seal_key": redis}}), "[cache]: `redis` is missing"),
            (
                json!({"cache": {"redis": redis, "seal_key": {"env": "SHORT"}}}),
                "[cache]: the seal key has to be 32",
            ),
            (
                json!({"cache": {"redis": redis, "seal_key": "planted"}}),
                "[cache]: `seal_key`: write a secret as",
            ),
            (
                json!({"cache": {"redis": {"env": "ABSENT"}, "seal_key": {"env": "SEAL_KEY"}}}),
                "`redis`: the environment variable ABSENT",
            ),
            (json!({"cache": {"redis": redis, "capacitiy": 1}}), "did you mean `capacity`?"),
            (json!({"pacing": {"redis": redis}}), "[pacing]: missing field `processes`"),
            (json!({"pacing": {"redis": redis, "processes": 0}}), "[pacing]: `processes`: invalid value"),
            (
                json!({"pacing": {"redis": {"env": "SHORT"}, "processes": 8}}),
                "[pacing]: this is no URL of Redis",
            ),
        ] {
            let fault = fault(sections.clone());
            assert!(fault.contains(expected), "{sections}: {fault}");
        }
    }

    #[test]
    fn without_a_runtime_the_error_says_what_is_needed() {
        let sections = json!({"pacing": {"redis": {"env": "REDIS_URL"}, "processes": 8}});
        assert!(fault(sections).contains("[pacing]: Redis needs a tokio runtime"));
    }

    #[cfg(feature = "schema")]
    #[test]
    fn the_schema_has_every_field() {
        let schemas = Config::section_schemas();
        for (section, field) in [
            ("cache", "redis"),
            ("cache", "seal_key"),
            ("cache", "capacity"),
            ("pacing", "redis"),
            ("pacing", "processes"),
        ] {
            assert!(schemas[section]["properties"].get(field).is_some(), "{section}.{field}");
        }
        assert!(schemas["cache"]["$defs"].get("SecretSource").is_some());
    }
}
