//! Configuration from environment variables.

use anykey_core::adapter::ErrorExt as _;
use anykey_core::{Error, ErrorKind, Operation, Result};
use serde_json::{Map, Value, json};

use crate::builtin;
use crate::config::{Config, ProviderConfig};
use crate::text;

mod kubernetes;

const PREFIX: &str = "ANYKEY_";

impl Config {
    /// Reads one provider from the process environment: `ANYKEY_PROVIDER`, and one variable for each other field,
    /// such as `ANYKEY_ORGANIZATION_ID`.
    ///
    /// A value that is valid TOML (`true`, `["a", "b"]`) is read as TOML, any other as text. `ANYKEY_TOKEN` contains
    /// the token or a reference to it, such as `{ file = "…" }`. `ANYKEY_WEBHOOK_SECRETS` contains one secret or a
    /// list of references. `ANYKEY_CONFIG` is ignored here: it is the path of a configuration file. So are the
    /// variables that Kubernetes sets in every container for a service called `anykey` or `anykey-…`, such as
    /// `ANYKEY_SERVICE_HOST=10.0.0.1` and `ANYKEY_PORT=tcp://10.0.0.1:80`; name and value together identify them.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`] when `ANYKEY_PROVIDER` is missing or a variable is not UTF-8, with the variable's name.
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
    /// assert_eq!(config.default_name()?, "acme");
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
                let field = field_of(name.as_ref(), value.as_ref()).filter(|field| field != "config")?;
                let value = field_value(&field, name.as_ref(), value.as_ref());
                Some((field, value))
            })
            .collect();
        match fields.get("provider") {
            Some(Value::String(_)) => Self::from_fields(fields),
            _ => Err(Error::new(
                ErrorKind::Config,
                format!(
                    "the environment variable ANYKEY_PROVIDER is not set; name the vendor, one of {}",
                    builtin::names()
                ),
            )
            .with_operation(Operation::Configure)),
        }
    }
}

impl ProviderConfig {
    /// Overrides fields with the values of `variables`, read as in [`Config::from_variables`]. `ANYKEY_PROVIDER` is
    /// ignored: the vendor stays the same. So are other names, and the variables of Kubernetes.
    #[must_use]
    pub fn overridden_by(
        self,
        variables: impl IntoIterator<Item = (impl AsRef<str>, impl AsRef<str>)>,
    ) -> Self {
        let mut settings = self.settings;
        for (name, value) in variables {
            let Some(field) = field_of(name.as_ref(), value.as_ref()) else { continue };
            if !matches!(field.as_str(), "config" | "provider") {
                let value = field_value(&field, name.as_ref(), value.as_ref());
                settings.set(field, value);
            }
        }
        Self { settings, ..self }
    }
}

/// The field that a variable sets; `None` when it is none of ours.
fn field_of(variable: &str, value: &str) -> Option<String> {
    let field = variable.strip_prefix(PREFIX)?;
    (!kubernetes::sets(variable, value)).then(|| field.to_ascii_lowercase())
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
    fn a_value_is_read_as_toml_if_it_is_valid_and_as_text_otherwise() {
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
    fn a_token_variable_becomes_a_reference_to_itself_unless_it_holds_one() {
        let read = settings(&[("ANYKEY_PROVIDER", "acme"), ("ANYKEY_TOKEN", "planted")]);
        assert_eq!(read, json!({"token": {"env": "ANYKEY_TOKEN"}}));
        let read = settings(&[("ANYKEY_PROVIDER", "acme"), ("ANYKEY_TOKEN", "{ file = \"/run/t\" }")]);
        assert_eq!(read, json!({"token": {"file": "/run/t"}}));
    }

    #[test]
    fn webhook_secrets_are_one_secret_or_a_list_of_references() {
        let read = |value| settings(&[("ANYKEY_PROVIDER", "acme"), ("ANYKEY_WEBHOOK_SECRETS", value)]);
        let own = json!({"webhook_secrets": [{"env": "ANYKEY_WEBHOOK_SECRETS"}]});
        assert_eq!(read("whsec_planted"), own);
        let listed = json!({"webhook_secrets": [{"env": "NEW"}, {"env": "OLD"}]});
        assert_eq!(read("[{ env = \"NEW\" }, { env = \"OLD\" }]"), listed);
    }

    #[test]
    fn what_kubernetes_sets_is_no_field() {
        let config = Config::from_variables([
            ("ANYKEY_PROVIDER", "memory"),
            ("ANYKEY_SERVICE_HOST", "10.0.0.1"),
            ("ANYKEY_PORT", "tcp://10.0.0.1:80"),
        ]);
        let provider = config.unwrap().provider("memory").unwrap().clone();
        assert_eq!(provider.settings.names().count(), 0);
        let overridden = provider.overridden_by([("ANYKEY_SERVICE_PORT", "80"), ("ANYKEY_PORT", "80")]);
        assert_eq!(overridden.settings.names().collect::<Vec<_>>(), ["port"]);
    }

    #[test]
    fn a_missing_provider_is_an_error_that_names_the_variable() {
        let error = Config::from_variables([("ANYKEY_TOKEN", "x")]).unwrap_err();
        assert!(error.message().contains("ANYKEY_PROVIDER"));
    }
}
