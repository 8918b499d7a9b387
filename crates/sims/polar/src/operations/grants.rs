//! The grants of license keys.

use http::StatusCode;
use serde::Serialize;

use super::listing::Pagination;
use super::management::{UUID_ARMS, allows, keys_within_reach};
use super::{Call, READ_BENEFITS};
use crate::records::LicenseKey;
use crate::reply::{Crash, Problem, Reply, json};
use crate::state::State;
use crate::validation::uuid4;
use crate::webhooks::GrantDocument;

/// A page of grants.
#[derive(Serialize)]
struct Grants<'a> {
    items: Vec<GrantDocument<'a>>,
    pagination: Pagination,
}

/// Lists the grants of all accessible organizations, newest first. Of the vendor's filters (OpenAPI of 2026-10) it has
/// those by organization and by customer.
pub(super) fn list(state: &State, call: &Call<'_>) -> Result<Reply, Problem> {
    let seller = call.seller(READ_BENEFITS)?;
    let mut errors = Vec::new();
    let page = call.query.page(&mut errors);
    let organizations = call.query.any_of("organization_id", UUID_ARMS, uuid4, &mut errors);
    let customers = call.query.any_of("customer_id", UUID_ARMS, uuid4, &mut errors);
    let page = page.filter(|_| errors.is_empty()).ok_or(errors)?;
    let wanted = |key: &&LicenseKey| {
        allows(&organizations, &key.organization_id) && allows(&customers, &key.customer_id)
    };
    let ids = keys_within_reach(state, seller);
    let keys: Vec<_> = ids.iter().rev().filter_map(|id| state.key(*id)).filter(wanted).collect();
    let start = page.limit.checked_mul(page.number - 1).ok_or(Crash)?;
    let start = usize::try_from(start).unwrap_or(usize::MAX);
    let limit = usize::try_from(page.limit).unwrap_or(usize::MAX);
    let pagination = Pagination { total_count: keys.len(), max_page: keys.len().div_ceil(limit) };
    let on_page = keys.into_iter().skip(start).take(limit);
    let items = on_page.map(|key| state.grant_of(key)).collect::<Option<_>>().ok_or(Crash)?;
    Ok(json(StatusCode::OK, &Grants { items, pagination })?)
}
