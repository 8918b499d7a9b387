use std::collections::BTreeMap;

use anykey::SecretSource;
use serde::Deserialize;
use serde_json::Value;

use crate::target::Target;

/// Where a provider's credentials come from and whether they are there; never what they are.
pub(super) fn sources(target: &Target) -> Vec<String> {
    let fields: BTreeMap<String, Value> = target.config.settings.read("anykey").unwrap_or_default();
    let secrets = target.secrets();
    fields
        .into_iter()
        .filter_map(|(field, value)| Some((SecretSource::deserialize(value).ok()?, field)))
        .map(|(source, field)| {
            let state = if source.resolve(&field, &secrets).is_ok() { "set" } else { "missing or empty" };
            format!("`{field}` from {source} ({state})")
        })
        .collect()
}
