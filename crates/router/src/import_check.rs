//! The checks of what is imported, when the router is built.

use std::sync::Arc;

use anykey_core::{Capabilities, Capability, Result};

use crate::Mapping;
use crate::builder::config_error;
use crate::import_locks::ImportLocks;
use crate::import_settings::Import;
use crate::target::Target;

/// What the provider that gets the keys has to be able to do, and what it means that it is not.
const OF_TARGET: [(Capability, &str); 3] = [
    (Capability::Create, "takes no key with a given code, or its credential may not create keys"),
    (Capability::ValidateWithoutSeat, "cannot recognise a key without one of its activations"),
    (Capability::Activate, "has no activations"),
];

/// The same of the providers whose keys are imported.
const OF_SOURCE: [(Capability, &str); 2] = [
    (Capability::Validate, "cannot validate keys"),
    (Capability::ValidateWithoutSeat, "cannot recognise a key without one of its activations"),
];

/// The import of keys of `sources` to `create`.
///
/// # Errors
///
/// `Config`, naming the field and what is missing.
pub(crate) fn checked(
    names: &[Box<str>],
    mapping: Mapping,
    create: Option<&Arc<Target>>,
    find: &impl Fn(&str, &str) -> Result<Arc<Target>>,
) -> Result<Import> {
    let Some(target) = create else {
        return Err(config_error(
            "`create`: `import_on_activate` needs the provider that gets the keys".to_owned(),
        ));
    };
    let lack = missing(target.capabilities(), &OF_TARGET);
    if let Some(what) = lack {
        return Err(config_error(format!(
            "`create`: no key can be imported to `{}`, which {what}",
            target.name()
        )));
    }
    if names.is_empty() {
        return Err(config_error(
            "`import_on_activate` is empty; leave it out, or name providers".to_owned(),
        ));
    }
    check_mapping(&mapping, target)?;
    let mut sources: Vec<Arc<Target>> = Vec::new();
    for (number, name) in names.iter().enumerate() {
        let field = format!("import_on_activate[{number}]");
        let source = find(&field, name)?;
        if Arc::ptr_eq(&source, target) {
            return Err(config_error(format!("`{field}`: `{name}` is `create`, which gets the keys")));
        }
        if sources.iter().any(|known| Arc::ptr_eq(known, &source)) {
            return Err(config_error(format!("`{field}`: `{name}` is there already")));
        }
        if let Some(what) = missing(source.capabilities(), &OF_SOURCE) {
            return Err(config_error(format!("`{field}`: no key of `{name}` can be imported, which {what}")));
        }
        sources.push(source);
    }
    Ok(Import { sources, target: Arc::clone(target), mapping, locks: ImportLocks::new() })
}

/// What the first capability that is missing means.
fn missing(has: Capabilities, needs: &[(Capability, &'static str)]) -> Option<&'static str> {
    needs.iter().find(|(needed, _)| !has.contains(*needed)).map(|(_, what)| *what)
}

/// Fails for a mapping with which no key could be imported.
fn check_mapping(mapping: &Mapping, target: &Target) -> Result<()> {
    if mapping.products.is_empty() && mapping.default_product.is_none() {
        return Err(config_error("`mapping`: it has neither `products` nor `default_product`".to_owned()));
    }
    let names_customers = !mapping.customers.is_empty() || mapping.default_customer.is_some();
    let needs_none = mapping.allow_no_customer && target.capabilities().contains(Capability::MintCode);
    match names_customers || needs_none {
        true => Ok(()),
        false => Err(config_error("`mapping`: it has neither `customers` nor `default_customer`".to_owned())),
    }
}
