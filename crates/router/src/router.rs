//! The router: a handle on what all its clones share.

use std::fmt;
use std::sync::Arc;

use anykey_core::{Capabilities, LicenseEvent, LicenseProvider};

use crate::RouterBuilder;
use crate::ids::name_event;
use crate::inner::Inner;

/// A [`LicenseProvider`] over several others: a request goes to the one that the key belongs to.
///
/// | request | goes to |
/// |---|---|
/// | with an id of this router (`main:lic_1`) | the provider that the id names |
/// | with a code that a [route](RouterBuilder::route) describes | the provider of the first such route, and no other |
/// | with any other code | the first of the [chain](RouterBuilder::chain) that knows it |
/// | `create` | the provider that the product or the customer names, else [`create`](RouterBuilder::create) |
/// | `list` | all, one after the other, in the order of the chain |
///
/// All ids that it returns begin with the name of their provider: keys, activations, customers and products. An id
/// that an app stored before it had a router becomes one of the router's with that name in front. Keys and errors carry
/// the name of the provider that they come from. What the providers say together, such as an unknown code, carries the
/// router's.
///
/// # The chain
///
/// The next provider is asked only if the one before does not know the code
/// ([`UnknownKey`](anykey_core::RefusalReason::UnknownKey)), refuses it without a reason
/// ([`Unspecified`](anykey_core::RefusalReason::Unspecified), Dodo's `valid: false`), or has no answer. Any other
/// refusal comes from a vendor that knows the key, and ends it. If a provider has no answer and no other one says yes,
/// the result is that error, never a refusal.
///
/// In a chain of several, a seat is taken, and a use is counted, only at a provider that has recognised the code by a
/// read: a validation without activation. It is remembered which one that was, so that the next request goes there
/// first.
///
/// `Debug` and the traces (level `DEBUG`) report which provider was asked for what, without the code.
///
/// ```
/// use std::sync::Arc;
///
/// use anykey_core::adapter::Named;
/// use anykey_core::{ActivateRequest, CreateRequest, InMemoryProvider, KeyCode, LicenseProvider, Timestamp};
/// use anykey_router::{KeyShape, Router};
///
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// let vendor = |name: &'static str| Named::new(name, InMemoryProvider::new(Timestamp::now));
/// let legacy = vendor("legacy");
/// let code = KeyCode::parse("OLD-7F3K")?;
/// legacy.create(CreateRequest::new(code.clone(), "cus_1", "pdt_1")).await?;
///
/// let router = Router::builder("all")
///     .provider(Arc::new(vendor("main")))
///     .provider(Arc::new(legacy))
///     .route(KeyShape::prefix("OLD-"), "legacy")
///     .chain(["main"])
///     .build()?;
/// let activation = router.activate(ActivateRequest::new(code, "laptop")).await?;
/// assert!(activation.id.as_str().starts_with("legacy:"));
/// # Ok::<_, anykey_core::Error>(())
/// # }).unwrap();
/// ```
#[derive(Clone)]
pub struct Router {
    pub(crate) inner: Arc<Inner>,
}

impl Router {
    /// The word that chooses it in a configuration: `provider = "router"`.
    pub const VENDOR: &'static str = "router";

    /// A builder for a router called `name`.
    ///
    /// The name is in page tokens and in the router's own errors. No provider of it may have the same one.
    pub fn builder(name: impl Into<Box<str>>) -> RouterBuilder {
        RouterBuilder::new(name.into())
    }

    /// The names of the providers, in the order of the listing.
    pub fn provider_names(&self) -> impl Iterator<Item = &str> {
        self.inner.targets.iter().map(|target| target.name())
    }

    /// The provider called `name`, now or formerly; `None` if there is none. Its ids carry no name.
    #[must_use]
    pub fn provider(&self, name: &str) -> Option<&Arc<dyn LicenseProvider>> {
        self.inner.target(name).map(|target| &target.provider)
    }

    /// What can be done with the record that `id` names: a key, an activation, a customer or a product. `None` if the
    /// id names none of the providers.
    ///
    /// [`capabilities`](LicenseProvider::capabilities) are those that at least one provider has. Listings without a
    /// customer, one seat per installation, and offline proofs are among them only if all have them.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use anykey_core::adapter::Named;
    /// use anykey_core::{Capability, InMemoryProvider, LicenseProvider, Timestamp};
    /// use anykey_router::Router;
    ///
    /// # let vendor = || InMemoryProvider::new(Timestamp::now);
    /// # let (main, legacy) = (Named::new("main", vendor()), Named::new("legacy", vendor().without(Capability::Rotate)));
    /// let router = Router::builder("all")
    ///     .provider(Arc::new(main))
    ///     .provider(Arc::new(legacy)) // which cannot rotate keys
    ///     .chain(["main", "legacy"])
    ///     .build()?;
    /// assert!(router.capabilities().contains(Capability::Rotate));
    /// assert!(!router.capabilities_of("legacy:lic_1").unwrap().contains(Capability::Rotate));
    /// # Ok::<_, anykey_core::Error>(())
    /// ```
    #[must_use]
    pub fn capabilities_of(&self, id: impl AsRef<str>) -> Option<Capabilities> {
        self.inner.owner(id.as_ref()).map(|(target, _)| target.capabilities())
    }

    /// The name of the provider that `id` names, and the provider's own id: for an app that stores the two apart.
    /// `None` if the id names none of the providers.
    ///
    /// An id with a [former name](RouterBuilder::alias) returns the present one.
    #[must_use]
    pub fn split_id<'a>(&self, id: &'a (impl AsRef<str> + ?Sized)) -> Option<(&str, &'a str)> {
        self.inner.owner(id.as_ref()).map(|(target, own)| (target.name(), own))
    }

    /// Gives the ids of an event of one of the providers the form of this router's ids, so that
    /// [`read_key`](LicenseEvent::read_key) and a cache before this router find its keys. The event keeps the name of
    /// its provider; one of another provider is returned unchanged.
    #[must_use]
    pub fn event(&self, event: LicenseEvent) -> LicenseEvent {
        match self.inner.target(&event.provider) {
            Some(target) => name_event(target.name(), event),
            None => event,
        }
    }
}

/// The providers with the number of requests that each was asked, the routes and the chain. Prints no code.
impl fmt::Debug for Router {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.inner.fmt(f)
    }
}
