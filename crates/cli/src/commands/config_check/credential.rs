use std::collections::BTreeMap;
use std::fmt;

use anykey::{ProcessSecrets, SecretSource};
use serde::Deserialize;
use serde_json::Value;

use crate::target::Target;

const WEBHOOK_SECRETS: &str = "webhook_secrets";

/// Where a provider's credentials come from and whether they are there; never what they are.
pub(in crate::commands) fn sources(target: &Target) -> Vec<Source> {
    let fields: BTreeMap<String, Value> = target.config.settings.read().unwrap_or_default();
    let told = fields.into_iter().filter_map(|(field, value)| source(target, &field, value));
    told.collect()
}

/// The same for the secrets of its webhooks.
pub(in crate::commands) fn webhook_sources(target: &Target) -> Vec<Source> {
    let mut fields: BTreeMap<String, Value> = target.config.settings.read().unwrap_or_default();
    let Some(Value::Array(listed)) = fields.remove(WEBHOOK_SECRETS) else { return Vec::new() };
    let fields = listed.into_iter().enumerate();
    fields
        .filter_map(|(index, value)| source(target, &format!("{WEBHOOK_SECRETS}[{index}]"), value))
        .collect()
}

/// Where one secret comes from.
#[derive(Debug)]
pub(in crate::commands) struct Source {
    field: String,
    source: SecretSource,
    /// Whether it is there, and not empty.
    pub(in crate::commands) is_set: bool,
    /// Whether it is in a file that every user of this machine can write to.
    pub(in crate::commands) is_exposed: bool,
}

impl Source {
    /// The field, such as `webhook_secrets[0]`.
    pub(in crate::commands) fn field(&self) -> &str {
        &self.field
    }

    /// The secret; `None` when it is missing or empty.
    #[cfg(feature = "sim")]
    pub(in crate::commands) fn read(&self, target: &Target) -> Option<anykey::SecretString> {
        self.source.resolve(&self.field, &target.secrets()).ok()
    }
}

fn source(target: &Target, field: &str, value: Value) -> Option<Source> {
    let source = SecretSource::deserialize(value).ok()?;
    let is_set = source.resolve(field, &target.secrets()).is_ok();
    let is_exposed = match &source {
        SecretSource::File(path) => {
            ProcessSecrets::default().is_writable_by_all(target.secrets().located(path))
        }
        _ => false,
    };
    Some(Source { field: field.to_owned(), source, is_set, is_exposed })
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = if self.is_set { "set" } else { "missing or empty" };
        let warning =
            if self.is_exposed { "; warning: every user of this machine can write to it" } else { "" };
        write!(f, "`{}` from {} ({state}{warning})", self.field, self.source)
    }
}
