//! The grants of license keys.

use http::StatusCode;
use serde::Serialize;

use super::listing::{Pagination, on_page};
use super::management::{UUID_ARMS, allows, keys_within_reach};
use super::{Call, READ_BENEFITS};
use crate::records::LicenseKey;
use crate::reply::{Crash, Problem, Reply, json};
use crate::state::State;
use crate::validation::{text, uuid4};
use crate::webhooks::GrantDocument;

/// The server's names of the two forms of a filter by text in error elements.
const TEXT_ARMS: (&str, &str) = (
    "str",
    "json-or-python[json=list[str],python=chain[is-instance[Sequence],function-wrap[sequence_validator()]]]",
);

/// A page of grants.
#[derive(Serialize)]
struct Grants<'a> {
    items: Vec<GrantDocument<'a>>,
    pagination: Pagination,
}

/// Lists the grants of all accessible organizations, newest first. Of the vendor's filters (OpenAPI of 2026-10) it has
/// those by organization, by customer and by the seller's own id of the customer.
pub(super) fn list(state: &State, call: &Call<'_>) -> Result<Reply, Problem> {
    let seller = call.seller(READ_BENEFITS)?;
    let mut errors = Vec::new();
    let page = call.query.page(&mut errors);
    let organizations = call.query.any_of("organization_id", UUID_ARMS, uuid4, &mut errors);
    let customers = call.query.any_of("customer_id", UUID_ARMS, uuid4, &mut errors);
    let external = call.query.any_of("external_customer_id", TEXT_ARMS, text, &mut errors);
    let page = page.filter(|_| errors.is_empty()).ok_or(errors)?;
    let wanted = |key: &&LicenseKey| {
        let profile = state.customers.get(&key.customer_id).map(|customer| &customer.profile);
        let own = profile.and_then(|profile| profile.external_id.as_ref());
        allows(&organizations, &key.organization_id)
            && allows(&customers, &key.customer_id)
            && external.as_ref().is_none_or(|asked| own.is_some_and(|own| asked.contains(own)))
    };
    let ids = keys_within_reach(state, seller);
    let keys: Vec<_> = ids.iter().rev().filter_map(|id| state.key(*id)).filter(wanted).collect();
    let (keys, pagination) = on_page(keys, &page)?;
    let items = keys.into_iter().map(|key| state.grant_of(key)).collect::<Option<_>>().ok_or(Crash)?;
    Ok(json(StatusCode::OK, &Grants { items, pagination })?)
}
