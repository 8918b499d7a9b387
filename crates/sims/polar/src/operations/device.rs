//! Validation, activation and deactivation, for devices and for servers.
//!
//! The same three operations exist in the portal's plane, which needs no credential, and in the organization's, which
//! needs a token. Only the search for the key differs. Texts and the order of checks are those of the recordings of
//! August 2026.

use http::StatusCode;
use uuid::Uuid;

use super::body::fields;
use super::{Call, Seller};
use crate::documents::activation_document;
use crate::json::Json;
use crate::key_status::KeyStatus;
use crate::moment::Moment;
use crate::records::LicenseKey;
use crate::reply::{Crash, Problem, Reply, json, no_content};
use crate::state::State;
use crate::validation::{Fields, Loc, Metadata, Parsed, at_least_zero, metadata, null_or, text, uuid4};

/// The maximum usage of the column.
const INT32_MAX: i64 = 2_147_483_647;

/// A request to validate a key.
struct ValidateRequest {
    key: String,
    organization_id: Uuid,
    activation_id: Option<Uuid>,
    benefit_id: Option<Uuid>,
    customer_id: Option<Uuid>,
    increment_usage: i64,
    /// Compared with those of the activation, which has them only if it was made with some.
    conditions: Metadata,
}

/// A request to activate a key.
struct ActivateRequest {
    key: String,
    organization_id: Uuid,
    label: String,
    conditions: Metadata,
    meta: Metadata,
}

/// A request to deactivate an activation.
struct DeactivateRequest {
    key: String,
    organization_id: Uuid,
    activation_id: Uuid,
}

/// Validates a key, and counts the validation. A validation that is refused counts nothing.
///
/// # Errors
///
/// 404 for an unknown key and for every refusal but one: a usage beyond its limit is a 400. A sum beyond 32 bits is a
/// crash of the database.
pub(super) fn validate(
    state: &mut State,
    call: &Call<'_>,
    body: &Json,
    seller: Option<Seller<'_>>,
) -> Result<Reply, Problem> {
    let request = fields(body, ValidateRequest::read)??;
    let id = find(state, seller, request.organization_id, &request.key)?;
    let now = state.now();
    let key = state.key(id).ok_or(Crash)?;
    check(key, &request, now)?;
    let usage = key.usage.saturating_add(request.increment_usage);
    if usage > INT32_MAX {
        return Err(Problem::Crash);
    }
    let key = state.key_mut(id).ok_or(Crash)?;
    key.validations += 1;
    key.last_validated_at = Some(now);
    key.modified_at = Some(now);
    key.usage = usage;
    let key = state.key(id).ok_or(Crash)?;
    let mut document = state.key_document(key, call.version)?.with_origin(key, call.version);
    let activation = request.activation_id.and_then(|activation| key.activation(activation));
    document.activation = Some(activation.map(|activation| activation_document(id, activation)));
    Ok(json(StatusCode::OK, &document)?)
}

/// The first failed check is reported, in this order: status, expiry, activation and its conditions, benefit,
/// customer, usage.
fn check(key: &LicenseKey, request: &ValidateRequest, now: Moment) -> Result<(), Problem> {
    let refuse = |detail| Err(Problem::named(StatusCode::NOT_FOUND, detail));
    if key.status != KeyStatus::Granted {
        return refuse("License key is no longer active.");
    }
    if key.has_expired(now) {
        return refuse("License key has expired.");
    }
    if let Some(id) = request.activation_id {
        let activation = key.activation(id).ok_or_else(Problem::not_found)?;
        if !activation.conditions.is_empty() && !activation.conditions.equals(&request.conditions) {
            return refuse("License key does not match required conditions");
        }
    }
    if request.benefit_id.is_some_and(|benefit| benefit != key.benefit_id) {
        return refuse("License key does not match given benefit.");
    }
    if request.customer_id.is_some_and(|customer| customer != key.customer_id) {
        return refuse("License key does not match given user.");
    }
    let remaining = key.limits.usage.map(|limit| limit - key.usage);
    match remaining {
        Some(remaining) if request.increment_usage > 0 && request.increment_usage > remaining => {
            let detail = format!("License key only has {remaining} more usages.");
            Err(Problem::named(StatusCode::BAD_REQUEST, detail))
        }
        _ => Ok(()),
    }
}

/// Creates an activation. Not idempotent: the same label again is another one.
///
/// # Errors
///
/// 404 for an unknown key; 403 for every refusal, with only the text to distinguish them.
pub(super) fn activate(
    state: &mut State,
    call: &Call<'_>,
    body: &Json,
    seller: Option<Seller<'_>>,
) -> Result<Reply, Problem> {
    let request = fields(body, ActivateRequest::read)??;
    let id = find(state, seller, request.organization_id, &request.key)?;
    let now = state.now();
    check_activation(state.key(id).ok_or(Crash)?, now)?;
    let activation_id =
        state.add_activation(id, request.label, &request.conditions, &request.meta).ok_or(Crash)?;
    let key = state.key(id).ok_or(Crash)?;
    let mut document = activation_document(id, key.activation(activation_id).ok_or(Crash)?);
    document.meta = &request.meta;
    document.license_key =
        Some(Box::new(state.key_document(key, call.version)?.with_origin(key, call.version)));
    Ok(json(StatusCode::OK, &document)?)
}

/// The first failed check is reported, in this order: status, expiry, whether the key has activations at all, the
/// limit.
fn check_activation(key: &LicenseKey, now: Moment) -> Result<(), Problem> {
    let refuse = |detail| Err(Problem::named(StatusCode::FORBIDDEN, detail));
    if key.status != KeyStatus::Granted {
        return refuse("License key is no longer active. This license key can not be activated.");
    }
    if key.has_expired(now) {
        return refuse("License key has expired.");
    }
    let Some(limit) = key.limits.activations else {
        return refuse(
            "This license key does not support activations. \
             Use the /validate endpoint instead to check license validity.",
        );
    };
    if usize::try_from(limit).is_ok_and(|limit| key.activations.len() >= limit) {
        return refuse("License key activation limit already reached");
    }
    Ok(())
}

/// Deactivates, regardless of the key's status. The server reads the activation before it deletes it, so every
/// concurrent request that arrived before the deletion succeeds.
pub(super) fn deactivate(
    state: &mut State,
    call: &Call<'_>,
    body: &Json,
    seller: Option<Seller<'_>>,
) -> Result<Reply, Problem> {
    let request = fields(body, DeactivateRequest::read)??;
    let id = find(state, seller, request.organization_id, &request.key)?;
    if state.key(id).is_none_or(|key| key.activation(request.activation_id).is_none()) {
        let was_freed = state.overlaps.was_freed_after(call.arrival, id, request.activation_id);
        return if was_freed { Ok(no_content()) } else { Err(Problem::not_found()) };
    }
    state.overlaps.free(id, request.activation_id);
    let key = state.key_mut(id).ok_or(Crash)?;
    key.activations.retain(|activation| activation.id != request.activation_id);
    Ok(no_content())
}

/// Finds the key with this string, exactly as it is written. A seller finds only keys of its organizations; on the
/// portal's plane the organization is part of the body.
fn find(state: &State, seller: Option<Seller<'_>>, organization: Uuid, code: &str) -> Result<Uuid, Problem> {
    if seller.is_some_and(|seller| !seller.reaches(organization)) {
        return Err(Problem::not_found());
    }
    state.key_by_code(organization, code).ok_or_else(Problem::not_found)
}

impl ValidateRequest {
    /// An absent usage increment is 0. Unknown members are ignored.
    fn read(body: &Json) -> Parsed<Self> {
        let mut fields = Fields::of(body, Loc::root("body"))?;
        let key = fields.required("key", text);
        let organization_id = fields.required("organization_id", uuid4);
        let activation_id = fields.present("activation_id", null_or(uuid4)).flatten();
        let benefit_id = fields.present("benefit_id", null_or(uuid4)).flatten();
        let customer_id = fields.present("customer_id", null_or(uuid4)).flatten();
        let increment_usage = fields.present("increment_usage", null_or(at_least_zero)).flatten();
        let conditions = fields.present("conditions", metadata).unwrap_or_default();
        fields.finish(|| {
            Some(Self {
                key: key?,
                organization_id: organization_id?,
                activation_id,
                benefit_id,
                customer_id,
                increment_usage: increment_usage.unwrap_or(0),
                conditions,
            })
        })
    }
}

impl ActivateRequest {
    /// The label is required. Unknown members are ignored.
    fn read(body: &Json) -> Parsed<Self> {
        let mut fields = Fields::of(body, Loc::root("body"))?;
        let key = fields.required("key", text);
        let organization_id = fields.required("organization_id", uuid4);
        let label = fields.required("label", text);
        let conditions = fields.present("conditions", metadata).unwrap_or_default();
        let meta = fields.present("meta", metadata).unwrap_or_default();
        fields.finish(|| {
            Some(Self { key: key?, organization_id: organization_id?, label: label?, conditions, meta })
        })
    }
}

impl DeactivateRequest {
    /// All three members are required.
    fn read(body: &Json) -> Parsed<Self> {
        let mut fields = Fields::of(body, Loc::root("body"))?;
        let key = fields.required("key", text);
        let organization_id = fields.required("organization_id", uuid4);
        let activation_id = fields.required("activation_id", uuid4);
        fields.finish(|| {
            Some(Self { key: key?, organization_id: organization_id?, activation_id: activation_id? })
        })
    }
}
