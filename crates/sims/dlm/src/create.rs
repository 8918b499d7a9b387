//! Creating license keys.
//!
//! The members are read with the conversions of PHP, and none of user, product and order has to exist. `valid_for`,
//! `source` and `id` are ignored (recordings of November 2026).

use crate::answer::Answer;
use crate::moment;
use crate::php::{Members, Php, set_member};
use crate::records::License;
use crate::site::DlmSim;
use crate::switches::Table;

/// The largest number that the columns for limits keep.
const MAX_LIMIT: i64 = 4_294_967_295;

/// Creates a key. The status is required, and checked before the code, the duplicate and the expiry.
///
/// `null` and an absent limit are unlimited, and so is 0; a negative limit loses its sign.
pub(crate) fn create(sim: &DlmSim, given: &Members) -> Answer {
    let number = |name| set_member(given, name).map(Php::to_abs_int);
    let text = |name| set_member(given, name).map(Php::sanitized);
    let mut license = License {
        order_id: number("order_id"),
        product_id: number("product_id"),
        user_id: number("user_id"),
        activations_limit: number("activations_limit"),
        license_key: text("license_key").unwrap_or_default(),
        source: 3,
        ..License::default()
    };
    let status = text("status").and_then(|text| status_number(&text));
    let expiry = text("expires_at").filter(|text| !Php::from(text.as_str()).is_empty());
    match status {
        Some(status) => license.status = status,
        None => return invalid_status(),
    }
    store(sim, license, expiry.as_deref(), |license, state| Php::Array(state.document(license, sim.now())))
}

/// The checks that both dialects share, in their order: the code, the duplicate, the expiry; then the key is stored.
///
/// `document` writes the answer in the form of the dialect.
pub(crate) fn store(
    sim: &DlmSim,
    mut license: License,
    expiry: Option<&str>,
    document: impl FnOnce(&License, &crate::state::State) -> Php,
) -> Answer {
    let code = license.license_key.clone();
    if Php::from(code.as_str()).is_empty() {
        return Answer::error(422, "data_error", "The license key is invalid.");
    }
    let mut state = sim.state.lock();
    if !state.switches.duplicates_allowed && state.by_code(&code).is_some() {
        return already_exists(&code);
    }
    if let Some(text) = expiry {
        if !moment::has_stored_form(text) {
            return Answer::hidden("data_error", "Invalid expires at date format", 422);
        }
        license.expires_at = Some(moment::from_text(text));
    }
    if !state.reads(Table::Licenses) {
        return Answer::hidden("server_error", format!("The license key '{code}' could not be added"), 500);
    }
    license.activations_limit = license.activations_limit.map(|limit| limit.min(MAX_LIMIT));
    license.created_at = moment::stored(sim.now());
    let id = state.insert(license);
    let created = state.licenses.iter().find(|license| license.id == id);
    created.map_or_else(Answer::fatal, |license| Answer::success(document(license, &state)))
}

/// 409 in `data.code`, so HTTP 500. Codes that differ in case are different.
pub(crate) fn already_exists(code: &str) -> Answer {
    Answer::hidden("data_error", format!("The license key '{code}' already exists"), 409)
}

/// 400 in `data.status`, so HTTP 400.
pub(crate) fn invalid_status() -> Answer {
    Answer::error(
        400,
        "data_error",
        "The license status is invalid. Possible values are: 1 for SOLD, 2 for DELIVERED, 3 for ACTIVE, 4 for INACTIVE, and 5 for DISABLED.",
    )
}

/// The status in a text: any way to write a whole number from 1 to 5, such as `3.0`; `None` for words and other
/// numbers.
fn status_number(text: &str) -> Option<i64> {
    let value = Php::from(text);
    let number = crate::php::numeric_prefix(text);
    (1..=5).find(|status| value.is_numeric() && number == crate::php::numeric_prefix(&status.to_string()))
}
