//! Listing, reading and deleting license keys.

use crate::answer::Answer;
use crate::filter::Filter;
use crate::php::{Members, Php};
use crate::site::DlmSim;
use crate::switches::Table;

pub(crate) fn list(sim: &DlmSim, given: &Members) -> Answer {
    let state = sim.state.lock();
    let now = sim.now();
    let filter = Filter::new(given);
    let found =
        state.readable().filter(|license| filter.as_ref().is_some_and(|filter| filter.matches(license)));
    let documents: Vec<_> = found.map(|license| Php::Array(state.document(license, now))).collect();
    if documents.is_empty() {
        return nothing_found();
    }
    Answer::success(Php::list(documents.into_iter().rev()))
}

pub(crate) fn nothing_found() -> Answer {
    Answer::hidden("data_error", "No licence keys found for your query.", 404)
}

pub(crate) fn get(sim: &DlmSim, code: &str) -> Answer {
    let state = sim.state.lock();
    let Some(license) = state.by_code(code) else { return not_found(code) };
    let mut members = state.document(license, sim.now());
    let seats = state.living(license.id).rev().map(|seat| Php::Array(seat.members(true)));
    members.push(("activations".to_owned(), Php::list(seats)));
    Answer::success(Php::Array(members))
}

pub(crate) fn not_found(code: &str) -> Answer {
    Answer::hidden("data_error", format!("The license key '{code}' could not be found"), 404)
}

/// Deletes every key with the code, and the activations of the first.
pub(crate) fn delete(sim: &DlmSim, code: &str) -> Answer {
    let mut state = sim.state.lock();
    let first = state.by_code(code).map(|license| license.id);
    let Some(first) = first.filter(|_| state.reads(Table::Licenses)) else {
        return Answer::hidden("server_error", format!("The license key '{code}' could not be found."), 500);
    };
    state.licenses.retain(|license| license.license_key != code);
    state.seats.retain(|seat| seat.license_id != first);
    Answer::success(Php::Array(Vec::new()))
}
