//! The operations of the endpoints.

mod body;
mod customer_session;
mod customers;
mod device;
mod grants;
mod listing;
mod management;
mod portal;
mod rotation;

use bytes::Bytes;
use http::{Request, StatusCode};
use uuid::Uuid;

use super::options::{ApiVersion, Scope};
use super::reply::{Problem, Reply};
use super::routes::{Endpoint, Target};
use super::state::State;
use super::tokens::{Caller, Subject};
use super::validation::{Parsed, Query, path_uuid};

use body::sent_body;

/// The scopes for reading: either one.
const READ: &[Scope] = &[Scope::LicenseKeysRead, Scope::LicenseKeysWrite];
/// The scope for changes and for validation.
const WRITE: &[Scope] = &[Scope::LicenseKeysWrite];
/// The scopes for reading grants: either one.
const READ_BENEFITS: &[Scope] = &[Scope::BenefitsRead, Scope::BenefitsWrite];
/// The scope for reading customers.
const READ_CUSTOMERS: &[Scope] = &[Scope::CustomersRead];
/// The scopes for reading in the portal: either one.
const PORTAL_READ: &[Scope] = &[Scope::CustomerPortalRead, Scope::CustomerPortalWrite];
/// The scope for rotation in the portal, which every session has.
const PORTAL_WRITE: &[Scope] = &[Scope::CustomerPortalWrite];
/// The scope for creating a customer session.
const MINT: &[Scope] = &[Scope::CustomerSessionsWrite];

/// A request to an endpoint.
struct Call<'a> {
    version: ApiVersion,
    caller: Option<&'a Caller>,
    query: Query,
    ids: &'a [String],
    /// The sequence number of the request.
    arrival: u64,
}

/// Runs the endpoint of a request. The checks are, in this order: JSON syntax, credential, fields.
pub(super) fn run(
    state: &mut State,
    request: &Request<Bytes>,
    version: ApiVersion,
    target: &Target,
    caller: Option<&Caller>,
    arrival: u64,
) -> Result<Reply, Problem> {
    let query = Query::of(request.uri().query().unwrap_or_default());
    let call = Call { version, caller, query, ids: &target.ids, arrival };
    match target.endpoint {
        Endpoint::PortalList => portal::list(state, &call),
        Endpoint::PortalGet => portal::get(state, &call),
        Endpoint::PortalRotate => portal::rotate(state, &call),
        Endpoint::PortalValidate => device::validate(state, &call, &sent_body(request)?, None),
        Endpoint::PortalActivate => device::activate(state, &call, &sent_body(request)?, None),
        Endpoint::PortalDeactivate => device::deactivate(state, &call, &sent_body(request)?, None),
        Endpoint::List => management::list(state, &call),
        Endpoint::Get => management::get(state, &call),
        Endpoint::Update => management::update(state, &call, &sent_body(request)?),
        Endpoint::Rotate => management::rotate(state, &call),
        Endpoint::GetActivation => management::get_activation(state, &call),
        Endpoint::Validate => {
            let body = sent_body(request)?;
            device::validate(state, &call, &body, Some(call.seller(WRITE)?))
        }
        Endpoint::Activate => {
            let body = sent_body(request)?;
            device::activate(state, &call, &body, Some(call.seller(WRITE)?))
        }
        Endpoint::Deactivate => {
            let body = sent_body(request)?;
            device::deactivate(state, &call, &body, Some(call.seller(WRITE)?))
        }
        Endpoint::ListGrants => grants::list(state, &call),
        Endpoint::ListCustomers => customers::list(state, &call),
        Endpoint::CreateCustomerSession => customer_session::create(state, &call, &sent_body(request)?),
    }
}

/// A caller on the organization plane, with its organizations.
#[derive(Clone, Copy)]
struct Seller<'a> {
    organizations: &'a [Uuid],
    manages_products: bool,
}

impl Seller<'_> {
    /// Whether the seller can access this organization.
    fn reaches(&self, organization: Uuid) -> bool {
        self.organizations.contains(&organization)
    }

    /// An error for team members with read access only.
    fn may_manage(&self) -> Result<(), Problem> {
        if self.manages_products {
            return Ok(());
        }
        Err(Problem::named(StatusCode::FORBIDDEN, "You don't have permission to manage products"))
    }
}

/// A caller in the customer portal.
#[derive(Clone, Copy)]
enum Buyer {
    Customer(Uuid),
    Member(Uuid),
}

impl<'a> Call<'a> {
    /// The caller of an organization endpoint. A token of another kind counts as absent.
    fn seller(&self, scopes: &'static [Scope]) -> Result<Seller<'a>, Problem> {
        let caller = self.caller.ok_or(Problem::Unauthorized)?;
        let organizations = caller.subject.organizations().ok_or(Problem::Unauthorized)?;
        require(caller, scopes)?;
        let manages_products = match caller.subject {
            Subject::User { manages_products, .. } => manages_products,
            _ => true,
        };
        Ok(Seller { organizations, manages_products })
    }

    /// The caller of a portal endpoint. A token of another kind counts as absent.
    fn buyer(&self, scopes: &'static [Scope]) -> Result<Buyer, Problem> {
        let caller = self.caller.ok_or(Problem::Unauthorized)?;
        let buyer = match caller.subject {
            Subject::Customer(id) => Buyer::Customer(id),
            Subject::Member(id) => Buyer::Member(id),
            Subject::Organization(_) | Subject::User { .. } => return Err(Problem::Unauthorized),
        };
        require(caller, scopes)?;
        Ok(buyer)
    }

    /// The variable segment of the path at `index`.
    fn id(&self, index: usize, name: &str) -> Parsed<Uuid> {
        path_uuid(self.ids.get(index).map(String::as_str).unwrap_or_default(), name)
    }
}

/// Requires one of the scopes.
fn require(caller: &Caller, scopes: &'static [Scope]) -> Result<(), Problem> {
    if caller.scopes.iter().any(|scope| scopes.contains(scope)) {
        return Ok(());
    }
    Err(Problem::InsufficientScope(scopes))
}
