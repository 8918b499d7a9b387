//! Activating, validating and deactivating. All three are GET.
//!
//! Each call checks everything before it changes anything, in the order of the recordings of November 2026: the
//! expiry comes before the status, and both before the seats. Only the deactivation of an expired key goes through.

use anykey_sim_kit::let_others_run;

use crate::answer::Answer;
use crate::moment;
use crate::php::{Members, Php, member, sanitize_text_field};
use crate::records::{License, Seat};
use crate::request::Call;
use crate::site::DlmSim;
use crate::state::State;
use crate::stored::{self, NotStored, StoredMeta};
use crate::switches::Table;

/// Takes a new seat, or the dead one of the parameter `token` again.
///
/// The plugin reads the use of a key, then stores the activation, without a lock between. With
/// [`Switches::overlapping_activations`](crate::Switches::overlapping_activations) that many calls wait in between,
/// so that they all read the same use; every other call counts those that wait.
pub(crate) async fn activate(sim: &DlmSim, call: &Call, given: &Members, code: &str) -> Answer {
    let token = member(given, "token").filter(|token| !token.is_empty()).and_then(Php::to_text);
    let checked = {
        let mut state = sim.state.lock();
        let mut checked = match &token {
            Some(token) => check_dead_seat(&state, sim, token, code).map(Some),
            None => check_key(&state, sim, code).map(|()| None),
        };
        let overlaps = checked.is_ok() && state.racing < state.switches.overlapping_activations;
        if !overlaps && checked.is_ok() && is_full_with_racing(&state, code) {
            checked = Err(full(code));
        }
        if overlaps {
            state.racing = state.racing.saturating_add(1);
        }
        checked.map(|seat| (seat, overlaps.then(|| Racing(sim.clone()))))
    };
    let seat = match checked {
        Ok((seat, racing)) => {
            if racing.is_some() {
                let_others_run().await;
            }
            seat
        }
        Err(answer) => return answer,
    };
    let mut state = sim.state.lock();
    let stored = match seat {
        Some(seat) => state.set_alive(seat, true, sim.now()).map(|seat| seat.id).ok_or(NotStored),
        None => store(&mut state, sim, call, given, code),
    };
    let seat = stored.ok().and_then(|id| state.seats.iter().find(|seat| seat.id == id));
    match seat {
        Some(seat) => Answer::success(state.seat_document(seat, false, sim.now())),
        None => Answer::error(500, "server_error", "Unable to activate key"),
    }
}

/// Whether the seats of a key are taken once the activations are stored that are on their way.
fn is_full_with_racing(state: &State, code: &str) -> bool {
    let license = state.by_code(code);
    let limit = license.and_then(|license| license.activations_limit).filter(|limit| *limit > 0);
    let used = license.map_or(0, |license| state.used(license.id));
    limit.is_some_and(|limit| used.saturating_add(state.racing.into()) >= limit)
}

/// An activation that has read a use that others may change before it is stored.
///
/// It leaves the race when it is dropped, also when the caller gave up waiting for the answer.
struct Racing(DlmSim);

impl Drop for Racing {
    fn drop(&mut self) {
        let mut state = self.0.state.lock();
        state.racing = state.racing.saturating_sub(1);
    }
}

/// Stores a new activation. The address is taken from `X-Forwarded-For` as it was sent (recording of November 2026).
///
/// # Errors
///
/// [`NotStored`] when the label or the metadata cannot be stored, or the table cannot be read. The answer is a
/// `server_error` without a seat.
fn store(
    state: &mut State,
    sim: &DlmSim,
    call: &Call,
    given: &Members,
    code: &str,
) -> Result<i64, NotStored> {
    let label = stored::label(member(given, "label"))?;
    let meta = StoredMeta::new(member(given, "meta"))?;
    let license_id = state.by_code(code).map(|license| license.id).ok_or(NotStored)?;
    if !state.reads(Table::Activations) {
        return Err(NotStored);
    }
    let forwarded = anykey_sim_kit::forwarded_for(&call.headers).map(sanitize_text_field);
    let id = state.next_seat;
    state.next_seat = id.saturating_add(1);
    let seat = Seat {
        id,
        token: state.new_token(),
        license_id,
        label,
        source: 2,
        ip_address: forwarded.unwrap_or_else(|| "127.0.0.1".to_owned()),
        user_agent: call.user_agent(),
        meta,
        created_at: moment::stored(sim.now()),
        updated_at: None,
        deactivated_at: None,
    };
    state.seats.push(seat);
    Ok(id)
}

/// The checks of a new activation, in their order: the key exists, has not expired, is not disabled, and has a free
/// seat.
///
/// # Errors
///
/// 404 `data_error`, 405 `license_expired`, 405 `license_disabled`, 404 `license_activation_limit_reached`.
pub(crate) fn check_key(state: &State, sim: &DlmSim, code: &str) -> Result<(), Answer> {
    let Some(license) = state.by_code(code) else {
        return Err(not_found(format!("The license key '{code}' could not be found")));
    };
    check_state(state, sim, license)?;
    if state.is_full(license) { Err(full(&license.license_key)) } else { Ok(()) }
}

/// The checks of an activation that is taken again: the token exists, is dead, belongs to the key with this code, and
/// the key is good. Label and metadata of the request do not count.
///
/// # Errors
///
/// 404 `data_error` for the token, of which only the message differs; then those of [`check_key`].
fn check_dead_seat(state: &State, sim: &DlmSim, token: &str, code: &str) -> Result<i64, Answer> {
    let Some(seat) = state.seat_by_token(token) else {
        return Err(not_found("License activation token could not be found."));
    };
    if seat.is_alive() {
        return Err(not_found("License activation token is already activated."));
    }
    let license = state.by_id(seat.license_id).ok_or_else(|| not_found("License could not be found."))?;
    if license.license_key != code {
        return Err(not_found("License invalid. Cheati'n huh?."));
    }
    check_state(state, sim, license)?;
    if state.is_full(license) { Err(full(&license.license_key)) } else { Ok(seat.id) }
}

/// Whether a key can take a seat by its expiry and its status. The message shows the expiry in the site's time zone,
/// although documents have UTC.
fn check_state(state: &State, sim: &DlmSim, license: &License) -> Result<(), Answer> {
    if let Some(end) = license.end().filter(|_| license.is_expired(sim.now())) {
        let end = moment::shown(end, &state.switches.zone);
        let message = format!("The license key expired at {end}.");
        return Err(Answer::error(405, "license_expired", message));
    }
    check_disabled(license)
}

fn check_disabled(license: &License) -> Result<(), Answer> {
    if license.is_disabled() {
        return Err(Answer::error(405, "license_disabled", "The license Key is disabled."));
    }
    Ok(())
}

/// 404, although the key exists: only the code of the error differs from that of an unknown key.
fn full(code: &str) -> Answer {
    let message = format!("License Key: {code} reached maximum activation count.");
    Answer::error(404, "license_activation_limit_reached", message)
}

/// The answer for a key or token that does not exist, also when the table cannot be read.
fn not_found(message: impl Into<String>) -> Answer {
    Answer::error(404, "data_error", message)
}

/// Shows an activation and its key with `success: true`, whatever their state is: also a dead activation, and one of
/// a disabled or expired key. The code of the key is no part of the request.
pub(crate) fn validate(sim: &DlmSim, token: &str) -> Answer {
    let state = sim.state.lock();
    let Some(seat) = state.seat_by_token(token) else { return not_found("License activation not found.") };
    if state.by_id(seat.license_id).is_none() {
        return not_found("License is invalid.");
    }
    Answer::success(state.seat_document(seat, true, sim.now()))
}

/// Frees a seat and keeps the activation with `deactivated_at`. A disabled key keeps its seats; an expired one frees
/// them.
pub(crate) fn deactivate(sim: &DlmSim, token: &str) -> Answer {
    let mut state = sim.state.lock();
    let Some(seat) = state.seat_by_token(token) else {
        return not_found("License activation token could not be found.");
    };
    if !seat.is_alive() {
        return not_found("License activation token is already deactivated.");
    }
    let Some(license) = state.by_id(seat.license_id) else { return not_found("License could not be found.") };
    if let Err(answer) = check_disabled(license) {
        return answer;
    }
    let id = seat.id;
    match state.set_alive(id, false, sim.now()).cloned() {
        Some(seat) => Answer::success(state.seat_document(&seat, false, sim.now())),
        None => Answer::error(500, "server_error", "Unable to deactivate license key"),
    }
}
