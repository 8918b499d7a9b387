//! The customers of an organization.

use http::StatusCode;
use serde::Serialize;

use super::listing::{Pagination, on_page};
use super::management::{UUID_ARMS, allows};
use super::{Call, READ_CUSTOMERS};
use crate::documents::{CustomerDocument, customer_document};
use crate::records::Customer;
use crate::reply::{Problem, Reply, json};
use crate::state::State;
use crate::validation::{text, uuid4};

/// A page of customers.
#[derive(Serialize)]
struct Customers<'a> {
    items: Vec<CustomerDocument<'a>>,
    pagination: Pagination,
}

/// Lists the customers of all accessible organizations, newest first. Of the vendor's filters (server code, 2026) it
/// has those by organization and by e-mail address, which is compared as a whole and without regard to case.
pub(super) fn list(state: &State, call: &Call<'_>) -> Result<Reply, Problem> {
    let seller = call.seller(READ_CUSTOMERS)?;
    let mut errors = Vec::new();
    let page = call.query.page(&mut errors);
    let organizations = call.query.any_of("organization_id", UUID_ARMS, uuid4, &mut errors);
    let email = call.query.last("email", text, &mut errors).flatten();
    let page = page.filter(|_| errors.is_empty()).ok_or(errors)?;
    let has_address = |customer: &Customer| {
        let own = customer.profile.email.as_deref().unwrap_or_default();
        email.as_ref().is_none_or(|asked| own.eq_ignore_ascii_case(asked))
    };
    let mut customers: Vec<&Customer> = state
        .customers
        .values()
        .filter(|customer| customer.deleted_at.is_none() && seller.reaches(customer.organization_id))
        .filter(|customer| allows(&organizations, &customer.organization_id) && has_address(customer))
        .collect();
    customers.sort_by_key(|customer| std::cmp::Reverse((customer.created_at, customer.id)));
    let (items, pagination) = on_page(customers, &page)?;
    let items = items.into_iter().map(customer_document).collect();
    Ok(json(StatusCode::OK, &Customers { items, pagination })?)
}
