//! Operations of customers on their keys.

use http::StatusCode;
use uuid::Uuid;

use super::{Buyer, Call, PORTAL_READ, PORTAL_WRITE, listing, rotation};
use crate::records::LicenseKey;
use crate::reply::{Crash, Problem, Reply, json};
use crate::state::{Copy, State};
use crate::validation::uuid4;

/// Lists the caller's keys of any status, oldest first.
pub(super) fn list(state: &State, call: &Call<'_>) -> Result<Reply, Problem> {
    let buyer = call.buyer(PORTAL_READ)?;
    let mut errors = Vec::new();
    let page = call.query.page(&mut errors);
    let benefit = call.query.last("benefit_id", uuid4, &mut errors).flatten();
    let page = page.filter(|_| errors.is_empty()).ok_or(errors)?;
    let customer = match buyer {
        Buyer::Customer(id) => Some(id),
        Buyer::Member(id) => state.members.get(&id).map(|member| member.customer_id),
    };
    let keys = customer.and_then(|id| state.customers.get(&id)).map_or(&[][..], |customer| &customer.keys);
    let all = matches!(buyer, Buyer::Customer(_)) && benefit.is_none();
    let wanted =
        |key: &LicenseKey| buyer.owns(key) && benefit.is_none_or(|benefit| benefit == key.benefit_id);
    let wanted: Option<&dyn Fn(&LicenseKey) -> bool> = if all { None } else { Some(&wanted) };
    listing::answer(state, Copy::Primary, keys, wanted, &page, call.version)
}

/// Reads one of the caller's keys, with its activations if the benefit shows them to customers.
pub(super) fn get(state: &State, call: &Call<'_>) -> Result<Reply, Problem> {
    let buyer = call.buyer(PORTAL_READ)?;
    let key = own(state, buyer, call.id(0, "id")?)?;
    let benefit = state.benefits.get(&key.benefit_id).ok_or(Crash)?;
    let mut document = state.key_document(key, call.version)?.with_activations(key);
    if !benefit.properties.activations.is_some_and(|activations| activations.enable_customer_admin) {
        document.activations = Some(Vec::new());
    }
    Ok(json(StatusCode::OK, &document)?)
}

/// Rotates one of the caller's keys.
pub(super) fn rotate(state: &mut State, call: &Call<'_>) -> Result<Reply, Problem> {
    let buyer = call.buyer(PORTAL_WRITE)?;
    let id = own(state, buyer, call.id(0, "id")?)?.id;
    rotation::rotate(state, id, call.version)
}

/// A key of the caller. Keys of others are unknown.
fn own(state: &State, buyer: Buyer, id: Uuid) -> Result<&LicenseKey, Problem> {
    state.key(id).filter(|key| buyer.owns(key)).ok_or_else(Problem::not_found)
}

impl Buyer {
    /// Whether the caller owns the key: a member owns the keys granted to that member, a customer all keys of the
    /// account.
    fn owns(self, key: &LicenseKey) -> bool {
        match self {
            Self::Customer(id) => key.customer_id == id,
            Self::Member(id) => key.member_id == Some(id),
        }
    }
}
