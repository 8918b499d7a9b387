//! The calls of the plugin License Manager for WooCommerce, as this one serves them where a filter turns that on.
//!
//! They name a key by its code only, cannot name a seat, and do not show what is disabled.
//!
//! Names are in camel case in answers and in snake case in requests, and a status is a word. What that plugin itself
//! answers differs again; only this one's form of its paths is simulated.

use crate::activations::check_key;
use crate::answer::Answer;
use crate::consumer::Endpoint;
use crate::create::{invalid_status, store};
use crate::licenses::{not_found, nothing_found};
use crate::moment;
use crate::php::{Members, Php, member, set_member};
use crate::records::{License, Seat};
use crate::request::Call;
use crate::routes::{Action, Route};
use crate::site::DlmSim;
use crate::state::State;
use crate::stored::StoredMeta;
use crate::update::{Changes, apply, expiry, find};

/// The calls of a license key; there is none to delete one, and of the generators only reading is simulated.
pub(crate) fn answer(sim: &DlmSim, call: &Call, route: &Route, given: &Members) -> Answer {
    let code = route.code(given);
    match route.action {
        Action::Licenses(Endpoint::List) => list(sim, given),
        Action::Licenses(Endpoint::Get) => {
            let state = sim.state.lock();
            state
                .by_code(&code)
                .map_or_else(|| not_found(&code), |license| Answer::success(document(license, &state)))
        }
        Action::Licenses(Endpoint::Create) => create(sim, given),
        Action::Licenses(Endpoint::Update) => update(sim, &route.named, given),
        Action::Licenses(Endpoint::Activate) => activate(sim, call, &code),
        Action::Licenses(Endpoint::Deactivate) => deactivate(sim, &code),
        Action::Licenses(_) => validate(sim, &code),
        _ => generator(sim, route),
    }
}

/// Every key, newest first. Any parameter finds nothing.
fn list(sim: &DlmSim, given: &Members) -> Answer {
    let state = sim.state.lock();
    let documents: Vec<_> = state.readable().map(|license| document(license, &state)).collect();
    if documents.is_empty() || !given.is_empty() {
        return nothing_found();
    }
    Answer::success(Php::list(documents.into_iter().rev()))
}

/// The number of the word in `status`, in any case; `None` for a number and for any other word.
fn status(given: &Members) -> Option<i64> {
    let word = member(given, "status").and_then(Php::to_text)?.to_lowercase();
    let place =
        ["sold", "delivered", "active", "inactive", "disabled"].iter().position(|known| *known == word)?;
    i64::try_from(place).ok()?.checked_add(1)
}

fn create(sim: &DlmSim, given: &Members) -> Answer {
    let Some(status) = status(given) else { return invalid_status() };
    let number = |name| set_member(given, name).map(Php::to_abs_int);
    let license = License {
        order_id: number("order_id"),
        product_id: number("product_id"),
        user_id: number("user_id"),
        activations_limit: number("times_activated_max"),
        license_key: set_member(given, "license_key").map(Php::sanitized).unwrap_or_default(),
        source: 3,
        status,
        ..License::default()
    };
    let expiry = set_member(given, "expires_at").map(Php::sanitized).filter(|text| !text.is_empty());
    store(sim, license, expiry.as_deref(), document)
}

/// Changes status, limit and expiry. A limit cannot be removed: `null` is ignored.
fn update(sim: &DlmSim, named: &str, given: &Members) -> Answer {
    let mut state = sim.state.lock();
    let old = match find(&state, named) {
        Ok(license) => license.clone(),
        Err(answer) => return answer,
    };
    let mut changes = Changes::default();
    if member(given, "status").is_some() {
        let Some(status) = status(given) else { return invalid_status() };
        changes.status = Some(status);
    }
    // Null is ignored.
    let limit = set_member(given, "times_activated_max");
    changes.activations_limit = limit.map(|limit| Some(limit.to_abs_int()));
    if let Some(given) = set_member(given, "expires_at") {
        match expiry(given) {
            Ok(expiry) => changes.expires_at = Some(expiry),
            Err(answer) => return answer,
        }
    }
    apply(&mut state, &old.license_key, &changes, moment::stored(sim.now()));
    find(&state, named).map_or_else(|answer| answer, |license| Answer::success(document(license, &state)))
}

/// Takes a seat with a fixed label. The answer has no token, so the caller cannot name the seat again.
fn activate(sim: &DlmSim, call: &Call, code: &str) -> Answer {
    let mut state = sim.state.lock();
    if let Err(answer) = check_key(&state, sim, code) {
        return answer;
    }
    let Some(license) = state.by_code(code).cloned() else { return not_found(code) };
    let id = state.next_seat;
    state.next_seat = id.saturating_add(1);
    let seat = Seat {
        id,
        token: state.new_token(),
        license_id: license.id,
        label: Some("Legacy Activation".to_owned()),
        source: 2,
        ip_address: "127.0.0.1".to_owned(),
        user_agent: call.user_agent(),
        meta: StoredMeta::default(),
        created_at: moment::stored(sim.now()),
        updated_at: None,
        deactivated_at: None,
    };
    state.seats.push(seat);
    Answer::success(document(&license, &state))
}

/// Frees the oldest living seat, whoever made it.
fn deactivate(sim: &DlmSim, code: &str) -> Answer {
    let mut state = sim.state.lock();
    let Some(license) = state.by_code(code).cloned() else { return not_found(code) };
    let Some(oldest) = state.living(license.id).next().map(|seat| seat.id) else {
        return Answer::error(404, "data_error", "License activation token could not be found.");
    };
    state.set_alive(oldest, false, sim.now());
    Answer::success(document(&license, &state))
}

/// The number of seats, free and taken, and nothing about status or expiry. A key without a limit has 0 remaining.
fn validate(sim: &DlmSim, code: &str) -> Answer {
    let state = sim.state.lock();
    let Some(license) = state.by_code(code) else { return not_found(code) };
    let used = state.used(license.id);
    let remaining = license.activations_limit.map_or(0, |limit| limit.saturating_sub(used).max(0));
    Answer::success(Php::object([
        ("timesActivated", used.into()),
        ("timesActivatedMax", license.activations_limit.into()),
        ("remainingActivations", remaining.into()),
    ]))
}

/// A key. `timesActivated` counts the dead activations too; that of a validation does not.
fn document(license: &License, state: &State) -> Php {
    // Dead seats count here too.
    let made = state.seats.iter().filter(|seat| seat.license_id == license.id).count();
    Php::object([
        ("id", license.id.into()),
        ("orderId", license.order_id.into()),
        ("productId", license.product_id.into()),
        ("userId", license.user_id.into()),
        ("licenseKey", license.license_key.clone().into()),
        ("expiresAt", license.expires_at.clone().into()),
        ("validFor", license.valid_for.unwrap_or(0).into()),
        ("source", license.source.into()),
        ("status", license.status.into()),
        ("timesActivated", i64::try_from(made).unwrap_or(i64::MAX).into()),
        ("timesActivatedMax", license.activations_limit.into()),
        ("createdAt", license.created_at.clone().into()),
        ("createdBy", Php::Null),
        ("updatedAt", license.updated_at.clone().into()),
        ("updatedBy", Php::Null),
    ])
}

fn generator(sim: &DlmSim, route: &Route) -> Answer {
    let state = sim.state.lock();
    let id = crate::php::parse_int(&route.named);
    let Some(generator) = state.generators.iter().find(|generator| generator.id == id) else {
        return crate::generators::not_found(&route.named);
    };
    Answer::success(Php::object([
        ("id", generator.id.into()),
        ("name", generator.name.clone().into()),
        ("charset", generator.charset.clone().into()),
        // The charset once more, on the recorded server.
        ("chunks", generator.charset.clone().into()),
        ("chunkLength", generator.chunk_length.into()),
        ("timesActivatedMax", generator.activations_limit.into()),
        ("separator", generator.separator.clone().into()),
        ("prefix", generator.prefix.clone().into()),
        ("suffix", generator.suffix.clone().into()),
        ("expiresIn", generator.expires_in.into()),
        ("createdAt", generator.created_at.clone().into()),
        ("createdBy", Php::Null),
        ("updatedAt", generator.updated_at.clone().into()),
        ("updatedBy", Php::Null),
    ]))
}
