//! Benefit grants: which keys an order or a subscription has brought.

use anykey_core::adapter::ErrorExt as _;
use anykey_core::{CustomerId, Error, ErrorKind, LicenseKeyId, Operation, Origin, Result};
use anykey_http::ApiRequest;
use serde::Deserialize;

use crate::answer::succeed;
use crate::position::MAX_PAGE_SIZE;
use crate::wire::Pagination;
use crate::{NAME, Plane, PolarProvider};

/// What the call is named in errors and traces.
const OPERATION: Operation = Operation::Vendor("granted_keys");

/// A customer with more pages of grants than these is taken for a listing that never ends.
const MAX_PAGES: u64 = 100;

/// A page of `GET /v1/benefit-grants/`.
#[derive(Deserialize)]
pub(crate) struct GrantList {
    /// The grants.
    pub(crate) items: Vec<GrantBody>,
    /// The number of grants and of pages.
    pub(crate) pagination: Pagination,
}

/// A grant: one customer's issue of a benefit.
#[derive(Deserialize)]
pub(crate) struct GrantBody {
    /// Whose it is.
    #[serde(default)]
    pub(crate) customer_id: Option<CustomerId>,
    /// The same customer as a record.
    #[serde(default)]
    pub(crate) customer: Option<GrantCustomer>,
    /// The order that brought it.
    order_id: Option<Box<str>>,
    /// The subscription that brought it.
    subscription_id: Option<Box<str>>,
    /// What it contains; for benefits of license keys the key's id.
    pub(crate) properties: Option<Properties>,
}

/// The customer of a grant.
#[derive(Deserialize)]
pub(crate) struct GrantCustomer {
    /// The seller's own id of the customer.
    #[serde(default)]
    pub(crate) external_id: Option<Box<str>>,
}

/// What a grant of a license key contains.
#[derive(Deserialize)]
pub(crate) struct Properties {
    /// The key; absent before the benefit was granted, and for other benefits.
    pub(crate) license_key_id: Option<Box<str>>,
}

impl PolarProvider {
    /// Reads the ids of the license keys that the order or the subscription in `origin` has brought `customer`, revoked
    /// ones included. For an event without a key, such as `order.refunded`:
    /// `provider.granted_keys(&customer, &event.origin)`.
    ///
    /// Only Polar has this: its listing of license keys does not name orders, its listing of a customer's grants does
    /// (`GET /v1/benefit-grants/`, OpenAPI of 2026-10). It costs one request for each 100 grants that the customer has
    /// ever had, of license keys or not, and the token needs the scope `benefits:read`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidRequest`] when `origin` names neither an order nor a subscription,
    /// [`ErrorKind::Unsupported`] without an organization's token, [`ErrorKind::PermissionDenied`] without the scope.
    pub async fn granted_keys(&self, customer: &CustomerId, origin: &Origin) -> Result<Vec<LicenseKeyId>> {
        if origin.order.is_none() && origin.subscription.is_none() {
            return Err(failure(ErrorKind::InvalidRequest, "name an order or a subscription"));
        }
        // The portal's own listing of grants is another, and one customer's.
        let client =
            self.management.as_ref().filter(|_| self.plane() == Plane::Organization).ok_or_else(|| {
                failure(ErrorKind::Unsupported, "a customer's grants are read with an organization's token")
                    .with_hint("set `token` to an organization access token")
            })?;
        let mut keys = Vec::new();
        for page in 1..=MAX_PAGES {
            let request = self
                .grants_request(OPERATION)
                .query("customer_id", customer)
                .query("page", page)
                .query("limit", MAX_PAGE_SIZE);
            let response = succeed(client.send(request).await?, &[])?;
            let list: GrantList = response.json()?;
            let concerned = list.items.into_iter().filter(|grant| grant.is_of(origin));
            let named = concerned.filter_map(|grant| grant.properties?.license_key_id);
            for id in named.map(LicenseKeyId::from) {
                if !keys.contains(&id) {
                    keys.push(id);
                }
            }
            if page >= list.pagination.max_page {
                return Ok(keys);
            }
        }
        Err(failure(ErrorKind::Decode, "the list of grants does not end"))
    }

    /// The request for the grants of the organization, without further filters.
    pub(crate) fn grants_request(&self, operation: Operation) -> ApiRequest {
        ApiRequest::get(operation)
            .path(&["v1", "benefit-grants"])
            .trailing_slash()
            .query("organization_id", &self.device.organization_id)
    }
}

impl GrantBody {
    /// Whether the grant came by this order or this subscription.
    fn is_of(&self, origin: &Origin) -> bool {
        let same = |one: &Option<Box<str>>, other: &Option<Box<str>>| one.is_some() && one == other;
        same(&self.order_id, &origin.order) || same(&self.subscription_id, &origin.subscription)
    }
}

/// An error of this vendor and operation.
fn failure(kind: ErrorKind, message: &'static str) -> Error {
    Error::new(kind, message).with_provider(NAME).with_operation(OPERATION)
}
