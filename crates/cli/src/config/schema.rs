//! The JSON Schema of a whole configuration, from those of the vendors' fields.

use anykey::Registry;
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
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Configuration of anykey",
        "if": { "required": ["providers"] },
        "then": {
            "properties": {
                "default": { "type": "string", "description": "The provider that is used when none is named." },
                "providers": {
                    "type": "object",
                    "description": "The providers by name.",
                    "additionalProperties": { "$ref": "#/$defs/provider" },
                },
                "cache": { "type": "object", "description": "The cache of an app." },
                "guard": { "type": "object", "description": "The guard of an installed app." },
            },
            "additionalProperties": false,
        },
        "else": { "$ref": "#/$defs/provider" },
        "$defs": definitions,
    })
}

/// The schema of one vendor's fields, to which those of every provider are added. Its definitions move to `definitions`, each
/// under a name of the vendor's own.
fn provider(vendor: &str, mut schema: Value, definitions: &mut Map<String, Value>) -> Value {
    let own = schema.as_object_mut().and_then(|members| members.remove("$defs"));
    move_references(&mut schema, vendor);
    for (name, mut definition) in own.and_then(|own| own.as_object().cloned()).unwrap_or_default() {
        move_references(&mut definition, vendor);
        definitions.insert(format!("{vendor}.{name}"), definition);
    }
    if let Some(members) = schema.as_object_mut() {
        members.remove("$schema");
        let fields = members.entry("properties").or_insert_with(|| json!({}));
        if let Some(fields) = fields.as_object_mut() {
            fields.insert("provider".to_owned(), json!({ "const": vendor }));
            fields.entry("aliases").or_insert_with(|| {
                let description = "Former names of the provider that an app's records may still have.";
                json!({ "type": "array", "items": { "type": "string" }, "description": description })
            });
            // The sections of an app with one provider.
            fields.entry("cache").or_insert_with(|| json!({ "type": "object" }));
            fields.entry("guard").or_insert_with(|| json!({ "type": "object" }));
        }
    }
    schema
}

fn move_references(schema: &mut Value, vendor: &str) {
    match schema {
        Value::Object(members) => {
            if let Some(Value::String(reference)) = members.get_mut("$ref")
                && let Some(name) = reference.strip_prefix("#/$defs/")
            {
                *reference = format!("#/$defs/{vendor}.{name}");
            }
            members.values_mut().for_each(|member| move_references(member, vendor));
        }
        Value::Array(items) => items.iter_mut().for_each(|item| move_references(item, vendor)),
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
