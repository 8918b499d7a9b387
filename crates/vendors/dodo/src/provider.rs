//! The provider: it checks each request against the capabilities and passes it to the plane that performs it.

use std::num::NonZeroU32;
use std::time::Duration;

use anykey_core::adapter::{ErrorExt as _, Requirements, check, not_configured};
use anykey_core::{
    ActivateRequest, Activation, ActivationId, Capabilities, Capability, CreateRequest, CustomerId,
    DeactivateRequest, Error, KeyCode, KeyHint, LicenseKey, LicenseKeyId, LicensePatch, LicenseProvider,
    ListQuery, Operation, Page, Result, UuidCase, ValidateRequest, Validation, async_trait,
};
use anykey_http::{BearerToken, Limit, Pacer};

use crate::NAME;
use crate::capability::{DEVICE_PLANE, advise, without_token};
use crate::config::DodoBuilder;
use crate::credential;
use crate::device::DevicePlane;
use crate::error::FULFIL_GRANT;
use crate::grants::{Fulfilment, PendingGrant, Places};
use crate::management::Management;
use crate::page_cap::PageCap;
use crate::shape::ShapeMemory;

/// Dodo Payments.
///
/// Without a token it holds the device plane only; see the crate's page for what each plane can do.
///
/// Clones share what was found out: the pace, which of Dodo's two APIs answers, and where grants are.
///
/// ```
/// use anykey_core::{Capability, Environment, LicenseProvider};
/// use anykey_dodo::DodoProvider;
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
/// let provider = DodoProvider::builder()
///     .environment(Environment::Sandbox)
///     .product("pdt_1")
///     .transport(transport)
///     .build()?;
/// assert!(!provider.capabilities().contains(Capability::List));
/// # Ok::<_, anykey_core::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct DodoProvider {
    device: DevicePlane,
    management: Option<Management>,
}

/// What only Dodo has.
impl DodoProvider {
    /// Starts a provider for Dodo's live mode, without a token.
    pub fn builder() -> DodoBuilder {
        DodoBuilder::default()
    }

    /// The grants of `customer`, or of everybody, that wait for a license key, in no particular order. They
    /// are no license keys yet and appear in no listing.
    ///
    /// Costs a request for each 100 of the customer's, or one or more for each entitlement.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::NotFound`](anykey_core::ErrorKind::NotFound) when there is no such customer;
    /// [`ErrorKind::Unsupported`](anykey_core::ErrorKind::Unsupported) without a token.
    pub async fn pending_grants(&self, customer: Option<&CustomerId>) -> Result<Vec<PendingGrant>> {
        let operation = Operation::Vendor("pending_grants");
        self.management(&Capability::List)
            .map_err(|error| error.with_operation(operation))?
            .grants()
            .pending(customer)
            .await
    }

    /// Answers the pending grant `grant` (`entg_…`) with its license key, which Dodo gives to the customer.
    ///
    /// Safe to repeat: a grant takes one key only. Where an answer was lost on the way and the key turns out
    /// to be there, that is a success.
    ///
    /// # Cancel safety
    ///
    /// The grant may have its key although the future was dropped. Calling again makes no second key: it is a
    /// [`Conflict`](anykey_core::ErrorKind::Conflict) then.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::NotFound`](anykey_core::ErrorKind::NotFound) when there is no such grant;
    /// [`ErrorKind::Conflict`](anykey_core::ErrorKind::Conflict) when it awaits no key or the code exists;
    /// [`ErrorKind::InvalidRequest`](anykey_core::ErrorKind::InvalidRequest) when it is none of license keys,
    /// or for a limit of 0; [`ErrorKind::Unsupported`](anykey_core::ErrorKind::Unsupported) without a token.
    pub async fn fulfil_grant(&self, grant: &str, fulfilment: Fulfilment) -> Result<LicenseKey> {
        let management =
            self.management(&Capability::Create).map_err(|error| error.with_operation(FULFIL_GRANT))?;
        management.grants().fulfil(grant, &fulfilment).await
    }

    /// The provider of a builder. Each plane has its own client and pacer: Dodo limits them separately.
    pub(crate) fn from_builder(builder: DodoBuilder) -> Result<Self> {
        let url = builder.default_url();
        credential::check_products(&builder.products)?;
        let connection = builder.connection.ready()?;
        let client = |pacer: Pacer| Ok::<_, Error>(connection.client(NAME, url)?.pacer(pacer));
        let device = client(builder.device_pacer.unwrap_or_else(|| pacer(20, 100)))?.build()?;
        let management = match builder.token {
            None => None,
            Some(token) => {
                credential::check_token(&token)?;
                let token = BearerToken::new(token).map_err(|error| error.in_context("`token`"))?;
                let pacer = builder.management_pacer.unwrap_or_else(|| pacer(40, 240));
                Some(client(pacer)?.bearer(token).build()?)
            }
        };
        Ok(Self {
            device: DevicePlane { client: device, products: builder.products.into() },
            management: management.map(|client| Management {
                client,
                keep_raw: builder.keep_raw,
                shape: ShapeMemory::new(builder.license_keys),
                places: Places::default(),
                page_cap: PageCap::default(),
            }),
        })
    }

    /// Rejects what the vendor cannot honour, before anything is sent.
    fn check(&self, request: &impl Requirements) -> Result<()> {
        check(self, request).map_err(|error| match &self.management {
            Some(management) => advise(error, management.shape.current()),
            None => without_token(error),
        })
    }

    /// The management plane, if `request` is possible and there is a token.
    fn management(&self, request: &impl Requirements) -> Result<&Management> {
        self.check(request)?;
        self.management.as_ref().ok_or_else(|| without_token(not_configured(NAME, request)))
    }
}

#[async_trait]
impl LicenseProvider for DodoProvider {
    fn vendor(&self) -> &str {
        NAME
    }

    /// What can be done with the credential, in the shape known so far: with
    /// [`LicenseKeysApi::Auto`](crate::LicenseKeysApi::Auto) that is the classic one until Dodo turns out
    /// not to serve it any more.
    fn capabilities(&self) -> Capabilities {
        match &self.management {
            Some(management) => management.shape.current().capabilities(),
            None => DEVICE_PLANE,
        }
    }

    /// Dodo makes UUIDs in small letters, and looks codes up as they are.
    fn key_hint(&self, code: &KeyCode) -> Option<KeyHint> {
        KeyHint::of_uuid(code, UuidCase::Lower)
    }

    async fn list(&self, query: ListQuery) -> Result<Page<LicenseKey>> {
        self.management(&query)?.list(&query).await
    }

    async fn get(&self, id: &LicenseKeyId) -> Result<LicenseKey> {
        self.management(&Capability::Get)?.get(id).await
    }

    async fn create(&self, request: CreateRequest) -> Result<LicenseKey> {
        self.management(&request)?.create(&request).await
    }

    async fn update(&self, id: &LicenseKeyId, patch: LicensePatch) -> Result<LicenseKey> {
        self.management(&patch)?.update(id, &patch).await
    }

    async fn activations(&self, id: &LicenseKeyId) -> Result<Vec<Activation>> {
        self.management(&Capability::Activations)?.activations(id).await
    }

    async fn rename_activation(&self, id: &ActivationId, label: &str) -> Result<Activation> {
        self.management(&Capability::RenameActivation)?.instances().rename(id, label).await
    }

    async fn validate(&self, request: ValidateRequest) -> Result<Validation> {
        self.check(&request)?;
        self.device.validate(&request).await
    }

    async fn activate(&self, request: ActivateRequest) -> Result<Activation> {
        self.check(&request)?;
        self.device.activate(&request).await
    }

    async fn deactivate(&self, request: DeactivateRequest) -> Result<()> {
        self.check(&request)?;
        self.device.deactivate(&request).await
    }
}

/// A pacer for a limit in each second and one in each minute.
fn pacer(per_second: u32, per_minute: u32) -> Pacer {
    let limits = [(per_second, 1), (per_minute, 60)];
    let limits = limits.map(|(requests, seconds)| {
        let requests = NonZeroU32::new(requests).unwrap_or(NonZeroU32::MIN);
        Limit::new(requests, Duration::from_secs(seconds))
    });
    Pacer::new(&limits)
}
