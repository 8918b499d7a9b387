//! Configuration from TOML.

use std::path::Path;

use anykey_core::Result;
use anykey_core::adapter::ErrorExt as _;
use serde_json::{Map, Value};

use crate::ProcessSecrets;
use crate::config::{Config, config_error};

impl Config {
    /// Reads the TOML file at `path`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`](anykey_core::ErrorKind::Config) when the file is wrong, is not UTF-8 or cannot be read
    /// within the bounds of [`ProcessSecrets`], with the path and the line or field.
    pub fn from_file(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        let read = match ProcessSecrets.text(path) {
            Ok(text) => Self::from_toml(&text),
            Err(cause) => Err(config_error(format!("cannot be read: {cause}"))),
        };
        read.map_err(|error| error.in_context(&path.display().to_string()))
    }

    /// Reads a TOML document.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`](anykey_core::ErrorKind::Config), with the line or field. The line's text is left out,
    /// because it may contain a secret. `nan` and `inf` are errors: no field has such a value.
    pub fn from_toml(text: &str) -> Result<Self> {
        let table: toml::Table = text.parse().map_err(|error: toml::de::Error| {
            let line = error
                .span()
                .map_or(1, |span| 1 + text.bytes().take(span.start).filter(|b| *b == b'\n').count());
            config_error(format!("line {line} is not valid TOML: {}", error.message()))
        })?;
        let fields = fields(table).map_err(|NotFinite(path)| {
            config_error(format!(
                "`{path}`: nan and inf are no values; write a finite number, or leave it out"
            ))
        })?;
        Self::from_fields(fields)
    }
}

/// Parses one TOML value, such as `true` or `["a", "b"]`; `None` when `text` is not one, or contains `nan` or `inf`.
pub(crate) fn value(text: &str) -> Option<Value> {
    let mut table: toml::Table = format!("value = {text}").parse().ok()?;
    let value = table.remove("value")?;
    table.is_empty().then(|| json(value).ok())?
}

/// The path of a number that JSON does not have.
struct NotFinite(String);

impl NotFinite {
    fn below(self, name: &str) -> Self {
        let Self(path) = self;
        let separator = if path.is_empty() || path.starts_with('[') { "" } else { "." };
        Self(format!("{name}{separator}{path}"))
    }
}

fn fields(table: toml::Table) -> Result<Map<String, Value>, NotFinite> {
    let field = |(name, value): (String, toml::Value)| match json(value) {
        Ok(value) => Ok((name, value)),
        Err(error) => Err(error.below(&name)),
    };
    table.into_iter().map(field).collect()
}

fn json(value: toml::Value) -> Result<Value, NotFinite> {
    Ok(match value {
        toml::Value::String(text) => Value::String(text),
        toml::Value::Integer(number) => Value::from(number),
        toml::Value::Float(number) if number.is_finite() => Value::from(number),
        toml::Value::Float(_) => return Err(NotFinite(String::new())),
        toml::Value::Boolean(truth) => Value::Bool(truth),
        toml::Value::Datetime(time) => Value::String(time.to_string()),
        toml::Value::Array(values) => {
            let item = |(index, value)| json(value).map_err(|error| error.below(&format!("[{index}]")));
            values.into_iter().enumerate().map(item).collect::<Result<_, _>>()?
        }
        toml::Value::Table(table) => Value::Object(fields(table)?),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_syntax_error_names_the_line_and_omits_its_text() {
        let error = Config::from_toml("provider = \"acme\"\ntoken = planted-secret\n").unwrap_err();
        assert!(error.message().starts_with("line 2 is not valid TOML"), "{error}");
        assert!(!format!("{error} {error:?}").contains("planted-secret"));
    }

    #[test]
    fn file_errors_contain_the_path() {
        let missing = Config::from_file("no-such-folder/anykey.toml").unwrap_err();
        assert!(missing.message().starts_with("no-such-folder/anykey.toml: cannot be read"), "{missing}");
    }

    #[test]
    fn times_and_lists_are_parsed() {
        assert_eq!(value("2027-01-01T00:00:00Z"), Some(Value::String("2027-01-01T00:00:00Z".to_owned())));
        assert_eq!(value("[\"a\"]"), Some(serde_json::json!(["a"])));
        assert_eq!(value("acme"), None);
        assert_eq!(value("1\nother = 2"), None);
    }

    #[test]
    fn a_number_that_is_none_is_an_error_and_not_absent() {
        for (toml, path) in [
            ("provider = \"memory\"\ntimeout = nan", "`timeout`"),
            ("provider = \"memory\"\ntimeout = -inf", "`timeout`"),
            ("provider = \"memory\"\nproducts = [1.0, +inf]", "`products[1]`"),
            ("provider = \"memory\"\nnetwork = { a = [{ b = -nan }] }", "`network.a[0].b`"),
            ("[providers.a]\nprovider = \"memory\"\ntimeout = inf", "`providers.a.timeout`"),
        ] {
            let error = Config::from_toml(toml).unwrap_err();
            assert!(error.message().starts_with(&format!("{path}: nan and inf")), "{error}");
        }
        assert_eq!(value("nan"), None);
        assert_eq!(value("[inf]"), None);
    }
}
