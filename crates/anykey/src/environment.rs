//! The configuration as environment variables.

use anykey_core::adapter::ErrorExt as _;
use anykey_core::{Error, ErrorKind, Operation, Result};
use serde_json::{Map, Value, json};

use crate::builtin;
use crate::config::{Config, ProviderConfig};
use crate::text;

const PREFIX: &str = "ANYKEY_";

impl Config {
    /// Reads one provider from the process' environment: `ANYKEY_PROVIDER` and a variable for each further
    /// field, such as `ANYKEY_ORGANIZATION_ID`.
    ///
    /// A value is read as TOML where it is some (`true`, `["a", "b"]`) and as text otherwise. A token stands
    /// in `ANYKEY_TOKEN` itself, or in the place that `ANYKEY_TOKEN='{ file = "…" }'` points to; the secret of
    /// webhooks likewise in `ANYKEY_WEBHOOK_SECRETS`, or several in the places of a list.
    /// `ANYKEY_CONFIG` is left alone: it names a file.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`], naming the variable.
    pub fn from_env() -> Result<Self> {
        let utf8 = std::env::vars_os().filter_map(|(name, value)| Some((name.into_string().ok()?, value)));
        let mut variables = Vec::new();
        for (name, value) in utf8.filter(|(name, _)| name.starts_with(PREFIX)) {
            let value = value.into_string().map_err(|_| not_utf8(&name))?;
            variables.push((name, value));
        }
        Self::from_variables(variables)
    }

    /// Reads one provider from `variables`, as [`from_env`](Self::from_env) does.
    ///
    /// ```
    /// use anykey::Config;
    ///
    /// let config = Config::from_variables([("ANYKEY_PROVIDER", "acme"), ("ANYKEY_ENVIRONMENT", "sandbox")])?;
    /// assert_eq!(config.default_name()?, "polar");
    /// # Ok::<_, anykey::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`from_env`](Self::from_env).
    pub fn from_variables(
        variables: impl IntoIterator<Item = (impl AsRef<str>, impl AsRef<str>)>,
    ) -> Result<Self> {
        let fields: Map<_, _> = variables
            .into_iter()
            .filter_map(|(name, value)| {
                let field = name.as_ref().strip_prefix(PREFIX)?.to_ascii_lowercase();
                (field != "config")
                    .then(|| (field.clone(), field_value(&field, name.as_ref(), value.as_ref())))
            })
            .collect();
        match fields.get("provider") {
            Some(Value::String(_)) => Self::from_fields(fields),
            _ => Err(Error::new(
                ErrorKind::Config,
                format!(
                    "the environment variable ANYKEY_PROVIDER is not set; name the vendor, one of {}",
                    builtin::words()
                ),
            )
            .with_operation(Operation::Configure)),
        }
    }
}

impl ProviderConfig {
    /// Replaces fields by what `variables` hold, as [`Config::from_variables`] reads them; the provider's
    /// own word stays.
    #[must_use]
    pub fn overridden_by(
        self,
        variables: impl IntoIterator<Item = (impl AsRef<str>, impl AsRef<str>)>,
    ) -> Self {
        let mut settings = self.settings;
        for (name, value) in variables {
            let Some(field) = name.as_ref().strip_prefix(PREFIX).map(str::to_ascii_lowercase) else {
                continue;
            };
            if !matches!(field.as_str(), "config" | "provider") {
                let value = field_value(&field, name.as_ref(), value.as_ref());
                settings.set(field, value);
            }
        }
        Self { settings, ..self }
    }
}

fn field_value(field: &str, variable: &str, value: &str) -> Value {
    if field == "webhook_secrets" {
        return match text::value(value) {
            Some(list @ Value::Array(_)) => list,
            _ => json!([{ "env": variable }]),
        };
    }
    let is_secret = field == "token" || field.ends_with("_token") || field.ends_with("_secret");
    match text::value(value) {
        Some(table @ Value::Object(_)) => table,
        _ if is_secret => json!({ "env": variable }),
        Some(value) => value,
        None => Value::String(value.to_owned()),
    }
}

fn not_utf8(variable: &str) -> Error {
    Error::new(ErrorKind::Config, format!("the environment variable {variable} is not UTF-8"))
        .with_operation(Operation::Configure)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(variables: &[(&str, &str)]) -> Value {
        #[derive(serde::Deserialize)]
        #[serde(transparent)]
        struct Fields(Value);
        let config = Config::from_variables(variables.iter().copied()).unwrap();
        config.provider(config.default_name().unwrap()).unwrap().settings.read::<Fields>().unwrap().0
    }

    #[test]
    fn values_are_toml_where_they_are_some_and_text_otherwise() {
        let read = settings(&[
            ("ANYKEY_PROVIDER", "acme"),
            ("ANYKEY_CONFIG", "/etc/anykey.toml"),
            ("ANYKEY_RAW", "true"),
            ("ANYKEY_PRODUCTS", "[\"a\", \"b\"]"),
            ("ANYKEY_ORGANIZATION_ID", "57a10a51-653a-449f-a259-1c70a3bbc826"),
            ("OTHER", "x"),
        ]);
        assert_eq!(
            read,
            json!({
                "raw": true,
                "products": ["a", "b"],
                "organization_id": "57a10a51-653a-449f-a259-1c70a3bbc826",
            })
        );
    }

    #[test]
    fn a_token_is_read_later_from_its_own_variable() {
        let read = settings(&[("ANYKEY_PROVIDER", "acme"), ("ANYKEY_TOKEN", "planted")]);
        assert_eq!(read, json!({"token": {"env": "ANYKEY_TOKEN"}}));
        let read = settings(&[("ANYKEY_PROVIDER", "acme"), ("ANYKEY_TOKEN", "{ file = \"/run/t\" }")]);
        assert_eq!(read, json!({"token": {"file": "/run/t"}}));
    }

    #[test]
    fn webhook_secrets_are_one_in_their_own_variable_or_a_list_of_places() {
        let read = |value| settings(&[("ANYKEY_PROVIDER", "acme"), ("ANYKEY_WEBHOOK_SECRETS", value)]);
        let own = json!({"webhook_secrets": [{"env": "ANYKEY_WEBHOOK_SECRETS"}]});
        assert_eq!(read("whsec_planted"), own);
        let listed = json!({"webhook_secrets": [{"env": "NEW"}, {"env": "OLD"}]});
        assert_eq!(read("[{ env = \"NEW\" }, { env = \"OLD\" }]"), listed);
    }

    #[test]
    fn a_missing_provider_names_the_variable() {
        let error = Config::from_variables([("ANYKEY_TOKEN", "x")]).unwrap_err();
        assert!(error.message().contains("ANYKEY_PROVIDER"));
    }
}
