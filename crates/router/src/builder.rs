//! The builder of a router, and all checks of its configuration.
//!
//! They are made once, when the router is built, so that no request can meet a route that leads nowhere.

use std::sync::Arc;

use anykey_core::adapter::ErrorExt as _;
use anykey_core::{Capability, Error, ErrorKind, LicenseProvider, Operation, Result};

use crate::inner::{Inner, Rule};
use crate::memory::Memory;
use crate::target::SEPARATOR;
use crate::target::Target;
use crate::{KeyShape, Router};

/// How many codes are remembered by default, in about two megabytes.
const CAPACITY: u64 = 10_000;

/// A builder for a [`Router`].
///
/// At least one provider is needed, and a route or the chain has to lead to each. Without a chain, a code that no route
/// describes is an error.
///
/// ```
/// use std::sync::Arc;
///
/// use anykey_core::adapter::Named;
/// use anykey_core::{InMemoryProvider, Timestamp};
/// use anykey_router::{KeyPattern, KeyShape, Router};
///
/// let vendor = |name: &'static str| Arc::new(Named::new(name, InMemoryProvider::new(Timestamp::now)));
/// let router = Router::builder("all")
///     .provider(vendor("main"))
///     .provider(vendor("legacy"))
///     .route(KeyShape::prefix("ACME-"), "main")
///     .route(KeyShape::pattern(KeyPattern::Uuid), "legacy")
///     .create("main")
///     .build()?;
/// # Ok::<_, anykey_core::Error>(())
/// ```
#[derive(Debug)]
#[must_use = "a builder does nothing until `build` is called"]
pub struct RouterBuilder {
    /// The router's own name, which no provider of it has.
    name: Box<str>,
    /// In the order in which they were added.
    providers: Vec<Arc<dyn LicenseProvider>>,
    /// Former and present name.
    aliases: Vec<(Box<str>, Box<str>)>,
    /// In the order in which they are compared.
    routes: Vec<(KeyShape, Box<str>)>,
    /// `None` without a chain.
    chain: Option<Vec<Box<str>>>,
    /// Where keys are created; `None` leaves it to the request.
    create: Option<Box<str>>,
    /// How many codes are remembered.
    capacity: u64,
}

impl RouterBuilder {
    /// A router without providers.
    pub(crate) const fn new(name: Box<str>) -> Self {
        Self {
            name,
            providers: Vec::new(),
            aliases: Vec::new(),
            routes: Vec::new(),
            chain: None,
            create: None,
            capacity: CAPACITY,
        }
    }

    /// Adds a provider, which is known by its [name](LicenseProvider::name). Two accounts at one vendor need different
    /// names: see [`Named`](anykey_core::adapter::Named).
    ///
    /// The name is permanent: it is in the ids that an app stores. [`alias`](Self::alias) renames it.
    pub fn provider(mut self, provider: Arc<dyn LicenseProvider>) -> Self {
        self.providers.push(provider);
        self
    }

    /// Accepts ids that carry the name `former` as ids of the provider called `name`.
    ///
    /// Ids that an app has stored keep working after a provider was renamed. New ids carry the present name. A `name`
    /// that no provider has is ignored.
    ///
    /// ```
    /// use std::sync::Arc;
    ///
    /// use anykey_core::adapter::Named;
    /// use anykey_core::{InMemoryProvider, Timestamp};
    /// use anykey_router::Router;
    ///
    /// let router = Router::builder("all")
    ///     .provider(Arc::new(Named::new("main", InMemoryProvider::new(Timestamp::now))))
    ///     .alias("old", "main")
    ///     .chain(["main"])
    ///     .build()?;
    /// assert_eq!(router.split_id("old:lic_1"), Some(("main", "lic_1")));
    /// # Ok::<_, anykey_core::Error>(())
    /// ```
    pub fn alias(mut self, former: impl Into<Box<str>>, name: impl Into<Box<str>>) -> Self {
        self.aliases.push((former.into(), name.into()));
        self
    }

    /// Codes of this shape belong to the provider called `to`, and are sent to no other one. The first route that
    /// describes a code counts. A shape that an earlier route includes can never count, and is an error of
    /// [`build`](Self::build).
    pub fn route(mut self, shape: KeyShape, to: impl Into<Box<str>>) -> Self {
        self.routes.push((shape, to.into()));
        self
    }

    /// Asks these providers in turn for a code that no route describes. Not set by default: such a code is an
    /// [`InvalidRequest`](ErrorKind::InvalidRequest) then.
    ///
    /// **This discloses codes.** A key of the second provider is sent to the first, and a mistyped one to all. That is
    /// why it has to be asked for. Put the provider with the most customers first, and give providers whose codes can
    /// be recognised a route.
    ///
    /// A provider that cannot validate a key without one of its activations (Creem) cannot be in a chain of several,
    /// because it cannot recognise a key without taking a seat.
    pub fn chain<N: Into<Box<str>>>(mut self, names: impl IntoIterator<Item = N>) -> Self {
        self.chain = Some(names.into_iter().map(Into::into).collect());
        self
    }

    /// Creates keys at the provider called `name`, where neither product nor customer names another one. Not set by
    /// default. A request that names neither is an [`InvalidRequest`](ErrorKind::InvalidRequest) then. Where product
    /// and customer are of different providers it is one in any case.
    pub fn create(mut self, name: impl Into<Box<str>>) -> Self {
        self.create = Some(name.into());
        self
    }

    /// Sets for how many codes it is remembered which provider of the chain knows them. Default: 10,000, which take
    /// about 2 MB. Zero remembers nothing, so that every request about a code without an activation asks the chain in
    /// order.
    pub const fn remembered_codes(mut self, codes: u64) -> Self {
        self.capacity = codes;
        self
    }

    /// Builds the router. Sends nothing.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`], naming the field: a name that no provider has or that two have, a name with a `:`, a
    /// provider that nothing leads to, a route that is empty or can never count, an empty chain, a repetition in the
    /// chain, or a provider in it that cannot recognise a key by a read; and when there is neither a route nor a chain.
    pub fn build(self) -> Result<Router> {
        let name = self.name.clone();
        let inner = self.inner().map_err(|error| error.with_provider(name.to_string()))?;
        Ok(Router { inner: Arc::new(inner) })
    }

    /// The checked parts. Providers are listed in the order of the chain, and then of the routes.
    fn inner(self) -> Result<Inner> {
        let targets = self.targets()?;
        let find = |field: &str, name: &str| {
            let found = targets.iter().find(|target| target.name() == name);
            found
                .cloned()
                .ok_or_else(|| config_error(format!("`{field}`: there is no provider called `{name}`")))
        };
        let rules = self.rules(&find)?;
        let chain = self.chain_of(&find)?;
        if rules.is_empty() && chain.is_empty() {
            return Err(config_error("`routes`: there is no route, and no `chain` either".to_owned()));
        }
        let create = self.create.as_deref().map(|name| find("create", name)).transpose()?;
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

/// A `Config` error of the router.
pub(crate) fn config_error(message: String) -> Error {
    Error::new(ErrorKind::Config, message).with_operation(Operation::Configure)
}
