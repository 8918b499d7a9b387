//! A listing of the keys of one customer, by an e-mail address or an external id.
//!
//! Polar's list of license keys has no filter by customer, its list of grants does (`GET /v1/benefit-grants/`, OpenAPI
//! of 2026-10). A grant names its key, which is read by its id. The token needs the scopes `benefits:read` and
//! `license_keys:read`, and for an address `customers:read`.

use anykey_core::adapter::{ErrorExt as _, NumberedPage};
use anykey_core::{
    CustomerId, CustomerRef, EmailAddress, ErrorKind, LicenseKey, LicenseKeyId, ListQuery, Operation, Page,
    Result,
};
use anykey_http::{ApiClient, ApiRequest};
use serde::Deserialize;

use crate::answer::succeed;
use crate::filter::Filter;
use crate::grants::{GrantBody, GrantList};
use crate::position::MAX_PAGE_SIZE;
use crate::{NAME, PolarProvider};

/// The grants of one page: each costs a request of its own.
const GRANTS: NumberedPage = NumberedPage::first(NAME, 10);

/// `GET /v1/customers/`.
#[derive(Deserialize)]
struct CustomerList {
    items: Vec<CustomerBody>,
}

/// A customer, as far as a query by an e-mail address needs it.
#[derive(Deserialize)]
struct CustomerBody {
    id: CustomerId,
    /// `None` for a team. It leaves the adapter nowhere.
    email: Option<Box<str>>,
}

impl PolarProvider {
    /// One page of the keys of the customer `wanted`, newest grant first, with at most ten keys. A grant of another
    /// customer is left out, since Polar ignores a parameter that it does not know.
    pub(crate) async fn list_of_customer(
        &self,
        client: &ApiClient,
        wanted: &CustomerRef,
        query: &ListQuery,
    ) -> Result<Page<LicenseKey>> {
        let at = GRANTS.for_query(query)?;
        let filter = Filter::of(query)?;
        let customers = match wanted {
            CustomerRef::Email(address) => self.customers(client, address).await?,
            _ => Vec::new(),
        };
        let external = match wanted {
            CustomerRef::External(id) => Some(id.expose()),
            _ => None,
        };
        // Without either filter Polar would list everybody's grants.
        if customers.is_empty() && external.is_none() {
            return Ok(Page::last(Vec::new()));
        }
        let mut request =
            self.grants_request(Operation::List).query("page", at.number()).query("limit", at.size());
        for customer in &customers {
            request = request.query("customer_id", customer);
        }
        if let Some(id) = external {
            request = request.secret_query("external_customer_id", id);
        }
        let secrets: Vec<&str> = external.into_iter().collect();
        let grants: GrantList = succeed(client.send(request).await?, &secrets)?.json()?;
        let is_wanted = |grant: &GrantBody| match external {
            Some(id) => {
                grant.customer.as_ref().and_then(|customer| customer.external_id.as_deref()) == Some(id)
            }
            None => grant.customer_id.as_ref().is_some_and(|customer| customers.contains(customer)),
        };
        let mut ids: Vec<LicenseKeyId> = Vec::new();
        for grant in grants.items.into_iter().filter(is_wanted) {
            let id = grant.properties.and_then(|properties| properties.license_key_id);
            ids.extend(id.map(LicenseKeyId::from).filter(|id| !ids.contains(id)));
        }
        let mut keys = Vec::with_capacity(ids.len());
        for id in &ids {
            match self.read(client, Operation::Get, id).await {
                Ok(key) => {
                    keys.extend(Some(key).filter(|key| filter.passes(key, &self.device.organization_id)))
                }
                // A key that is gone has left its grant behind.
                Err(error) if error.kind() == ErrorKind::NotFound => {}
                Err(error) => return Err(error.with_operation(Operation::List)),
            }
        }
        let next = (at.number() < grants.pagination.max_page).then(|| at.next().token());
        Ok(Page::last(keys).with_next(next))
    }

    /// The customers with `address`, usually one. Polar compares it as a whole (server's code, 2026), and it is
    /// compared again here for the same reason.
    async fn customers(&self, client: &ApiClient, address: &EmailAddress) -> Result<Vec<CustomerId>> {
        let request = ApiRequest::get(Operation::List)
            .path(&["v1", "customers"])
            .trailing_slash()
            .query("organization_id", &self.device.organization_id)
            .secret_query("email", address.expose())
            .query("limit", MAX_PAGE_SIZE)
            .completing_a_page();
        let list: CustomerList = succeed(client.send(request).await?, &[address.expose()])?.json()?;
        let has_address = |body: &CustomerBody| {
            body.email.as_ref().is_some_and(|own| own.eq_ignore_ascii_case(address.expose()))
        };
        Ok(list.items.into_iter().filter(has_address).map(|body| body.id).collect())
    }
}
