//! The text of a new configuration: pure.

use toml::{Table, Value};

/// The file with the JSON Schema, beside the configuration.
pub(super) const SCHEMA_FILE: &str = "anykey.schema.json";

/// A configuration with one provider.
#[derive(Debug)]
pub(super) struct Draft {
    pub(super) name: String,
    pub(super) vendor: String,
    /// The fields in order.
    pub(super) fields: Vec<(String, Value)>,
}

impl Draft {
    /// The TOML document. Its first line is the one by which editors find the schema.
    pub(super) fn to_toml(&self) -> String {
        let of = |name: &str, value: Value| Table::from_iter([(name.to_owned(), value)]);
        let provider = of(&self.name, of("provider", self.vendor.as_str().into()).into());
        let default = of("default", self.name.as_str().into());
        let fields = self.fields.iter().map(|(field, value)| format!("{field} = {value}\n"));
        format!(
            "#:schema ./{SCHEMA_FILE}\n{default}\n{}{}",
            of("providers", provider.into()),
            fields.collect::<String>()
        )
    }
}

#[cfg(test)]
mod tests {
    use anykey::Config;
    use toml::toml;

    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        let draft = Draft {
            name: "my \"shop\"\u{7f}".to_owned(),
            vendor: "acme".to_owned(),
            fields: vec![
                ("organization_id".to_owned(), "a\\b\n".into()),
                ("products".to_owned(), vec!["a", "b"].into()),
                ("timeout".to_owned(), 30.into()),
                ("token".to_owned(), toml! { env = "ACME_TOKEN" }.into()),
            ],
        };
        let text = draft.to_toml();
        assert!(text.starts_with("#:schema ./anykey.schema.json\n"), "{text}");
        let config = Config::from_toml(&text).unwrap();
        assert_eq!(config.default_name().unwrap(), draft.name);
        assert!(text.ends_with("token = { env = \"ACME_TOKEN\" }\n"), "{text}");
        let read: Table = config.provider(&draft.name).unwrap().settings.read().unwrap();
        assert_eq!(read, draft.fields.into_iter().collect());
    }
}
