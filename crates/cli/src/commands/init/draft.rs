//! The text of a new configuration: pure.

use serde_json::Value;

/// The file with the JSON Schema, beside the configuration.
pub(super) const SCHEMA_FILE: &str = "anykey.schema.json";

/// A configuration with one provider.
#[derive(Debug)]
pub(super) struct Draft {
    pub(super) name: String,
    pub(super) vendor: String,
    /// The fields in order, with values of TOML that are texts, lists of texts, or tables of one text.
    pub(super) fields: Vec<(String, Value)>,
}

impl Draft {
    /// The TOML document. Its first line is the one by which editors find the schema.
    pub(super) fn to_toml(&self) -> String {
        let mut text = format!(
            "#:schema ./{SCHEMA_FILE}\ndefault = {name}\n\n[providers.{name}]\nprovider = {vendor}\n",
            name = quoted(&self.name),
            vendor = quoted(&self.vendor),
        );
        for (field, value) in &self.fields {
            text.push_str(&format!("{field} = {}\n", written(value)));
        }
        text
    }
}

fn written(value: &Value) -> String {
    match value {
        Value::String(text) => quoted(text),
        Value::Array(items) => format!("[{}]", items.iter().map(written).collect::<Vec<_>>().join(", ")),
        Value::Object(members) => {
            let members = members.iter().map(|(name, value)| format!("{name} = {}", written(value)));
            format!("{{ {} }}", members.collect::<Vec<_>>().join(", "))
        }
        other => other.to_string(),
    }
}

/// A basic string of TOML, whose escapes are those of JSON.
fn quoted(text: &str) -> String {
    Value::from(text).to_string().replace('\u{7f}', "\\u007f")
}

#[cfg(test)]
mod tests {
    use anykey::Config;
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        let draft = Draft {
            name: "my \"shop\"\u{7f}".to_owned(),
            vendor: "acme".to_owned(),
            fields: vec![
                ("organization_id".to_owned(), json!("a\\b\n")),
                ("products".to_owned(), json!(["a", "b"])),
                ("timeout".to_owned(), json!(30)),
                ("token".to_owned(), json!({ "env": "ACME_TOKEN" })),
            ],
        };
        let text = draft.to_toml();
        assert!(text.starts_with("#:schema ./anykey.schema.json\n"), "{text}");
        let config = Config::from_toml(&text).unwrap();
        assert_eq!(config.default_name().unwrap(), draft.name);
        let read: serde_json::Map<String, Value> =
            config.provider(&draft.name).unwrap().settings.read().unwrap();
        assert_eq!(read.into_iter().collect::<Vec<_>>(), draft.fields);
    }
}
