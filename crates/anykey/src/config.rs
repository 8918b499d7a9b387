mod section;
#[cfg(feature = "redis")]
mod shared;
mod table;

use std::collections::BTreeMap;
use std::fmt;

use anykey_core::adapter::{ErrorExt as _, ProviderSettings, closest};
use anykey_core::{Error, ErrorKind, Operation, Result};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

use crate::builtin;

#[cfg(feature = "redis")]
pub use shared::PacingConfig;
#[cfg(feature = "redis")]
pub(crate) use shared::SharedCache;
pub(crate) use table::in_table;

/// The configuration of an app: one or more providers, and the optional sections `[cache]`, `[guard]` and `[pacing]`.
///
/// The short form is one unnamed provider, which takes its vendor's name:
///
/// ```
/// # #[cfg(feature = "toml")] {
/// let config = anykey::Config::from_toml(r#"
///     provider = "memory"
/// "#)?;
/// assert_eq!(config.default_name()?, "memory");
/// # }
/// # Ok::<_, anykey::Error>(())
/// ```
///
/// The long form has several named providers, for an app that stores the name with each customer's key:
///
/// ```
/// # #[cfg(feature = "toml")] {
/// let config = anykey::Config::from_toml(r#"
///     default = "main"
///     [providers.main]
///     provider = "memory"
///     [providers.legacy]
///     provider = "memory"
/// "#)?;
/// assert_eq!(config.names().collect::<Vec<_>>(), ["legacy", "main"]);
/// # }
/// # Ok::<_, anykey::Error>(())
/// ```
///
/// `Config` implements `Deserialize`, so any configuration crate can build it. All other fields belong to the
/// vendor's adapter, which rejects unknown ones when the provider is built. `Debug` prints field names, never values.
#[derive(Clone, Debug, PartialEq)]
pub struct Config {
    default: Option<String>,
    providers: BTreeMap<String, ProviderConfig>,
    /// Whether the fields of the only provider stand at the top of the file.
    is_short: bool,
    cache: Option<ProviderSettings>,
    guard: Option<ProviderSettings>,
    pacing: Option<ProviderSettings>,
}

/// One provider of a [`Config`]: the vendor's name and the fields for its adapter.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub struct ProviderConfig {
    /// The vendor's name, such as `polar`.
    pub provider: String,
    /// Former names of the provider that the app's records may still contain. Empty when it was never renamed.
    pub aliases: Vec<String>,
    /// The fields for the adapter.
    pub settings: ProviderSettings,
}

impl Config {
    /// A configuration with one provider, which is named after its vendor.
    pub fn single(provider: ProviderConfig) -> Self {
        let name = provider.provider.clone();
        Self { default: Some(name.clone()), is_short: true, ..Self::of(BTreeMap::from([(name, provider)])) }
    }

    /// Reads a configuration from the fields of a parsed document of any format.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`], with the name of the wrong field.
    pub fn from_fields(mut fields: Map<String, Value>) -> Result<Self> {
        let cache = section::take(&mut fields, "cache", cfg!(feature = "cache"))?;
        let guard = section::take(&mut fields, "guard", cfg!(feature = "guard"))?;
        // In the short form `pacing = false` is a field of the provider.
        let pacing = match fields.get("pacing") {
            Some(Value::Object(_)) => section::take(&mut fields, "pacing", cfg!(feature = "redis"))?,
            _ => None,
        };
        section::check_redis(cache.as_ref())?;
        let config = match fields.remove("providers") {
            Some(Value::Object(named)) => Self::named(fields, named),
            Some(_) => Err(config_error("`providers` has to be a table: [providers.NAME]".to_owned())),
            None => ProviderConfig::from_fields(fields, "").map(Self::single),
        };
        config.map(|config| Self { cache, guard, pacing, ..config })
    }

    /// The same configuration with `provider` as its default, called `name`. It replaces a provider of that name.
    ///
    /// ```
    /// # #[cfg(feature = "toml")] {
    /// use anykey::{Config, Registry};
    ///
    /// let config = Config::from_toml(r#"
    ///     default = "main"
    ///     [providers.main]
    ///     provider = "memory"
    ///     [providers.legacy]
    ///     provider = "memory"
    /// "#)?;
    /// let legacy = config.provider("legacy")?.clone();
    /// let provider = Registry::builtin().build(&config.with_default("legacy", legacy))?;
    /// assert_eq!(provider.name(), "legacy");
    /// # }
    /// # Ok::<_, anykey::Error>(())
    /// ```
    #[must_use]
    pub fn with_default(mut self, name: impl Into<String>, provider: ProviderConfig) -> Self {
        let name = name.into();
        self.providers.insert(name.clone(), provider);
        let is_short = self.is_short && self.providers.len() == 1;
        Self { default: Some(name), is_short, ..self }
    }

    const fn of(providers: BTreeMap<String, ProviderConfig>) -> Self {
        Self { default: None, providers, is_short: false, cache: None, guard: None, pacing: None }
    }

    fn named(mut rest: Map<String, Value>, named: Map<String, Value>) -> Result<Self> {
        let default = match rest.remove("default") {
            None => None,
            Some(Value::String(name)) => Some(name),
            Some(_) => return Err(config_error("`default` has to be the name of a provider".to_owned())),
        };
        if let Some(field) = rest.keys().next() {
            return Err(config_error(format!(
                "`{field}` is not allowed next to [providers.…]; move it into the table of its provider"
            )));
        }
        let mut providers = BTreeMap::new();
        for (name, fields) in named {
            let Value::Object(fields) = fields else {
                return Err(config_error(format!(
                    "`providers.{name}` has to be a table: [providers.{name}]"
                )));
            };
            let provider = ProviderConfig::from_fields(fields, &format!("providers.{name}."))?;
            providers.insert(name, provider);
        }
        let config = Self { default, ..Self::of(providers) };
        config.check_aliases()?;
        config.default_name().map(|_| ())?;
        Ok(config)
    }

    /// Fails if a name or an alias refers to two providers.
    fn check_aliases(&self) -> Result<()> {
        let mut names: BTreeMap<&str, &str> = self.names().map(|name| (name, name)).collect();
        for (name, provider) in &self.providers {
            for alias in &provider.aliases {
                if let Some(taken) = names.insert(alias, name) {
                    return Err(config_error(format!(
                        "`providers.{name}.aliases`: `{alias}` is already a name of the provider `{taken}`"
                    )));
                }
            }
        }
        Ok(())
    }

    /// The name of the default provider: the field `default`, or the only provider.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`] when there are several providers and `default` is missing, or when no provider has that
    /// name.
    pub fn default_name(&self) -> Result<&str> {
        match (&self.default, self.providers.len()) {
            (Some(name), _) if self.providers.contains_key(name) => Ok(name),
            (Some(name), _) => Err(unknown_provider(name, self.names()).in_context("`default`")),
            (None, 1) => self.names().next().ok_or_else(no_provider),
            (None, 0) => Err(no_provider()),
            (None, _) => {
                Err(config_error(format!("`default` is missing: choose one of {}", listed(self.names()))))
            }
        }
    }

    /// The names of the providers, in alphabetical order.
    pub fn names(&self) -> impl Iterator<Item = &str> + Clone {
        self.providers.keys().map(String::as_str)
    }

    /// The configuration of the provider called `name`. Aliases are not resolved; see
    /// [`Providers::get`](crate::Providers::get).
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`] when there is no such provider, with the names that exist.
    pub fn provider(&self, name: &str) -> Result<&ProviderConfig> {
        self.providers.get(name).ok_or_else(|| unknown_provider(name, self.names()))
    }

    /// `error` about a field of the provider `name`, with the table that the field stands in; the short form has none.
    pub(crate) fn locate(&self, name: &str, error: Error) -> Error {
        if self.is_short { error } else { in_table(error, name) }
    }

    pub(crate) const fn providers(&self) -> &BTreeMap<String, ProviderConfig> {
        &self.providers
    }
}

impl ProviderConfig {
    /// A provider of the vendor called `provider`, with `settings` for its adapter and no aliases.
    pub fn new(provider: impl Into<String>, settings: ProviderSettings) -> Self {
        Self { provider: provider.into(), aliases: Vec::new(), settings }
    }

    fn from_fields(mut fields: Map<String, Value>, place: &str) -> Result<Self> {
        let aliases = match fields.remove("aliases") {
            None => Vec::new(),
            Some(aliases) => serde_json::from_value(aliases).map_err(|_| {
                config_error(format!("`{place}aliases` has to be a list of former names, such as [\"old\"]"))
            })?,
        };
        match fields.remove("provider") {
            Some(Value::String(provider)) => {
                Ok(Self { aliases, ..Self::new(provider, ProviderSettings::new(fields)) })
            }
            Some(_) => {
                Err(config_error(format!("`{place}provider` has to be text, one of {}", builtin::names())))
            }
            None => Err(config_error(format!(
                "`{place}provider` is missing: name the vendor, one of {}",
                builtin::names()
            ))),
        }
    }
}

impl fmt::Debug for ProviderConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProviderConfig")
            .field("provider", &self.provider)
            .field("fields", &self.settings)
            .finish()
    }
}

impl<'de> Deserialize<'de> for Config {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let fields = Map::deserialize(deserializer)?;
        Self::from_fields(fields).map_err(|error| D::Error::custom(error.message()))
    }
}

pub(crate) fn config_error(message: String) -> Error {
    Error::new(ErrorKind::Config, message).with_operation(Operation::Configure)
}

/// The error for a name that is not among the `known` ones.
pub(crate) fn unknown_provider<'a>(name: &str, known: impl Iterator<Item = &'a str> + Clone) -> Error {
    let error =
        config_error(format!("there is no provider called `{name}`; there is {}", listed(known.clone())));
    match closest(name, known) {
        Some(meant) => error.with_hint(&format!("did you mean `{meant}`?")),
        None => error,
    }
}

/// The names in one line.
pub(crate) fn listed<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let names: Vec<String> = names.map(|name| format!("`{name}`")).collect();
    if names.is_empty() { "none".to_owned() } else { names.join(", ") }
}

fn no_provider() -> Error {
    config_error("`providers` is empty: add [providers.NAME] with `provider = \"…\"`".to_owned())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(document: Value) -> Result<Config> {
        let Value::Object(fields) = document else { panic!("not a table") };
        Config::from_fields(fields)
    }

    fn message(document: Value) -> String {
        read(document).unwrap_err().message().to_owned()
    }

    #[test]
    fn the_only_provider_is_the_default() {
        let config = read(json!({"providers": {"shop": {"provider": "memory"}}})).unwrap();
        assert_eq!(config.default_name().unwrap(), "shop");
    }

    #[test]
    fn a_field_is_located_as_it_stands_in_the_file() {
        let located = |config: &Config, name: &str| {
            config.locate(name, config_error("`token` is wrong".to_owned())).message().to_owned()
        };
        let short = read(json!({"provider": "memory"})).unwrap();
        assert_eq!(located(&short, "memory"), "`token` is wrong");
        let long = read(json!({"providers": {"memory": {"provider": "memory"}}})).unwrap();
        assert_eq!(located(&long, "memory"), "providers.memory: `token` is wrong");
        let two = short.with_default("other", long.provider("memory").unwrap().clone());
        assert_eq!(located(&two, "other"), "providers.other: `token` is wrong");
    }

    #[test]
    fn errors_name_the_wrong_field() {
        assert!(message(json!({})).starts_with("`provider` is missing"));
        assert!(message(json!({"provider": 7})).starts_with("`provider` has to be text"));
        assert!(message(json!({"providers": {}})).starts_with("`providers` is empty"));
        assert!(message(json!({"providers": {"a": {}}})).starts_with("`providers.a.provider` is missing"));
        assert!(message(json!({"providers": {"a": 1}})).starts_with("`providers.a` has to be a table"));
        let two = json!({"a": {"provider": "memory"}, "b": {"provider": "memory"}});
        assert!(message(json!({"providers": two})).contains("choose one of `a`, `b`"));
        assert!(message(json!({"providers": two, "default": "c"})).contains("no provider called `c`"));
        assert!(
            message(json!({"providers": two, "default": "a", "token": 1}))
                .starts_with("`token` is not allowed next to")
        );
    }

    #[test]
    fn an_alias_refers_to_one_provider() {
        let memory = |aliases: Value| json!({"provider": "memory", "aliases": aliases});
        let renamed =
            json!({"default": "a", "providers": {"a": memory(json!(["old"])), "b": memory(json!([]))}});
        assert_eq!(read(renamed).unwrap().provider("a").unwrap().aliases, ["old"]);
        for taken in ["b", "a"] {
            let config =
                json!({"default": "a", "providers": {"a": memory(json!([taken])), "b": memory(json!([]))}});
            assert!(message(config).contains(&format!("`{taken}` is already a name of the provider")));
        }
        let number = json!({"providers": {"a": memory(json!(7))}});
        assert!(message(number).starts_with("`providers.a.aliases` has to be a list"));
    }

    #[cfg(feature = "guard")]
    #[test]
    fn both_forms_have_a_guard_section() {
        let guard = json!({"app_id": "com.example.studio"});
        let short = read(json!({"provider": "memory", "guard": guard})).unwrap();
        let long = read(json!({"providers": {"a": {"provider": "memory"}}, "guard": guard})).unwrap();
        for config in [short, long] {
            assert_eq!(&*config.guard().unwrap().unwrap().app_id, "com.example.studio");
        }
        let typo = read(json!({"provider": "memory", "guard": {"app_id": "a", "planted": 1}})).unwrap();
        let error = typo.guard().unwrap_err();
        assert!(error.message().contains("unknown field `planted`"), "{error}");
    }

    #[cfg(feature = "cache")]
    #[test]
    fn both_forms_have_a_cache_section() {
        let cache = json!({"positive_ttl_seconds": 60});
        let short = read(json!({"provider": "memory", "cache": cache})).unwrap();
        let long = read(json!({"providers": {"a": {"provider": "memory"}}, "cache": cache})).unwrap();
        for config in [short, long] {
            assert_eq!(config.cache().unwrap().unwrap().positive_ttl_seconds, Some(60));
        }
        let typo = read(json!({"provider": "memory", "cache": {"planted": 1}})).unwrap();
        let error = typo.cache().unwrap_err();
        assert!(error.message().contains("unknown field `planted`"), "{error}");
        assert_eq!(read(json!({"provider": "memory"})).unwrap().cache().unwrap(), None);
    }

    #[test]
    fn pacing_that_is_no_table_is_a_field_of_the_provider() {
        let short = read(json!({"provider": "acme", "pacing": false})).unwrap();
        assert_eq!(short.provider("acme").unwrap().settings.names().collect::<Vec<_>>(), ["pacing"]);
    }

    #[cfg(not(feature = "cache"))]
    #[test]
    fn a_cache_section_without_the_feature_names_the_feature() {
        let message = message(json!({"provider": "memory", "cache": {}}));
        assert!(message.contains("needs the feature `cache`"));
    }

    #[test]
    fn a_section_that_is_not_a_table_is_an_error() {
        for name in ["cache", "guard"] {
            let message = message(json!({"provider": "memory", name: 1}));
            assert!(message.starts_with(&format!("`{name}` has to be a table")), "{message}");
        }
    }

    #[cfg(not(feature = "guard"))]
    #[test]
    fn a_guard_section_without_the_feature_names_the_feature() {
        let message = message(json!({"provider": "memory", "guard": {}}));
        assert!(message.contains("needs the feature `guard`"));
    }

    #[test]
    fn debug_prints_field_names_only() {
        let config = read(json!({"provider": "acme", "token": "planted"})).unwrap();
        assert_eq!(
            format!("{config:?}"),
            "Config { default: Some(\"acme\"), providers: {\"acme\": ProviderConfig { provider: \"acme\", \
             fields: {\"token\"} }}, is_short: true, cache: None, guard: None, pacing: None }"
        );
    }
}
