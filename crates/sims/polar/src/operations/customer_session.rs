//! Creating a customer session for the portal.
//!
//! The call needs an organization's token. A session lasts an hour, and its token opens the portal plane for one
//! customer.

use http::StatusCode;
use serde::Serialize;
use url::form_urlencoded;
use uuid::Uuid;

use super::body::fields;
use super::{Call, MINT, Seller};
use crate::documents::{CustomerDocument, customer_document};
use crate::json::Json;
use crate::moment::Moment;
use crate::options::Scope;
use crate::records::{Customer, Member};
use crate::reply::{Crash, Problem, Reply, json};
use crate::state::State;
use crate::tokens::{SESSION_SECONDS, Subject};
use crate::validation::{FieldError, Fields, Loc, Parsed, null_or, text, uuid4, web_url};

/// The request for a session.
struct Request {
    customer: CustomerKey,
    member_id: Option<Uuid>,
    external_member_id: Option<String>,
    return_url: Option<String>,
}

/// The identifier of the customer in a request.
enum CustomerKey {
    Id(Uuid),
    External(String),
}

#[derive(Serialize)]
struct Session<'a> {
    created_at: Moment,
    modified_at: Option<Moment>,
    id: Uuid,
    token: &'a str,
    expires_at: Moment,
    return_url: Option<&'a str>,
    customer_portal_url: String,
    customer_id: Uuid,
    customer: CustomerDocument<'a>,
}

/// Creates a session of one hour for the customer, or for a member if customers have members.
///
/// # Errors
///
/// 422 for a customer or member that does not exist, in the shape of a field error but with another name; 401 and 403
/// before the body is read.
pub(super) fn create(state: &mut State, call: &Call<'_>, body: &Json) -> Result<Reply, Problem> {
    let seller = call.seller(MINT)?;
    let request = fields(body, Request::read)??;
    let customer = find_customer(state, seller, &request.customer)?;
    let customer_id = customer.id;
    let organization = state.organizations.get(&customer.organization_id).ok_or(Crash)?;
    let slug = organization.slug.clone();
    let (subject, email) = if organization.member_model {
        let member = find_member(state, customer_id, &request)?;
        (Subject::Member(member.id), Some(member.email))
    } else {
        (Subject::Customer(customer_id), customer.profile.email.clone())
    };
    let created_at = state.now();
    let expires_at = created_at.plus_seconds(SESSION_SECONDS);
    let id = state.ids.uuid();
    let token = state.issue(subject, vec![Scope::CustomerPortalWrite], Some(expires_at));
    let query = form_urlencoded::Serializer::new(String::new())
        .append_pair("customer_session_token", &token)
        .append_pair("email", email.as_deref().unwrap_or("None"))
        .finish();
    let session = Session {
        created_at,
        modified_at: None,
        id,
        token: &token,
        expires_at,
        return_url: request.return_url.as_deref(),
        customer_portal_url: format!("{}/{slug}/portal?{query}", state.environment.frontend()),
        customer_id,
        customer: customer_document(state.customers.get(&customer_id).ok_or(Crash)?),
    };
    Ok(json(StatusCode::CREATED, &session)?)
}

/// A customer that is not deleted and that the caller can access.
fn find_customer<'a>(
    state: &'a State,
    seller: Seller<'_>,
    wanted: &CustomerKey,
) -> Result<&'a Customer, Problem> {
    let mut live = state
        .customers
        .values()
        .filter(|customer| customer.deleted_at.is_none() && seller.reaches(customer.organization_id));
    let (found, field, input) = match wanted {
        CustomerKey::Id(id) => {
            (live.find(|customer| customer.id == *id), "customer_id", Json::String(id.to_string()))
        }
        CustomerKey::External(id) => (
            live.find(|customer| customer.profile.external_id.as_ref() == Some(id)),
            "external_customer_id",
            Json::String(id.clone()),
        ),
    };
    found.ok_or_else(|| refused(field, "Customer does not exist.", &input))
}

/// The requested member, else the owner of the account, who is created if necessary.
fn find_member(state: &mut State, customer_id: Uuid, request: &Request) -> Result<Member, Problem> {
    let absent = "Member does not exist for this customer.";
    let members = || state.members.values().filter(|member| member.customer_id == customer_id);
    if let Some(id) = request.member_id {
        let member = members().find(|member| member.id == id);
        return member.cloned().ok_or_else(|| refused("member_id", absent, &Json::String(id.to_string())));
    }
    if let Some(id) = &request.external_member_id {
        let member = members().find(|member| member.external_id.as_ref() == Some(id));
        return member.cloned().ok_or_else(|| refused("external_member_id", absent, &id.as_str().into()));
    }
    let customer = state.customers.get(&customer_id).ok_or(Crash)?;
    if customer.profile.team {
        return Err(refused("member_id", "member_id is required for team customers.", &Json::Null));
    }
    if let Some(owner) = members().find(|member| member.owner) {
        return Ok(owner.clone());
    }
    let Some(email) = customer.profile.email.clone() else {
        return Err(refused("email", "An email is required to create an owner member.", &Json::Null));
    };
    let external_id = customer.profile.external_id.clone();
    let created_at = state.now();
    let member = Member { id: state.ids.uuid(), customer_id, created_at, email, external_id, owner: true };
    state.members.insert(member.id, member.clone());
    Ok(member)
}

/// An error of the service, which has the shape of a field error with another name.
fn refused(field: &str, message: &str, input: &Json) -> Problem {
    let element = FieldError::new("value_error", &Loc::root("body").name(field), message, input);
    Problem::Invalid("PolarRequestValidationError", vec![element])
}

impl Request {
    /// Reads the customer's id, else the external id. If neither is valid, the errors of both are reported.
    fn read(body: &Json) -> Parsed<Self> {
        let by_id = Self::read_arm(body, "CustomerSessionCustomerIDCreate", "customer_id", |input, loc| {
            uuid4(input, loc).map(CustomerKey::Id)
        });
        let Err(mut errors) = by_id else { return by_id };
        let alias =
            if body.get("external_customer_id").is_none() && body.get("customer_external_id").is_some() {
                "customer_external_id"
            } else {
                "external_customer_id"
            };
        let arm = "CustomerSessionCustomerExternalIDCreate";
        Self::read_arm(body, arm, alias, |input, loc| text(input, loc).map(CustomerKey::External)).map_err(
            |more| {
                errors.extend(more);
                errors
            },
        )
    }

    /// Reads one of the two forms. The errors contain its name.
    fn read_arm(
        body: &Json,
        arm: &str,
        field: &str,
        parse: impl Fn(&Json, &Loc) -> Parsed<CustomerKey>,
    ) -> Parsed<Self> {
        let mut fields = Fields::of(body, Loc::root("body").name(arm))?;
        let member_id = fields.present("member_id", null_or(uuid4)).flatten();
        let external_member_id = fields.present("external_member_id", null_or(text)).flatten();
        let return_url = fields.present("return_url", null_or(web_url)).flatten();
        let customer = fields.required(field, parse);
        fields.finish(|| Some(Self { customer: customer?, member_id, external_member_id, return_url }))
    }
}
