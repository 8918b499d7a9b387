use std::sync::Arc;

use anykey_core::adapter::{Requirements, check};
use anykey_core::{
    ActivateRequest, Activation, Capabilities, Capability, CreateRequest, DeactivateRequest, Error,
    LicenseKey, LicenseKeyId, LicensePatch, LicenseProvider, LicenseStatus, ListQuery, Operation, Page,
    PageToken, ProductId, Result, ValidateRequest, Validation, async_trait,
};
use anykey_http::{ApiClient, ApiRequest, Pacer, PathSegment};
use http::HeaderName;

use crate::answer::{self, succeed};
use crate::config::PolarBuilder;
use crate::{NAME, Plane, credential, map};

pub(crate) const MAX_PAGE_SIZE: u32 = 100;
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
    pub(crate) plane: Plane,
    /// Carries no credential, except in the organization plane.
    pub(crate) device: ApiClient,
    pub(crate) management: Option<ApiClient>,
    pub(crate) organization_id: Box<str>,
    pub(crate) products: Arc<[ProductId]>,
    pub(crate) keep_raw: bool,
}

impl PolarProvider {
    /// Starts a provider for the live keys of the organization `organization_id`, a UUID, without a
    /// credential.
    pub fn builder(organization_id: impl Into<Box<str>>) -> PolarBuilder {
        PolarBuilder::new(organization_id.into())
    }

    pub(crate) fn from_builder(mut builder: PolarBuilder) -> Result<Self> {
        let organization_id = builder.organization()?;
        let products = builder.pins()?;
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
        let device = match &management {
            Some(management) if plane == Plane::Organization => management.clone(),
            _ => {
                let pacer = builder.device_pacer.clone();
                client(pacer.unwrap_or_else(PolarBuilder::default_device_pacer))?.build()?
            }
        };
        Ok(Self { plane, device, management, organization_id, products, keep_raw: builder.keep_raw })
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

    pub(crate) fn check(&self, request: &impl Requirements) -> Result<()> {
        check(self, request).map_err(|error| match error.capability() {
            Some(capability) => error.with_hint(self.plane.remedy(capability)),
            None => error,
        })
    }

    fn management(&self, request: &impl Requirements) -> Result<&ApiClient> {
        self.check(request)?;
        self.management.as_ref().ok_or_else(|| {
            let missing = request.capabilities().iter().next().unwrap_or(Capability::Get);
            Error::unsupported(NAME, missing).with_hint(self.plane.remedy(missing))
        })
    }

    /// Sends `request` to the record of the key `id`.
    fn about_key(&self, request: ApiRequest, operation: Operation, id: &LicenseKeyId) -> Result<ApiRequest> {
        let segment = PathSegment::new("license key id", id.as_str())
            .map_err(|error| error.with_provider(NAME).with_operation(operation))?;
        Ok(request.path(self.plane.management_path()).segment(segment))
    }

    fn list_request(&self, query: &ListQuery, number: u64, size: u32) -> Result<ApiRequest> {
        let mut request = ApiRequest::get(Operation::List)
            .path(self.plane.management_path())
            .trailing_slash()
            .query("organization_id", &self.organization_id);
        for status in &query.statuses {
            let word = stored(status)?;
            if self.plane == Plane::Organization {
                request = request.query("status", word);
            }
        }
        // The portal heeds one benefit only, the last.
        if self.plane == Plane::Organization || query.products.len() == 1 {
            for product in &query.products {
                request = request.query("benefit_id", product);
            }
        }
        Ok(request.query("page", number).query("limit", size))
    }

    /// Whether `key` passes the filters that the portal ignores.
    fn passes(&self, key: &LicenseKey, query: &ListQuery) -> bool {
        let product = key.product.as_ref();
        key.origin.seller.as_ref().is_none_or(|seller| **seller == *self.organization_id)
            && (query.statuses.is_empty() || query.statuses.contains(&key.status))
            && (query.products.is_empty()
                || product.is_some_and(|product| query.products.iter().any(|wanted| same(wanted, product))))
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

    async fn list(&self, query: ListQuery) -> Result<Page<LicenseKey>> {
        let client = self.management(&query)?;
        let (number, size) = match &query.page {
            Some(token) => token.as_numbered(NAME)?,
            None => (1, query.clamped_page_size(MAX_PAGE_SIZE)),
        };
        let size = size.min(MAX_PAGE_SIZE);
        let response = succeed(client.send(self.list_request(&query, number, size)?).await?, &[])?;
        let (mut keys, pagination) = answer::license_keys(&response, self.keep_raw)?;
        let mut total = Some(pagination.total_count);
        let sent = keys.len();
        if self.plane == Plane::Portal {
            keys.retain(|key| self.passes(key, &query));
            let counted_by_polar = query.statuses.is_empty() && query.products.len() < 2;
            total = total.filter(|_| counted_by_polar && keys.len() == sent);
        }
        if number >= pagination.max_page {
            return Ok(Page::last(keys).with_total(total));
        }
        let next = PageToken::numbered(NAME, number.saturating_add(1), size);
        // What is filtered out here cannot be recognised on the next page.
        let (overlap, ahead) = if keys.len() == sent {
            (overlap(&query, number, size), overlaps_ahead(&query, number, size, pagination.total_count))
        } else {
            (None, pages_ahead(&query, number, size, pagination.max_page))
        };
        let page = Page::last(keys).with_next(next).with_overlap(overlap).with_ahead(ahead);
        Ok(page.with_total(total))
    }

    async fn get(&self, id: &LicenseKeyId) -> Result<LicenseKey> {
        let client = self.management(&Capability::Get)?;
        let request = self.about_key(ApiRequest::get(Operation::Get), Operation::Get, id)?;
        let mut key =
            answer::license_key(&succeed(client.send(request).await?, &[id.as_str()])?, self.keep_raw)?;
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
        let request = self
            .about_key(ApiRequest::patch(Operation::Update), Operation::Update, id)?
            .json(&map::patch(&patch)?)
            .repeatable();
        answer::license_key(&succeed(client.send(request).await?, &[id.as_str()])?, self.keep_raw)
    }

    async fn rotate(&self, id: &LicenseKeyId) -> Result<LicenseKey> {
        let client = self.management(&Capability::Rotate)?;
        let request =
            self.about_key(ApiRequest::post(Operation::Rotate), Operation::Rotate, id)?.path(&["rotate"]);
        answer::license_key(&succeed(client.send(request).await?, &[id.as_str()])?, self.keep_raw)
    }

    async fn activations(&self, id: &LicenseKeyId) -> Result<Vec<Activation>> {
        let client = self.management(&Capability::Activations)?;
        let request = self.about_key(ApiRequest::get(Operation::Activations), Operation::Activations, id)?;
        answer::activations(&succeed(client.send(request).await?, &[id.as_str()])?)
    }

    async fn validate(&self, request: ValidateRequest) -> Result<Validation> {
        self.judge(request).await
    }

    async fn activate(&self, request: ActivateRequest) -> Result<Activation> {
        self.take_seat(request).await
    }

    async fn deactivate(&self, request: DeactivateRequest) -> Result<()> {
        self.free_seat(&request).await
    }
}

/// The page that goes on after page `number` and begins inside it. Polar counts from 1.
fn overlap(query: &ListQuery, number: u64, size: u32) -> Option<PageToken> {
    let (number, size) = query.overlap(number.checked_sub(1)?, size, MAX_PAGE_SIZE)?;
    Some(PageToken::numbered(NAME, number.checked_add(1)?, size))
}

/// The pages after page `number` of which each begins inside the one before; none past the last record.
fn overlaps_ahead(query: &ListQuery, number: u64, size: u32, total: u64) -> Vec<PageToken> {
    let Some(number) = number.checked_sub(1) else { return Vec::new() };
    let following = query.pages_after(number, size, MAX_PAGE_SIZE, Some(total));
    following
        .map_while(|(number, size)| Some(PageToken::numbered(NAME, number.checked_add(1)?, size)))
        .collect()
}

/// The pages after page `number` of `size`, side by side, to the last one.
fn pages_ahead(query: &ListQuery, number: u64, size: u32, last: u64) -> Vec<PageToken> {
    let numbers = number.saturating_add(1)..=last;
    numbers.take(query.clamped_pages_ahead()).map(|number| PageToken::numbered(NAME, number, size)).collect()
}

/// Whether two ids name the same thing: Polar takes a UUID in any case and writes it in lower case.
pub(crate) fn same(one: &ProductId, other: &ProductId) -> bool {
    one.as_str().eq_ignore_ascii_case(other.as_str())
}

fn stored(status: &LicenseStatus) -> Result<&str> {
    map::status_filter(status).ok_or_else(|| {
        Error::unsupported(NAME, Capability::FilterByStatus).with_hint(
            "Polar stores granted, disabled and revoked only; list the active keys and ask `status_at(now)`",
        )
    })
}
