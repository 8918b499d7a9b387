//! Listing, reading and deleting license keys.

use crate::answer::Answer;
use crate::filter::Filter;
use crate::php::{Members, Php};
use crate::site::DlmSim;
use crate::switches::Table;

/// Every key that matches, newest first, without its activations. There are no pages and no total.
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

/// The answer instead of an empty list: no key, no match, an error of the database.
pub(crate) fn nothing_found() -> Answer {
    Answer::hidden("data_error", "No licence keys found for your query.", 404)
}

/// A key by its code, with its living activations, newest first. A number in the path is a code here, while an update
/// takes it for an id.
pub(crate) fn get(sim: &DlmSim, code: &str) -> Answer {
    let state = sim.state.lock();
    let Some(license) = state.by_code(code) else { return not_found(code) };
    let mut members = state.document(license, sim.now());
    let seats = state.living(license.id).rev().map(|seat| Php::Array(seat.members(true)));
    members.push(("activations".to_owned(), Php::list(seats)));
    Answer::success(Php::Array(members))
}

/// 404 in `data.code`, so HTTP 500.
pub(crate) fn not_found(code: &str) -> Answer {
    Answer::hidden("data_error", format!("The license key '{code}' could not be found"), 404)
}

/// Deletes every key with the code, and the activations of the first.
///
/// An unknown key is a `server_error` with 500 here, not the `data_error` with 404 of the other calls. A key cannot
/// be deleted by its id.
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
