//! The builder of a router.

use std::sync::Arc;

use anykey_core::adapter::ErrorExt as _;
use anykey_core::{Error, ErrorKind, LicenseProvider, Operation, Result};

use crate::{KeyShape, Mapping, Router};

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
    pub(crate) name: Box<str>,
    /// In the order in which they were added.
    pub(crate) providers: Vec<Arc<dyn LicenseProvider>>,
    /// Former and present name.
    pub(crate) aliases: Vec<(Box<str>, Box<str>)>,
    /// In the order in which they are compared.
    pub(crate) routes: Vec<(KeyShape, Box<str>)>,
    /// `None` without a chain.
    pub(crate) chain: Option<Vec<Box<str>>>,
    /// Where keys are created; `None` leaves it to the request.
    pub(crate) create: Option<Box<str>>,
    /// Whose keys are imported when they are activated, and what they become; `None` imports none.
    pub(crate) import: Option<(Vec<Box<str>>, Mapping)>,
    /// How many codes are remembered.
    pub(crate) capacity: u64,
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
            import: None,
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

    /// Imports keys of these providers when their customers next activate: a key that one of them accepts, and that the
    /// provider of [`create`](Self::create) does not know, is created there with the same code, limit and end, and
    /// activated there. Not set by default.
    ///
    /// `mapping` says what product and customer the key gets. A key that it does not cover is activated where it is.
    ///
    /// **This discloses codes.** Each code of these providers that is activated, or validated without an activation, is
    /// first sent to the provider of `create`, also one that a route describes. The customers and the products of the
    /// keys that are imported become known there.
    ///
    /// The provider of `create` needs a credential that may create keys, so the router runs on the seller's server,
    /// never in an installed app.
    ///
    /// ```
    /// use std::sync::Arc;
    ///
    /// use anykey_core::adapter::Named;
    /// use anykey_core::{ActivateRequest, CreateRequest, InMemoryProvider, KeyCode, LicenseProvider, Timestamp};
    /// use anykey_router::{Mapping, Router};
    ///
    /// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
    /// let vendor = |name: &'static str| Named::new(name, InMemoryProvider::new(Timestamp::now));
    /// let legacy = vendor("legacy");
    /// let code = KeyCode::parse("OLD-7F3K")?;
    /// legacy.create(CreateRequest::new(code.clone(), "4711", "editor").activation_limit(3)).await?;
    ///
    /// let mut mapping = Mapping::default();
    /// mapping.products.insert("editor".into(), "pdt_editor".into());
    /// mapping.default_customer = Some("cus_imported".into());
    /// let router = Router::builder("all")
    ///     .provider(Arc::new(vendor("main")))
    ///     .provider(Arc::new(legacy))
    ///     .chain(["main", "legacy"])
    ///     .create("main")
    ///     .import_on_activate(["legacy"], mapping)
    ///     .build()?;
    /// let activation = router.activate(ActivateRequest::new(code, "laptop")).await?;
    /// assert!(activation.id.as_str().starts_with("main:"));
    /// # Ok::<_, anykey_core::Error>(())
    /// # }).unwrap();
    /// ```
    pub fn import_on_activate<N: Into<Box<str>>>(
        mut self,
        providers: impl IntoIterator<Item = N>,
        mapping: Mapping,
    ) -> Self {
        self.import = Some((providers.into_iter().map(Into::into).collect(), mapping));
        self
    }

    /// Builds the router. Sends nothing.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`], naming the field: a name that no provider has or that two have, a name with a `:`, a
    /// provider that nothing leads to, a route that is empty or can never count, an empty chain, a repetition in the
    /// chain, or a provider in it that cannot recognise a key by a read; when there is neither a route nor a chain; and
    /// when keys are to be imported from or to a provider that cannot take part, with what it lacks.
    pub fn build(self) -> Result<Router> {
        let name = self.name.clone();
        let inner = self.inner().map_err(|error| error.with_provider(name.to_string()))?;
        Ok(Router { inner: Arc::new(inner) })
    }
}

/// A `Config` error of the router.
pub(crate) fn config_error(message: String) -> Error {
    Error::new(ErrorKind::Config, message).with_operation(Operation::Configure)
}
