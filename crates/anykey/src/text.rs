//! Configuration from TOML.

use std::path::Path;

use anykey_core::Result;
use anykey_core::adapter::ErrorExt as _;
use serde_json::{Map, Value};

use crate::config::{Config, config_error};

impl Config {
    /// Reads the TOML file at `path`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`](anykey_core::ErrorKind::Config) when the file cannot be read, is not UTF-8 or is wrong,
    /// with the path and the line or field.
    pub fn from_file(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        let read = match std::fs::read_to_string(path) {
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
    /// because it may contain a secret.
    pub fn from_toml(text: &str) -> Result<Self> {
        let table: toml::Table = text.parse().map_err(|error: toml::de::Error| {
            let line = error
                .span()
                .map_or(1, |span| 1 + text.bytes().take(span.start).filter(|b| *b == b'\n').count());
            config_error(format!("line {line} is not valid TOML: {}", error.message()))
        })?;
        Self::from_fields(fields(table))
    }
}

/// Parses one TOML value, such as `true` or `["a", "b"]`; `None` when `text` is not one.
pub(crate) fn value(text: &str) -> Option<Value> {
    let mut table: toml::Table = format!("value = {text}").parse().ok()?;
    let value = table.remove("value")?;
    table.is_empty().then(|| json(value))
}

fn fields(table: toml::Table) -> Map<String, Value> {
    table.into_iter().map(|(name, value)| (name, json(value))).collect()
}

fn json(value: toml::Value) -> Value {
    match value {
        toml::Value::String(text) => Value::String(text),
        toml::Value::Integer(number) => Value::from(number),
        toml::Value::Float(number) => Value::from(number),
        toml::Value::Boolean(truth) => Value::Bool(truth),
        toml::Value::Datetime(time) => Value::String(time.to_string()),
        toml::Value::Array(values) => values.into_iter().map(json).collect(),
        toml::Value::Table(table) => Value::Object(fields(table)),
    }
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
}
