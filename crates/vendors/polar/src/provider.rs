//! The provider: it checks each request against the capabilities and passes it on, to the device calls or the key's
//! record.

use anykey_core::adapter::{ErrorExt as _, NumberedPage, Requirements, check, not_configured};
use anykey_core::{
    ActivateRequest, Activation, Capabilities, Capability, CreateRequest, DeactivateRequest, Error,
    ErrorKind, KeyCode, KeyHint, LicenseKey, LicenseKeyId, LicensePatch, LicenseProvider, ListQuery,
    Operation, Page, Result, UuidCase, ValidateRequest, Validation, async_trait,
};
use anykey_http::{ApiClient, ApiRequest, ApiResponse, MappedList, Pacer, PathSegment};
use http::HeaderName;

use crate::answer::{self, succeed};
use crate::config::PolarBuilder;
use crate::device::DevicePlane;
use crate::filter::Filter;
use crate::{NAME, Plane, credential, id, map, position};

const VERSION_HEADER: HeaderName = HeaderName::from_static("polar-version");

/// Polar.
///
/// What it can do depends on its [`Plane`], and that on its credential; see the crate's page.
///
/// ```
/// use anykey_core::{Capability, Environment, LicenseProvider};
/// use anykey_polar::{Plane, PolarProvider};
/// # use std::sync::Arc;
/// # #[derive(Debug)] struct Nowhere;
/// # #[anykey_core::async_trait]
/// # impl anykey_http::HttpTransport for Nowhere {
/// #     async fn send(&self, _: http::Request<bytes::Bytes>)
/// #         -> Result<http::Response<bytes::Bytes>, anykey_http::TransportError> {
/// #         Err(anykey_http::TransportError::new(anykey_http::TransportErrorKind::Connect))
/// #     }
/// # }
/// # let transport = Arc::new(Nowhere);
///
/// let provider = PolarProvider::builder("57a10a51-653a-449f-a259-1c70a3bbc826")
///     .environment(Environment::Sandbox)
///     .product("c891e6e8-fc0b-4c27-adc6-8002e2b10909")
///     .transport(transport)
///     .build()?;
/// assert_eq!(provider.plane(), Plane::Public);
/// assert!(!provider.capabilities().contains(Capability::List));
/// # Ok::<_, anykey_core::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct PolarProvider {
    /// What the credential reaches.
    plane: Plane,
    /// The calls by key code.
    pub(crate) device: DevicePlane,
    /// The client with the credential; `None` in the public plane.
    pub(crate) management: Option<ApiClient>,
}

impl PolarProvider {
    /// Starts a provider for the live keys of the organization `organization_id`, a UUID, without a
    /// credential.
    pub fn builder(organization_id: impl Into<Box<str>>) -> PolarBuilder {
        PolarBuilder::new(organization_id.into())
    }

    /// The provider of a builder. In the organization plane both kinds of call share one client, because they share one
    /// limit.
    pub(crate) fn from_builder(mut builder: PolarBuilder) -> Result<Self> {
        let organization_id = builder.organization()?;
        let products = builder.allowed_products()?;
        let version = builder.api_version.as_deref().map(credential::version_header).transpose()?;
        let (plane, credential) = credential::choose(builder.token.take(), builder.session_token.take())?;
        let connection = std::mem::take(&mut builder.connection).ready()?;
        let client = |pacer: Pacer| {
            let client = connection.client(NAME, builder.default_url())?.pacer(pacer);
            Ok::<_, Error>(match &version {
                Some(version) => client.default_header(VERSION_HEADER, version.clone()),
                None => client,
            })
        };
        let management = match credential {
            None => None,
            Some(credential) => {
                let pacer = builder.management_pacer.clone();
                let pacer = pacer.unwrap_or_else(|| builder.default_management_pacer());
                Some(client(pacer)?.bearer(credential).build()?)
            }
        };
        let client = match &management {
            Some(management) if plane == Plane::Organization => management.clone(),
            _ => {
                let pacer = builder.device_pacer.clone();
                client(pacer.unwrap_or_else(PolarBuilder::default_device_pacer))?.build()?
            }
        };
        let (path, keep_raw) = (plane.device_path(), builder.keep_raw);
        let device = DevicePlane { client, path, organization_id, products, keep_raw };
        Ok(Self { plane, device, management })
    }

    /// How much of Polar it reaches.
    #[must_use]
    pub const fn plane(&self) -> Plane {
        self.plane
    }

    /// Reads the activations of the key `id` that Polar shows.
    ///
    /// Only Polar has this. In the organization plane it is [`activations`](LicenseProvider::activations). In
    /// the portal plane an empty list means that there are none, *or* that the benefit does not let
    /// customers see them (`enable_customer_admin`); Polar does not say which.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::NotFound`](anykey_core::ErrorKind::NotFound) when there is no such key;
    /// [`ErrorKind::Unsupported`](anykey_core::ErrorKind::Unsupported) without a credential.
    pub async fn visible_activations(&self, id: &LicenseKeyId) -> Result<Vec<Activation>> {
        let operation = Operation::Vendor("visible_activations");
        let client = self.management(&Capability::Get).map_err(|error| error.with_operation(operation))?;
        let response = client.send(self.about_key(ApiRequest::get(operation), operation, id)?).await?;
        answer::activations(&succeed(response, &[id.as_str()])?)
    }

    /// Rejects what the vendor cannot honour, before anything is sent.
    fn check(&self, request: &impl Requirements) -> Result<()> {
        check(self, request).map_err(|error| self.advise(error))
    }

    /// The client with the credential, if `request` is possible and there is one.
    fn management(&self, request: &impl Requirements) -> Result<&ApiClient> {
        self.check(request)?;
        self.management.as_ref().ok_or_else(|| self.advise(not_configured(NAME, request)))
    }

    /// Adds a hint to an `Unsupported` error.
    fn advise(&self, error: Error) -> Error {
        match error.capability() {
            Some(missing) => error.with_hint(self.plane.remedy(missing)),
            None => error,
        }
    }

    /// Sends `request` to the record of the key `id`.
    ///
    /// # Errors
    ///
    /// `InvalidRequest` when `id` is no UUID: it is not repeated, since it may be the code of a key.
    fn about_key(&self, request: ApiRequest, operation: Operation, id: &LicenseKeyId) -> Result<ApiRequest> {
        let invalid = || {
            let message = "this is no license key id; an id is a UUID and not the code that a customer types";
            Error::new(ErrorKind::InvalidRequest, message)
        };
        let segment = id::canonical(id.as_str())
            .ok_or_else(invalid)
            .and_then(|id| PathSegment::new("license key id", &id))
            .map_err(|error| error.with_provider(NAME).with_operation(operation))?;
        Ok(request.path(self.plane.management_path()).segment(segment))
    }

    /// Reads the key `id` for `operation`.
    pub(crate) async fn read(
        &self,
        client: &ApiClient,
        operation: Operation,
        id: &LicenseKeyId,
    ) -> Result<LicenseKey> {
        let request = self.about_key(ApiRequest::get(operation), operation, id)?;
        self.key(&succeed(client.send(request).await?, &[id.as_str()])?, id)
    }

    /// Reads an answer about the key `id`.
    fn key(&self, response: &ApiResponse, id: &LicenseKeyId) -> Result<LicenseKey> {
        answer::license_key(response, id, self.device.keep_raw)
    }

    fn list_request(&self, filter: &Filter, at: NumberedPage) -> ApiRequest {
        let mut request =
            ApiRequest::get(Operation::List).path(self.plane.management_path()).trailing_slash();
        if self.plane == Plane::Organization {
            request = request.query("organization_id", &self.device.organization_id);
            for word in filter.status_words() {
                request = request.query("status", word);
            }
        }
        // The portal heeds one benefit only, the last.
        if self.plane == Plane::Organization || filter.products.len() == 1 {
            for product in &filter.products {
                request = request.query("benefit_id", product);
            }
        }
        request.query("page", at.number()).query("limit", at.size())
    }
}

#[async_trait]
impl LicenseProvider for PolarProvider {
    fn vendor(&self) -> &str {
        NAME
    }

    fn capabilities(&self) -> Capabilities {
        self.plane.capabilities()
    }

    /// Polar makes UUIDs in capitals, behind the benefit's prefix, and looks codes up as they are.
    fn key_hint(&self, code: &KeyCode) -> Option<KeyHint> {
        KeyHint::of_uuid(code, UuidCase::Upper)
    }

    async fn list(&self, query: ListQuery) -> Result<Page<LicenseKey>> {
        let client = self.management(&query)?;
        if let Some(customer) = &query.customer {
            return self.list_of_customer(client, customer, &query).await;
        }
        let at = position::FIRST.for_query(&query)?;
        let filter = Filter::of(&query)?;
        let response = succeed(client.send(self.list_request(&filter, at)).await?, &[])?;
        let (MappedList { items: mut keys, unreadable }, pagination) =
            answer::license_keys(&response, self.device.keep_raw)?;
        let mut total = Some(pagination.total_count);
        let sent = keys.len();
        if self.plane == Plane::Portal {
            keys.retain(|key| filter.passes(key, &self.device.organization_id));
            let counted_by_polar = filter.statuses.is_empty() && filter.products.len() < 2;
            total = total.filter(|_| counted_by_polar && keys.len() == sent);
        }
        if at.number() >= pagination.max_page {
            return Ok(Page::last(keys).with_unreadable(unreadable).with_total(total));
        }
        // What is filtered out here cannot be recognised on the next page. Polar removes no key and lists by the time
        // of creation, so only a filter by what changes can move keys over a page's edge.
        let may_shrink = !filter.statuses.is_empty() || query.overlapping;
        let overlap = (may_shrink && keys.len() == sent).then(|| at.overlap(&query, &keys)).flatten();
        let ahead = match overlap {
            Some(first) => first.overlaps_ahead(&query, &keys, Some(pagination.total_count)),
            None => at.next().pages_ahead(&query, pagination.max_page),
        };
        let page = Page::last(keys)
            .with_unreadable(unreadable)
            .with_next(at.next().token())
            .with_overlap(overlap.map(NumberedPage::token))
            .with_ahead(ahead);
        Ok(page.with_total(total))
    }

    async fn get(&self, id: &LicenseKeyId) -> Result<LicenseKey> {
        let mut key = self.read(self.management(&Capability::Get)?, Operation::Get, id).await?;
        if self.plane == Plane::Portal {
            key.activations.used = key.activations.used.filter(|used| *used > 0);
        }
        Ok(key)
    }

    async fn create(&self, request: CreateRequest) -> Result<LicenseKey> {
        self.check(&request)?;
        Err(Error::unsupported(NAME, Capability::Create))
    }

    async fn update(&self, id: &LicenseKeyId, patch: LicensePatch) -> Result<LicenseKey> {
        let client = self.management(&patch)?;
        // An empty patch needs nothing by itself, but the portal has no such call.
        if self.plane != Plane::Organization {
            self.check(&Capability::SetDisabled)?;
        }
        let request = self
            .about_key(ApiRequest::patch(Operation::Update), Operation::Update, id)?
            .json(&map::patch(&patch)?)
            .repeatable();
        self.key(&succeed(client.send(request).await?, &[id.as_str()])?, id)
    }

    async fn rotate(&self, id: &LicenseKeyId) -> Result<LicenseKey> {
        let client = self.management(&Capability::Rotate)?;
        let request =
            self.about_key(ApiRequest::post(Operation::Rotate), Operation::Rotate, id)?.path(&["rotate"]);
        self.key(&succeed(client.send(request).await?, &[id.as_str()])?, id)
    }

    async fn activations(&self, id: &LicenseKeyId) -> Result<Vec<Activation>> {
        let client = self.management(&Capability::Activations)?;
        let request = self.about_key(ApiRequest::get(Operation::Activations), Operation::Activations, id)?;
        answer::activations(&succeed(client.send(request).await?, &[id.as_str()])?)
    }

    async fn validate(&self, request: ValidateRequest) -> Result<Validation> {
        self.check(&request)?;
        self.device.validate(request).await
    }

    async fn activate(&self, request: ActivateRequest) -> Result<Activation> {
        self.check(&request)?;
        self.device.activate(request).await
    }

    async fn deactivate(&self, request: DeactivateRequest) -> Result<()> {
        self.check(&request)?;
        self.device.deactivate(&request).await
    }
}
