//! Management of an organization's keys.
//!
//! All calls need an organization's token with the scope for reading or writing keys. Lists and single reads use the
//! replica, which may be behind; changes use the primary database.

use std::borrow::Cow;

use http::StatusCode;
use uuid::Uuid;

use super::body::fields;
use super::{Call, READ, Seller, WRITE, listing, rotation};
use crate::documents::activation_document;
use crate::json::Json;
use crate::key_edits::KeyEdit;
use crate::key_status::KeyStatus;
use crate::records::{LicenseKey, Limits};
use crate::reply::{Crash, Problem, Reply, json};
use crate::state::{Copy, State};
use crate::validation::{
    Fields, Loc, Parsed, SentTime, date_time, int32, key_status, null_or, positive_int32, uuid4,
};

/// The server's names of the two forms of an id filter in error elements.
pub(super) const UUID_ARMS: (&str, &str) = (
    "uuid",
    "json-or-python[json=list[uuid],python=chain[is-instance[Sequence],function-wrap[sequence_validator()]]]",
);
/// The server's names of the two forms of a status filter in error elements.
const STATUS_ARMS: (&str, &str) = (
    "str-enum[LicenseKeyStatus]",
    "json-or-python[json=list[str-enum[LicenseKeyStatus]],\
     python=chain[is-instance[Sequence],function-wrap[sequence_validator()]]]",
);

/// Lists the keys of all accessible organizations, oldest first, with the total and the number of the last page.
///
/// # Errors
///
/// 422 with the elements of all wrong parameters at once. Each filter reports two elements, because it may be one
/// value or several.
pub(super) fn list(state: &State, call: &Call<'_>) -> Result<Reply, Problem> {
    let seller = call.seller(READ)?;
    let mut errors = Vec::new();
    let page = call.query.page(&mut errors);
    let organizations = call.query.any_of("organization_id", UUID_ARMS, uuid4, &mut errors);
    let benefits = call.query.any_of("benefit_id", UUID_ARMS, uuid4, &mut errors);
    let statuses = call.query.any_of("status", STATUS_ARMS, key_status, &mut errors);
    let page = page.filter(|_| errors.is_empty()).ok_or(errors)?;
    let all = organizations.is_none() && benefits.is_none() && statuses.is_none();
    let wanted = |key: &LicenseKey| {
        allows(&organizations, &key.organization_id)
            && allows(&benefits, &key.benefit_id)
            && allows(&statuses, &key.status)
    };
    let wanted: Option<&dyn Fn(&LicenseKey) -> bool> = if all { None } else { Some(&wanted) };
    let keys = keys_within_reach(state, seller);
    listing::answer(state, Copy::Replica, &keys, wanted, &page, call.version)
}

/// Reads a key with its activations.
pub(super) fn get(state: &State, call: &Call<'_>) -> Result<Reply, Problem> {
    let seller = call.seller(READ)?;
    let key = within_reach(state, Copy::Replica, seller, call.id(0, "id")?)?;
    let document = state.key_document(key, call.version)?.with_activations(key);
    Ok(json(StatusCode::OK, &document)?)
}

/// Reads one activation of a key.
pub(super) fn get_activation(state: &State, call: &Call<'_>) -> Result<Reply, Problem> {
    let seller = call.seller(READ)?;
    let (key, activation) = both(call.id(0, "id"), call.id(1, "activation_id"))?;
    let key = within_reach(state, Copy::Replica, seller, key)?;
    let activation = key.activation(activation).ok_or_else(Problem::not_found)?;
    let mut document = activation_document(key.id, activation);
    document.license_key = Some(Box::new(state.key_document(key, call.version)?));
    Ok(json(StatusCode::OK, &document)?)
}

/// Rotates a key.
pub(super) fn rotate(state: &mut State, call: &Call<'_>) -> Result<Reply, Problem> {
    let seller = call.seller(WRITE)?;
    let id = within_reach(state, Copy::Primary, seller, call.id(0, "id")?)?.id;
    seller.may_manage()?;
    rotation::rotate(state, id, call.version)
}

/// The members of an update; `None` for an absent member.
struct Update {
    status: Option<Option<KeyStatus>>,
    usage: Option<i64>,
    limit_activations: Option<Option<i64>>,
    limit_usage: Option<Option<i64>>,
    expires_at: Option<Option<SentTime>>,
}

/// Changes the status, counters, limits or expiry of a key. The status may be set to any word, also to `revoked`.
///
/// # Errors
///
/// 422 for a wrong value, in path and body at once. A null status is a crash of the server, and so is a date outside
/// the years 1 to 9999.
pub(super) fn update(state: &mut State, call: &Call<'_>, body: &Json) -> Result<Reply, Problem> {
    let seller = call.seller(WRITE)?;
    let (id, update) = both(call.id(0, "id"), fields(body, Update::read)?)?;
    let key = within_reach(state, Copy::Primary, seller, id)?;
    seller.may_manage()?;
    let status = match update.status {
        None => key.status,
        Some(Some(status)) => status,
        Some(None) => return Err(Problem::Crash),
    };
    let limits = Limits {
        expires_at: match update.expires_at {
            None => key.limits.expires_at,
            Some(None) => None,
            Some(Some(sent)) => Some(sent.moment().ok_or(Crash)?),
        },
        activations: update.limit_activations.unwrap_or(key.limits.activations),
        usage: update.limit_usage.unwrap_or(key.limits.usage),
    };
    let usage = update.usage.unwrap_or(key.usage);
    let naive = update.expires_at.flatten().is_some_and(SentTime::is_naive);
    state.edit_key(id, KeyEdit { status, limits, usage, always_modified: naive }).ok_or(Crash)?;
    let mut document = state.key_document(state.key(id).ok_or(Crash)?, call.version)?;
    if let Some(sent) = update.expires_at {
        document.expires_at = sent.map(SentTime::echo);
    }
    Ok(json(StatusCode::OK, &document)?)
}

impl Update {
    /// Each attribute is absent, null or a value: only absent ones leave the key as it is.
    fn read(body: &Json) -> Parsed<Self> {
        let mut fields = Fields::of(body, Loc::root("body"))?;
        let update = Self {
            status: fields.present("status", null_or(key_status)),
            usage: fields.present("usage", int32),
            limit_activations: fields.present("limit_activations", null_or(positive_int32)),
            limit_usage: fields.present("limit_usage", null_or(positive_int32)),
            expires_at: fields.present("expires_at", null_or(date_time)),
        };
        fields.finish(|| Some(update))
    }
}

/// Both values, or the errors of both.
fn both<A, B>(first: Parsed<A>, second: Parsed<B>) -> Parsed<(A, B)> {
    match (first, second) {
        (Ok(first), Ok(second)) => Ok((first, second)),
        (first, second) => {
            Err(first.err().into_iter().flatten().chain(second.err().into_iter().flatten()).collect())
        }
    }
}

/// Whether a filter is absent or contains the value.
pub(super) fn allows<T: PartialEq>(filter: &Option<Vec<T>>, value: &T) -> bool {
    filter.as_ref().is_none_or(|accepted| accepted.contains(value))
}

/// A key that the seller can access.
fn within_reach<'a>(
    state: &'a State,
    copy: Copy,
    seller: Seller<'_>,
    id: Uuid,
) -> Result<&'a LicenseKey, Problem> {
    let key = state.key_in(copy, id).filter(|key| seller.reaches(key.organization_id));
    key.ok_or_else(Problem::not_found)
}

/// All keys that the seller can access, oldest first.
pub(super) fn keys_within_reach<'a>(state: &'a State, seller: Seller<'_>) -> Cow<'a, [Uuid]> {
    let mut lists = seller.organizations.iter().filter_map(|id| Some(&*state.organizations.get(id)?.keys));
    match (lists.next(), lists.next()) {
        (first, None) => Cow::Borrowed(first.unwrap_or_default()),
        (first, second) => {
            let mut keys: Vec<Uuid> =
                first.into_iter().chain(second).chain(lists).flatten().copied().collect();
            keys.sort_by_key(|id| state.key(*id).map(|key| key.created_at));
            Cow::Owned(keys)
        }
    }
}
