//! The JSON Schema of a whole configuration, from those of the vendors' fields.

use anykey::{Config, Registry};
use serde_json::{Map, Value, json};

/// The schema of `anykey.toml` for the vendors of `registry`: one provider at the top, or several by name.
///
/// A vendor whose fields are not known allows any.
pub(crate) fn schema(registry: &Registry) -> Value {
    let mut definitions = Map::new();
    let vendors: Vec<Value> = registry
        .vendors()
        .map(|vendor| {
            let name = vendor.name();
            let fields = vendor.schema().unwrap_or_else(|| json!({ "type": "object" }));
            json!({
                "if": { "properties": { "provider": { "const": name } } },
                "then": provider(name, fields, &mut definitions),
            })
        })
        .collect();
    let names: Vec<_> = registry.names().collect();
    definitions.insert(
        "provider".to_owned(),
        json!({
            "type": "object",
            "properties": { "provider": { "description": "The vendor.", "enum": names } },
            "required": ["provider"],
            "allOf": vendors,
        }),
    );
    for (section, schema) in Config::section_schemas() {
        let schema = without_definitions(&section, schema, &mut definitions);
        definitions.insert(section, schema);
    }
    let mut whole = json!({
        "default": { "type": "string", "description": "The provider that is used when none is named." },
        "providers": {
            "type": "object",
            "description": "The providers by name.",
            "additionalProperties": { "$ref": "#/$defs/provider" },
        },
    });
    if let Some(fields) = whole.as_object_mut() {
        fields.extend(sections());
    }
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Configuration of anykey",
        "if": { "required": ["providers"] },
        "then": {
            "properties": whole,
            "additionalProperties": false,
        },
        "else": { "$ref": "#/$defs/provider" },
        "$defs": definitions,
    })
}

/// The sections beside the providers.
fn sections() -> Map<String, Value> {
    let guard = json!({ "type": "object", "description": "The guard of an installed app." });
    let of = |section: &str| json!({ "$ref": format!("#/$defs/{section}") });
    let sections = [("cache", of("cache")), ("guard", guard), ("pacing", of("pacing"))];
    sections.map(|(name, schema)| (name.to_owned(), schema)).into_iter().collect()
}

/// The schema of one vendor's fields, to which those of every provider are added.
fn provider(vendor: &str, schema: Value, definitions: &mut Map<String, Value>) -> Value {
    let mut schema = without_definitions(vendor, schema, definitions);
    if let Some(members) = schema.as_object_mut() {
        let fields = members.entry("properties").or_insert_with(|| json!({}));
        if let Some(fields) = fields.as_object_mut() {
            fields.insert("provider".to_owned(), json!({ "const": vendor }));
            fields.entry("aliases").or_insert_with(|| {
                let description = "Former names of the provider that an app's records may still have.";
                json!({ "type": "array", "items": { "type": "string" }, "description": description })
            });
            // The sections of an app with one provider. A vendor's `pacing` is whether it is paced.
            for (name, section) in sections() {
                fields
                    .entry(name)
                    .and_modify(|own| *own = json!({ "anyOf": [own.clone(), section.clone()] }))
                    .or_insert(section);
            }
        }
    }
    schema
}

/// The schema, whose definitions move to `definitions`, each under a name that begins with `owner`.
fn without_definitions(owner: &str, mut schema: Value, definitions: &mut Map<String, Value>) -> Value {
    let own = schema.as_object_mut().and_then(|members| {
        members.remove("$schema");
        members.remove("$defs")
    });
    move_references(&mut schema, owner);
    for (name, mut definition) in own.and_then(|own| own.as_object().cloned()).unwrap_or_default() {
        move_references(&mut definition, owner);
        definitions.insert(format!("{owner}.{name}"), definition);
    }
    schema
}

fn move_references(schema: &mut Value, owner: &str) {
    match schema {
        Value::Object(members) => {
            if let Some(Value::String(reference)) = members.get_mut("$ref")
                && let Some(name) = reference.strip_prefix("#/$defs/")
            {
                *reference = format!("#/$defs/{owner}.{name}");
            }
            members.values_mut().for_each(|member| move_references(member, owner));
        }
        Value::Array(items) => items.iter_mut().for_each(|item| move_references(item, owner)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn references(schema: &Value) -> Vec<String> {
        match schema {
            Value::Object(members) => {
                let own = members.get("$ref").and_then(Value::as_str).map(str::to_owned);
                own.into_iter().chain(members.values().flat_map(references)).collect()
            }
            Value::Array(items) => items.iter().flat_map(references).collect(),
            _ => Vec::new(),
        }
    }

    #[test]
    fn every_reference_leads_to_a_definition() {
        let schema = schema(&Registry::builtin());
        let references = references(&schema);
        assert!(references.len() > 5, "{references:?}");
        for reference in references {
            let pointer = reference.strip_prefix('#').unwrap();
            assert!(schema.pointer(pointer).is_some(), "{reference}");
        }
    }

    #[test]
    fn what_processes_share_is_there_in_both_forms() {
        let schema = schema(&Registry::builtin());
        for section in ["cache", "pacing"] {
            assert!(schema["$defs"][section]["properties"].get("redis").is_some(), "{section}");
            assert!(schema["then"]["properties"].get(section).is_some(), "{section}");
        }
        let vendors = schema["$defs"]["provider"]["allOf"].as_array().unwrap();
        for vendor in vendors {
            let pacing = &vendor["then"]["properties"]["pacing"];
            assert!(pacing.to_string().contains("#/$defs/pacing"), "{pacing}");
        }
    }

    #[test]
    fn each_vendor_has_its_fields() {
        let schema = schema(&Registry::builtin());
        let vendors = schema["$defs"]["provider"]["allOf"].as_array().unwrap();
        assert_eq!(vendors.len(), Registry::builtin().names().count());
        for (vendor, registered) in vendors.iter().zip(Registry::builtin().vendors()) {
            for field in registered.fields().into_iter().flatten() {
                assert!(vendor["then"]["properties"].get(&*field.name).is_some(), "{}", field.name);
            }
        }
    }
}
