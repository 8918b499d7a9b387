//! The router as a table of a configuration. It names other providers of the same file.

use std::collections::BTreeSet;

use anykey_core::adapter::{ErrorExt as _, Siblings};
use anykey_core::{Error, Result};
use serde::Deserialize;

use crate::builder::config_error;
use crate::{KeyPattern, KeyShape, Mapping, Router};

/// The fields of `provider = "router"` in a configuration. An unknown field is an error.
///
/// ```toml
/// default = "all"
/// [providers.all]
/// provider = "router"
/// routes = [{ prefix = "ACME-", to = "main" }, { pattern = "uuid", to = "legacy" }]
/// chain = ["main", "legacy"]
/// create = "main"
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct RouterConfig {
    /// Which codes belong to which provider. The first route that describes a code counts.
    #[serde(default)]
    pub routes: Vec<RouteConfig>,
    /// The providers that are asked in turn for a code that no route describes. Each of them sees it.
    pub chain: Option<Vec<Box<str>>>,
    /// The provider at which keys are created.
    pub create: Option<Box<str>>,
    /// The providers whose keys are created at `create` when their customers next activate, with the same code, limit
    /// and end. Needs `mapping`.
    pub import_on_activate: Option<Vec<Box<str>>>,
    /// What an imported key becomes at `create`: its product and customer, and an end or a limit that its provider does
    /// not report.
    pub mapping: Option<Mapping>,
    /// For how many codes it is remembered which provider knows them. Default: 10,000.
    pub remembered_codes: Option<u64>,
}

/// One route of a [`RouterConfig`]: a prefix, a pattern or both, and the provider.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct RouteConfig {
    /// How the codes begin, in upper or lower case.
    pub prefix: Option<Box<str>>,
    /// What follows the prefix: `uuid`, or a template with `?` for each letter or digit, such as `????-????-????`.
    pub pattern: Option<Box<str>>,
    /// The name of the provider.
    pub to: Box<str>,
}

impl RouterConfig {
    /// Builds the router called `name` over providers of the same configuration. Sends nothing.
    ///
    /// Each provider is built once, however many fields name it, and keeps the aliases that the configuration has for
    /// it. An error about one of them names the field that asked for it.
    ///
    /// # Errors
    ///
    /// Those of [`RouterBuilder::build`](crate::RouterBuilder::build) and [`Siblings::provider`].
    pub fn build(&self, name: &str, siblings: &dyn Siblings) -> Result<Router> {
        let mut router = Router::builder(name);
        let mut known = BTreeSet::new();
        for (field, target) in self.references() {
            if !known.insert(target) {
                continue;
            }
            let provider = siblings.provider(target).map_err(|error| placed(error, &field))?;
            router = router.provider(provider);
            for alias in siblings.aliases(target) {
                router = router.alias(alias.as_str(), target);
            }
        }
        for (number, route) in self.routes.iter().enumerate() {
            router = router.route(route.shape(number)?, route.to.clone());
        }
        if let Some(chain) = &self.chain {
            router = router.chain(chain.iter().cloned());
        }
        if let Some(create) = &self.create {
            router = router.create(create.clone());
        }
        match (&self.import_on_activate, &self.mapping) {
            (Some(sources), Some(mapping)) => {
                router = router.import_on_activate(sources.iter().cloned(), mapping.clone());
            }
            (Some(_), None) => {
                let message = "`mapping`: it is missing, and `import_on_activate` needs it";
                return Err(config_error(message.to_owned()));
            }
            (None, Some(_)) => {
                let message = "`mapping` has no effect without `import_on_activate`";
                return Err(config_error(message.to_owned()));
            }
            (None, None) => {}
        }
        if let Some(codes) = self.remembered_codes {
            router = router.remembered_codes(codes);
        }
        router.build()
    }

    /// The names of other providers, each with its field.
    pub(crate) fn references(&self) -> impl Iterator<Item = (String, &str)> {
        let chain = self.chain.iter().flatten().enumerate();
        let chain = chain.map(|(number, name)| (format!("chain[{number}]"), &**name));
        let routes = self.routes.iter().enumerate();
        let routes = routes.map(|(number, route)| (format!("routes[{number}].to"), &*route.to));
        let create = self.create.iter().map(|name| ("create".to_owned(), &**name));
        let import = self.import_on_activate.iter().flatten().enumerate();
        let import = import.map(|(number, name)| (format!("import_on_activate[{number}]"), &**name));
        chain.chain(routes).chain(create).chain(import)
    }
}

impl RouteConfig {
    /// The shape of the route with this number.
    ///
    /// # Errors
    ///
    /// `Config` for a pattern that is none, naming the field.
    fn shape(&self, number: usize) -> Result<KeyShape> {
        let shape = KeyShape::prefix(self.prefix.clone().unwrap_or_default());
        let Some(pattern) = &self.pattern else { return Ok(shape) };
        let pattern: Result<KeyPattern> = pattern.parse();
        Ok(shape.and_pattern(pattern.map_err(|error| placed(error, &format!("routes[{number}].pattern")))?))
    }
}

/// Names the field in an error about it. One of another provider's fields has a provider, and names its field already.
pub(crate) fn placed(error: Error, field: &str) -> Error {
    if error.provider().is_some() { error } else { error.in_context(&format!("`{field}`")) }
}
