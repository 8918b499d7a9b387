//! Changing license keys. A path that is a number is an id, any other is a code.
//!
//! Conversions differ from those of a creation: dates are what PHP can parse, and a limit that is no number becomes
//! unlimited (recordings of November 2026).

use crate::answer::Answer;
use crate::create::{already_exists, invalid_status};
use crate::moment;
use crate::php::{Members, Php, decode, member};
use crate::records::License;
use crate::request::Call;
use crate::site::DlmSim;
use crate::state::State;

/// What changes, member by member; absent for those that stay.
///
/// The inner `None` clears a member.
#[derive(Clone, Debug, Default)]
pub(crate) struct Changes {
    pub(crate) order_id: Option<Option<i64>>,
    pub(crate) product_id: Option<Option<i64>>,
    pub(crate) user_id: Option<Option<i64>>,
    pub(crate) valid_for: Option<Option<i64>>,
    pub(crate) license_key: Option<String>,
    pub(crate) expires_at: Option<Option<String>>,
    pub(crate) status: Option<i64>,
    pub(crate) activations_limit: Option<Option<i64>>,
}

/// Changes a key and returns it. An empty change is a 200 that leaves `updated_at` as it is; a body that is JSON but
/// no object is a program error of the plugin.
pub(crate) fn update(sim: &DlmSim, call: &Call, named: &str, given: &Members) -> Answer {
    // The body is read as JSON whatever its content type is, and the query does not count beside it.
    let members = match decode(&call.body) {
        Ok(Php::Array(members)) => members,
        Ok(_) => return Answer::fatal(),
        Err(_) => given.clone(),
    };
    let mut state = sim.state.lock();
    let old = match find(&state, named) {
        Ok(license) => license.clone(),
        Err(answer) => return answer,
    };
    let changes = match read(&state, &old, &members) {
        Ok(changes) => changes,
        Err(answer) => return answer,
    };
    let code = changes.license_key.clone().unwrap_or_else(|| old.license_key.clone());
    apply(&mut state, &old.license_key, &changes, moment::stored(sim.now()));
    match state.by_code(&code) {
        Some(license) => Answer::success(Php::Array(state.document(license, sim.now()))),
        None => Answer::hidden("server_error", "The updated license key could not be found.", 500),
    }
}

/// The key that the path names: by its id if that is a number, else by its code. A key whose code is a number can
/// therefore not be changed by its code.
pub(crate) fn find<'s>(state: &'s State, named: &str) -> Result<&'s License, Answer> {
    let is_id = Php::from(named).is_numeric();
    let found = if is_id { state.by_id(crate::php::parse_int(named)) } else { state.by_code(named) };
    found.ok_or_else(|| crate::licenses::not_found(named))
}

/// The changes of the given members.
///
/// # Errors
///
/// 409 for a code that another key has, 422 for a text that is no date, 400 for a status that is none, in this order.
fn read(state: &State, old: &License, given: &Members) -> Result<Changes, Answer> {
    let id = |name| member(given, name).map(|value| (!value.is_null()).then(|| value.to_int()));
    let mut changes = Changes {
        order_id: id("order_id").map(|id| id.map(i64::saturating_abs)),
        product_id: id("product_id").map(|id| id.map(i64::saturating_abs)),
        user_id: id("user_id").map(|id| id.map(i64::saturating_abs)),
        ..Changes::default()
    };
    changes.valid_for = member(given, "valid_for").map(|days| (!days.is_empty()).then(|| days.to_int()));
    if let Some(code) = member(given, "license_key").and_then(Php::to_text)
        && code != old.license_key
    {
        if has_duplicate(state, &code, old.id) {
            return Err(already_exists(&code));
        }
        changes.license_key = Some(code);
    }
    if let Some(expiry) = member(given, "expires_at") {
        changes.expires_at = Some(self::expiry(expiry)?);
    }
    if let Some(status) = member(given, "status") {
        let status = status.to_int();
        if !(1..=5).contains(&status) {
            return Err(invalid_status());
        }
        changes.status = Some(status);
    }
    let limit = member(given, "activations_limit");
    changes.activations_limit = limit.map(|limit| limit.is_numeric().then(|| limit.to_abs_int()));
    Ok(changes)
}

/// The expiry to store; `None` for an empty value. Everything that the server's parser of dates accepts is stored as
/// text.
///
/// # Errors
///
/// 422 in `data.code` for any other text; a program error for an array.
pub(crate) fn expiry(given: &Php) -> Result<Option<String>, Answer> {
    if given.is_empty() {
        return Ok(None);
    }
    let Some(text) = given.to_text() else { return Err(Answer::fatal()) };
    match moment::refusal(&text) {
        Some(message) => Err(Answer::hidden("data_error", message, 422)),
        None => Ok(Some(moment::from_text(&text))),
    }
}

/// Whether another key has a code, as far as the server finds out: its check skips every key whose id contains the
/// digits of this one's id, so key 1 may take the code of key 12.
pub(crate) fn has_duplicate(state: &State, code: &str, id: i64) -> bool {
    let digits = id.to_string();
    let mut others = state.readable().filter(|other| !other.id.to_string().contains(&digits));
    !state.switches.duplicates_allowed && others.any(|other| other.license_key == code)
}

/// Changes every key with the code, for the server updates by code and not by id.
pub(crate) fn apply(state: &mut State, code: &str, changes: &Changes, now: String) {
    let Changes {
        order_id,
        product_id,
        user_id,
        valid_for,
        license_key,
        expires_at,
        status,
        activations_limit,
    } = changes;
    let is_empty = order_id.is_none()
        && product_id.is_none()
        && user_id.is_none()
        && valid_for.is_none()
        && license_key.is_none()
        && expires_at.is_none()
        && status.is_none()
        && activations_limit.is_none();
    if is_empty {
        return;
    }
    for license in state.all_with_code(code) {
        license.order_id = order_id.unwrap_or(license.order_id);
        license.product_id = product_id.unwrap_or(license.product_id);
        license.user_id = user_id.unwrap_or(license.user_id);
        license.valid_for = valid_for.unwrap_or(license.valid_for);
        license.status = status.unwrap_or(license.status);
        license.activations_limit = activations_limit.unwrap_or(license.activations_limit);
        if let Some(expires_at) = expires_at {
            license.expires_at.clone_from(expires_at);
        }
        if let Some(license_key) = license_key {
            license.license_key.clone_from(license_key);
        }
        license.updated_at = Some(now.clone());
    }
}
