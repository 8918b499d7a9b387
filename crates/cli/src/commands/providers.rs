//! `anykey providers`.

use std::collections::BTreeMap;
use std::path::Path;

use anykey::adapter::{ConfigField, FieldKind, ProviderSettings, Vendor};
use anykey::{
    Capabilities, Capability, LicenseProvider, ProviderConfig, Registry, SecretResolver, SecretString,
};
use serde::Serialize;
use serde_json::{Value, json};

use crate::args::Format;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::{Cell, Column, Fact, Look, Row, Tone};

pub(super) fn run(context: &Context) -> Result<Exit, Failure> {
    let registry = &context.registry;
    let vendors: Vec<_> = vendors(registry).map(|vendor| Sample::of(vendor, registry)).collect();
    if context.format() == Format::Table {
        print_grid(context, &vendors)?;
        return Ok(Exit::Done);
    }
    let mut sink = context.sink()?;
    for vendor in &vendors {
        for capability in Capability::ALL {
            sink.push(AbilityView {
                provider: vendor.name,
                capability: capability.name(),
                description: capability.description(),
                support: vendor.support(*capability),
                contract: vendor.contract,
            })?;
        }
    }
    sink.finish()?;
    Ok(Exit::Done)
}

/// Those that can do something by themselves.
fn vendors(registry: &Registry) -> impl Iterator<Item = &Vendor> {
    registry.vendors().filter(|vendor| !vendor.is_over_others())
}

fn print_grid(context: &Context, vendors: &[Sample]) -> Result<(), Failure> {
    let mut columns = vec![Column::new("CAPABILITY", 0)];
    columns.extend(vendors.iter().map(|vendor| Column::new(vendor.name, 0)));
    let row = |capability: &Capability| {
        let mut cells = vec![Cell::from(capability.name())];
        cells.extend(vendors.iter().map(|vendor| vendor.support(*capability).cell()));
        cells
    };
    let mut contracts = vec![Cell::from("contract as of")];
    contracts.extend(vendors.iter().map(|vendor| Cell::from(vendor.contract.unwrap_or("-"))));
    let rows: Vec<_> = Capability::ALL.iter().map(row).chain([contracts]).collect();
    context.print_grid(&columns, &rows)
}

/// One vendor, built from made-up fields. Nothing is sent.
struct Sample {
    name: &'static str,
    contract: Option<&'static str>,
    without_token: Capabilities,
    with_token: Capabilities,
}

impl Sample {
    fn of(vendor: &Vendor, registry: &Registry) -> Self {
        let fields = vendor.fields().unwrap_or_default();
        let (secrets, plain): (Vec<_>, Vec<_>) =
            fields.iter().partition(|field| field.kind == FieldKind::Secret);
        let registry = registry.clone().with_secrets(SampleSecrets::of(&secrets));
        let capabilities = |settings: &ProviderSettings| {
            let config = ProviderConfig::new(vendor.name(), settings.clone());
            let provider = registry.build_provider(vendor.name(), &config);
            provider.map(|provider| provider.capabilities()).ok()
        };
        let with_secrets = |settings: &ProviderSettings, which: &[&ConfigField]| {
            let mut settings = settings.clone();
            for field in which {
                settings.set(&*field.name, json!({ "env": field.name }));
            }
            settings
        };
        let needed: Vec<_> = secrets.iter().copied().filter(|field| field.required).collect();
        let required = settings_of(plain.iter().copied().filter(|field| field.required));
        // Of some fields any one is enough, so that none is required by itself.
        let exemplary = plain.iter().copied().filter(|field| field.required || field.example.is_some());
        let settings = match capabilities(&with_secrets(&required, &needed)) {
            Some(_) => required,
            None => settings_of(exemplary),
        };
        let without_token = capabilities(&settings).unwrap_or_default();
        let tokens = secrets.iter().map(|field| [&needed[..], &[*field]].concat());
        let with_token = tokens.filter_map(|which| capabilities(&with_secrets(&settings, &which)));
        Self {
            name: vendor.name(),
            contract: vendor.contract(),
            without_token,
            with_token: with_token.fold(without_token, Capabilities::union),
        }
    }

    fn support(&self, capability: Capability) -> Support {
        if self.without_token.contains(capability) {
            Support::Always
        } else if self.with_token.contains(capability) {
            Support::WithToken
        } else {
            Support::No
        }
    }
}

/// The fields with made-up values.
fn settings_of<'a>(fields: impl Iterator<Item = &'a ConfigField>) -> ProviderSettings {
    let mut settings = ProviderSettings::default();
    for field in fields {
        settings.set(&*field.name, field.example.clone().unwrap_or_else(|| json!("sample")));
    }
    settings
}

/// A made-up value for each secret field, under its name.
struct SampleSecrets(BTreeMap<String, String>);

impl SampleSecrets {
    fn of(fields: &[&ConfigField]) -> Self {
        let value = |field: &ConfigField| {
            field.example.as_ref().and_then(Value::as_str).unwrap_or("sample").to_owned()
        };
        Self(fields.iter().map(|field| (field.name.to_string(), value(field))).collect())
    }
}

impl SecretResolver for SampleSecrets {
    fn env(&self, name: &str) -> Option<SecretString> {
        self.0.get(name).map(|value| value.clone().into())
    }

    fn file(&self, _: &Path) -> std::io::Result<SecretString> {
        Err(std::io::ErrorKind::NotFound.into())
    }
}

#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
enum Support {
    Always,
    WithToken,
    No,
}

impl Support {
    fn cell(self) -> Cell {
        match self {
            Self::Always => Cell::new("yes", Tone::Good),
            Self::WithToken => Cell::new("with a token", Tone::Warning),
            Self::No => Cell::from("-"),
        }
    }
}

#[derive(Serialize)]
struct AbilityView {
    provider: &'static str,
    capability: &'static str,
    description: &'static str,
    /// `always`, `with_token` or `no`.
    support: Support,
    /// The month of the newest state of the vendor's API that the adapter was compared with.
    contract: Option<&'static str>,
}

impl Row for AbilityView {
    const FIELDS: &'static [&'static str] = &["provider", "capability", "description", "support", "contract"];
    const COLUMNS: &'static [Column] = &[Column::new("PROVIDER", 0), Column::new("CAPABILITY", 0)];

    fn cells(&self, _: Look) -> Vec<Cell> {
        vec![self.provider.into(), self.capability.into()]
    }

    fn facts(&self, _: Look) -> Vec<Fact> {
        vec![Fact::new("provider", self.provider), Fact::new("capability", self.capability)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_built_in_vendor_can_be_tried_out() {
        let registry = Registry::builtin();
        for vendor in vendors(&registry) {
            let vendor = Sample::of(vendor, &registry);
            let name = vendor.name;
            assert!(vendor.with_token.contains(Capability::Validate), "{name}");
            assert!(vendor.with_token.contains(Capability::List), "{name}");
        }
    }

    #[test]
    fn the_fields_are_those_of_the_header() {
        let view = AbilityView {
            provider: "a",
            capability: "b",
            description: "c",
            support: Support::No,
            contract: None,
        };
        crate::view::check::assert_fields_match(&view);
    }
}
