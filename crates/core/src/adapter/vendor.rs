use std::fmt;
use std::sync::Arc;

use super::{BuildContext, ConfigField, Named, NamedFeed, NamedReceiver, Probe, ProviderSettings};
use crate::adapter::ErrorExt as _;
use crate::{Error, ErrorKind, LicenseProvider, Operation, Result, WebhookFeed, WebhookReceiver};

/// Builds a provider from its settings. Sends nothing.
pub type BuildProvider = fn(&ProviderSettings, &BuildContext<'_>) -> Result<Arc<dyn LicenseProvider>>;

/// Builds a webhook receiver from the settings of its provider. Sends nothing.
pub type BuildReceiver = fn(&ProviderSettings, &BuildContext<'_>) -> Result<Arc<dyn WebhookReceiver>>;

/// Builds the feed of waiting deliveries from the settings of its provider; `None` when they name none. Sends nothing.
pub type BuildFeed = fn(&ProviderSettings, &BuildContext<'_>) -> Result<Option<Arc<dyn WebhookFeed>>>;

/// Returns the JSON Schema of an adapter's configuration.
pub type ConfigSchema = fn() -> serde_json::Value;

/// A vendor that a configuration can choose.
///
/// Every adapter exports one as the constant `VENDOR`; a registry is a list of them. An adapter outside this
/// workspace does the same and is added with `Registry::builtin().with(acme::VENDOR)`.
///
/// ```
/// use std::sync::Arc;
///
/// use anykey_core::adapter::{BuildContext, ProviderSettings, Vendor};
/// use anykey_core::{InMemoryProvider, LicenseProvider, Result};
///
/// pub const VENDOR: Vendor = Vendor::new("acme", "Acme Licensing", build);
///
/// fn build(settings: &ProviderSettings, context: &BuildContext<'_>) -> Result<Arc<dyn LicenseProvider>> {
///     let _config: std::collections::BTreeMap<String, String> = settings.read()?;
///     let clock = context.clock().clone();
///     Ok(Arc::new(InMemoryProvider::new(move || clock.now())))
/// }
///
/// assert_eq!(VENDOR.name(), "acme");
/// assert!(!VENDOR.has_webhooks());
/// ```
#[derive(Clone, Copy)]
pub struct Vendor {
    name: &'static str,
    title: &'static str,
    build: BuildProvider,
    receive: Option<BuildReceiver>,
    feed: Option<BuildFeed>,
    schema: Option<ConfigSchema>,
    credential_prefixes: &'static [&'static str],
    contract: Option<&'static str>,
    credentials_page: Option<&'static str>,
    is_over_others: bool,
    probe: Probe,
}

impl Vendor {
    /// A vendor without webhooks.
    ///
    /// `name` is the word that chooses it (`provider = "acme"`) and never changes, `title` what people call it.
    #[must_use]
    pub const fn new(name: &'static str, title: &'static str, build: BuildProvider) -> Self {
        Self {
            name,
            title,
            build,
            receive: None,
            feed: None,
            schema: None,
            credential_prefixes: &[],
            contract: None,
            credentials_page: None,
            is_over_others: false,
            probe: Probe::USUAL,
        }
    }

    /// Adds how to build a webhook receiver.
    #[must_use]
    pub const fn with_webhooks(mut self, build: BuildReceiver) -> Self {
        self.receive = Some(build);
        self
    }

    /// Adds how to build the feed of deliveries that wait until they are asked for. The field that names it begins with
    /// `webhook_`, and the vendor has a receiver, which verifies them.
    #[must_use]
    pub const fn with_feed(mut self, build: BuildFeed) -> Self {
        self.feed = Some(build);
        self
    }

    /// Adds the JSON Schema of the configuration's fields.
    #[must_use]
    pub const fn with_schema(mut self, schema: ConfigSchema) -> Self {
        self.schema = Some(schema);
        self
    }

    /// Adds how the vendor's credentials begin, where no other vendor's begin so: `acme_`. A registry refuses such a
    /// credential in another vendor's configuration.
    #[must_use]
    pub const fn with_credential_prefixes(mut self, prefixes: &'static [&'static str]) -> Self {
        self.credential_prefixes = prefixes;
        self
    }

    /// Adds the month, such as `2026-11`, of the newest documents, packages or recordings of the vendor that the
    /// adapter was compared with. Later changes of the vendor may be unknown to it.
    #[must_use]
    pub const fn with_contract(mut self, month: &'static str) -> Self {
        self.contract = Some(month);
        self
    }

    /// Adds the address of the vendor's page where its credentials are made, or which says how.
    #[must_use]
    pub const fn with_credentials_page(mut self, address: &'static str) -> Self {
        self.credentials_page = Some(address);
        self
    }

    /// Sets what a check of a configuration asks about. Default: [`Probe::USUAL`].
    #[must_use]
    pub const fn with_probe(mut self, probe: Probe) -> Self {
        self.probe = probe;
        self
    }

    /// Marks a provider without a vendor of its own, which is built over others of the same configuration: a router.
    /// Its receiver verifies the deliveries of those.
    #[must_use]
    pub const fn over_others(mut self) -> Self {
        self.is_over_others = true;
        self
    }

    /// The word that chooses it in a configuration: `provider = "acme"`.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// What people call it: `Acme Licensing`.
    #[must_use]
    pub const fn title(&self) -> &'static str {
        self.title
    }

    /// How its credentials begin; empty when their form is not known or is also that of others.
    #[must_use]
    pub const fn credential_prefixes(&self) -> &'static [&'static str] {
        self.credential_prefixes
    }

    /// The month, such as `2026-11`, of the newest state of the vendor's API that the adapter was compared with; `None`
    /// when the adapter does not say, and for one without a vendor.
    #[must_use]
    pub const fn contract(&self) -> Option<&'static str> {
        self.contract
    }

    /// The address of the vendor's page where its credentials are made, or which says how; `None` when the adapter does
    /// not say, and where each seller has a server of its own.
    #[must_use]
    pub const fn credentials_page(&self) -> Option<&'static str> {
        self.credentials_page
    }

    /// What a check of a configuration asks about.
    #[must_use]
    pub const fn probe(&self) -> Probe {
        self.probe
    }

    /// Whether it has a webhook receiver. An adapter has one with its feature `webhooks`, if the vendor sends any.
    #[must_use]
    pub const fn has_webhooks(&self) -> bool {
        self.receive.is_some()
    }

    /// Whether a provider with these settings is meant to receive webhooks: the vendor has a receiver, and one of the
    /// fields that only receivers read is set. Their names begin with `webhook_`, such as `webhook_secrets`.
    ///
    /// A provider that is [over others](Self::is_over_others) has no such field: those have them.
    #[must_use]
    pub fn receives_webhooks(&self, settings: &ProviderSettings) -> bool {
        self.has_webhooks() && settings.names().any(|field| field.starts_with("webhook_"))
    }

    /// Whether it is built over other providers of the same configuration, its
    /// [siblings](BuildContext::siblings), and has no vendor of its own.
    #[must_use]
    pub const fn is_over_others(&self) -> bool {
        self.is_over_others
    }

    /// The JSON Schema of its configuration, without `provider`; `None` when the adapter's feature `schema` is off.
    #[must_use]
    pub fn schema(&self) -> Option<serde_json::Value> {
        self.schema.map(|schema| schema())
    }

    /// The fields of its configuration, the required ones first; `None` when the adapter's feature `schema` is off.
    #[must_use]
    pub fn fields(&self) -> Option<Vec<ConfigField>> {
        self.schema().map(|schema| ConfigField::of_schema(&schema))
    }

    /// Builds the provider that `context` names. Sends nothing.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`], naming the provider and the field.
    pub fn build(
        &self,
        settings: &ProviderSettings,
        context: &BuildContext<'_>,
    ) -> Result<Arc<dyn LicenseProvider>> {
        let provider = (self.build)(settings, context).map_err(|error| self.configuring(error, context))?;
        Ok(if provider.name() == context.name() {
            provider
        } else {
            Arc::new(Named::new(context.name(), provider))
        })
    }

    /// Builds the webhook receiver of the provider that `context` names. Sends nothing.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`], naming the provider and the field, also when the vendor has no webhooks.
    pub fn build_receiver(
        &self,
        settings: &ProviderSettings,
        context: &BuildContext<'_>,
    ) -> Result<Arc<dyn WebhookReceiver>> {
        let Some(receive) = self.receive else {
            let message = format!("`provider`: `{}` has no webhooks", self.name);
            return Err(self.configuring(Error::new(ErrorKind::Config, message), context));
        };
        let receiver = receive(settings, context).map_err(|error| self.configuring(error, context))?;
        Ok(if receiver.provider() == context.name() {
            receiver
        } else {
            Arc::new(NamedReceiver::new(context.name(), receiver))
        })
    }

    /// Builds the feed of waiting deliveries of the provider that `context` names; `None` when the vendor has no such
    /// feed, or when the settings name none. Sends nothing.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`], naming the provider and the field.
    pub fn build_feed(
        &self,
        settings: &ProviderSettings,
        context: &BuildContext<'_>,
    ) -> Result<Option<Arc<dyn WebhookFeed>>> {
        let Some(build) = self.feed else { return Ok(None) };
        let feed = build(settings, context).map_err(|error| self.configuring(error, context))?;
        Ok(feed.map(|feed| match self.is_over_others {
            // Its errors are those of the others, with their names.
            true => feed,
            false => Arc::new(NamedFeed::new(context.name(), feed)),
        }))
    }

    /// Names the provider in an error about its configuration. One of a sibling has that one's name already.
    fn configuring(&self, error: Error, context: &BuildContext<'_>) -> Error {
        let is_siblings = self.is_over_others && error.provider().is_some();
        let error = if is_siblings { error } else { error.with_provider(context.name().to_owned()) };
        error.with_operation(Operation::Configure)
    }
}

impl fmt::Debug for Vendor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Vendor")
            .field("name", &self.name)
            .field("title", &self.title)
            .field("has_webhooks", &self.has_webhooks())
            .finish_non_exhaustive()
    }
}
