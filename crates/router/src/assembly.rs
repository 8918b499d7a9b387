//! All checks of a router's configuration.
//!
//! They are made once, when the router is built, so that no request can meet a route that leads nowhere.

use std::sync::Arc;

use anykey_core::{Capability, Result};

use crate::RouterBuilder;
use crate::builder::config_error;
use crate::import_check::checked;
use crate::inner::{Inner, Rule};
use crate::memory::Memory;
use crate::target::{SEPARATOR, Target};

impl RouterBuilder {
    /// The checked parts. Providers are listed in the order of the chain, and then of the routes.
    pub(crate) fn inner(self) -> Result<Inner> {
        let targets = self.targets()?;
        let find = |field: &str, name: &str| {
            let found = targets.iter().find(|target| target.name() == name);
            found
                .cloned()
                .ok_or_else(|| config_error(format!("`{field}`: there is no provider called `{name}`")))
        };
        let create = self.create.as_deref().map(|name| find("create", name)).transpose()?;
        let import = match &self.import {
            Some((sources, mapping)) => Some(checked(sources, mapping.clone(), create.as_ref(), &find)?),
            None => None,
        };
        let rules = self.rules(&find)?;
        let chain = self.chain_of(&find)?;
        if rules.is_empty() && chain.is_empty() {
            return Err(config_error("`routes`: there is no route, and no `chain` either".to_owned()));
        }
        let mut ordered: Vec<Arc<Target>> = Vec::new();
        for target in chain.iter().chain(rules.iter().map(|rule| &rule.target)) {
            if !ordered.iter().any(|known| Arc::ptr_eq(known, target)) {
                ordered.push(Arc::clone(target));
            }
        }
        let leads_to = |target: &Arc<Target>| ordered.iter().any(|known| Arc::ptr_eq(known, target));
        if let Some(unreached) = create.iter().find(|target| !leads_to(target)) {
            let name = unreached.name();
            return Err(config_error(format!(
                "`create`: no route leads to `{name}`, and it is not in `chain`: its keys would not be found"
            )));
        }
        if let Some(unused) = targets.iter().find(|target| !leads_to(target)) {
            return Err(config_error(format!(
                "`routes`: no route leads to `{}`, and it is not in `chain`",
                unused.name()
            )));
        }
        Ok(Inner {
            name: self.name,
            targets: ordered,
            rules,
            chain,
            create,
            import,
            memory: Memory::new(self.capacity),
        })
    }

    /// The providers by name, with their former names.
    fn targets(&self) -> Result<Vec<Arc<Target>>> {
        let mut targets: Vec<Target> = Vec::new();
        for provider in &self.providers {
            let name = provider.name();
            if name.is_empty() || name.contains(SEPARATOR) {
                return Err(config_error(format!(
                    "the provider `{name}` needs another name: one with a `{SEPARATOR}` cannot be part of an id"
                )));
            }
            if name == &*self.name || targets.iter().any(|known| known.is_called(name)) {
                return Err(config_error(format!(
                    "two providers are called `{name}`; give each a name of its own"
                )));
            }
            let mut target = Target::new(Arc::clone(provider));
            target.aliases =
                self.aliases.iter().filter(|(_, to)| &**to == name).map(|(from, _)| from.clone()).collect();
            targets.push(target);
        }
        Ok(targets.into_iter().map(Arc::new).collect())
    }

    /// The routes, each with its provider.
    fn rules(&self, find: &impl Fn(&str, &str) -> Result<Arc<Target>>) -> Result<Vec<Rule>> {
        let mut rules: Vec<Rule> = Vec::new();
        for (number, (shape, to)) in self.routes.iter().enumerate() {
            if shape.is_empty() {
                return Err(config_error(format!(
                    "`routes[{number}]` describes no code: set `prefix`, `pattern` or both"
                )));
            }
            if let Some(earlier) = rules.iter().position(|rule| rule.shape.includes(shape)) {
                return Err(config_error(format!(
                    "`routes[{number}]` never counts, since `routes[{earlier}]` describes the same codes; put the \
                     narrower one first"
                )));
            }
            let target = find(&format!("routes[{number}].to"), to)?;
            rules.push(Rule { shape: shape.clone(), target });
        }
        Ok(rules)
    }

    /// The providers of the chain; empty without one.
    fn chain_of(&self, find: &impl Fn(&str, &str) -> Result<Arc<Target>>) -> Result<Vec<Arc<Target>>> {
        let Some(names) = &self.chain else { return Ok(Vec::new()) };
        if names.is_empty() {
            return Err(config_error(
                "`chain` is empty; leave it out, or name the providers to ask".to_owned(),
            ));
        }
        let mut chain: Vec<Arc<Target>> = Vec::new();
        for (number, name) in names.iter().enumerate() {
            let target = find(&format!("chain[{number}]"), name)?;
            if chain.iter().any(|known| Arc::ptr_eq(known, &target)) {
                return Err(config_error(format!("`chain[{number}]`: `{name}` is in the chain already")));
            }
            if names.len() > 1 && !target.capabilities().contains(Capability::ValidateWithoutSeat) {
                return Err(config_error(format!(
                    "`chain[{number}]`: `{name}` cannot recognise a key without one of its activations; give its codes \
                     a route"
                )));
            }
            chain.push(target);
        }
        Ok(chain)
    }
}
