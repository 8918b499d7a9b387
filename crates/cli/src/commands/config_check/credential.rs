use std::collections::BTreeMap;

use anykey::{ProcessSecrets, SecretSource};
use serde::Deserialize;
use serde_json::Value;

use crate::target::Target;

const WEBHOOK_SECRETS: &str = "webhook_secrets";

/// Where a provider's credentials come from and whether they are there; never what they are.
pub(super) fn sources(target: &Target) -> Vec<String> {
    let fields: BTreeMap<String, Value> = target.config.settings.read().unwrap_or_default();
    let told = fields.into_iter().filter_map(|(field, value)| source(target, &field, value));
    told.collect()
}

/// The same for the secrets of its webhooks.
pub(super) fn webhook_sources(target: &Target) -> Vec<String> {
    let mut fields: BTreeMap<String, Value> = target.config.settings.read().unwrap_or_default();
    let Some(Value::Array(listed)) = fields.remove(WEBHOOK_SECRETS) else { return Vec::new() };
    let fields = listed.into_iter().enumerate();
    fields
        .filter_map(|(index, value)| source(target, &format!("{WEBHOOK_SECRETS}[{index}]"), value))
        .collect()
}

fn source(target: &Target, field: &str, value: Value) -> Option<String> {
    let source = SecretSource::deserialize(value).ok()?;
    let is_set = source.resolve(field, &target.secrets()).is_ok();
    let state = if is_set { "set" } else { "missing or empty" };
    let is_writable = |path| ProcessSecrets::default().is_writable_by_all(target.secrets().located(path));
    let warning = match &source {
        SecretSource::File(path) if is_writable(path) => {
            "; warning: every user of this machine can write to it"
        }
        _ => "",
    };
    Some(format!("`{field}` from {source} ({state}{warning})"))
}
