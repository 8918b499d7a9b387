//! Codes of a generator, shown or saved as keys.
//!
//! Without `save` the codes are shown and nothing is stored. With it they become keys, and the answer has the codes
//! alone, without ids.

use anykey_core::SignedDuration;

use crate::answer::Answer;
use crate::generators::not_found;
use crate::moment;
use crate::php::{Members, Php, parse_int, set_member};
use crate::records::{Generator, License};
use crate::site::DlmSim;
use crate::state::State;

/// Makes `amount` codes that no key has. More codes than the pattern allows is a program error of the plugin.
pub(crate) fn generate(sim: &DlmSim, named: &str, given: &Members) -> Answer {
    let mut state = sim.state.lock();
    let id = parse_int(named);
    let Some(generator) = state.generators.iter().find(|generator| generator.id == id).cloned() else {
        return not_found(named);
    };
    let amount = set_member(given, "amount").map_or(1, Php::to_abs_int);
    if !is_possible(&generator, amount) {
        return Answer::fatal();
    }
    let mut codes: Vec<String> = Vec::new();
    for _ in 0..amount {
        let code = loop {
            let code = next_code(&mut state, &generator);
            if state.by_code(&code).is_none() && !codes.contains(&code) {
                break code;
            }
        };
        codes.push(code);
    }
    if set_member(given, "save").is_some_and(|save| !save.is_empty()) {
        save(sim, &mut state, &generator, given, &codes);
    }
    Answer::success(Php::list(codes.into_iter().map(Php::from)))
}

/// Stores the codes as keys, which end `expires_in` days from now. The status has to be a word here, while a creation
/// takes a number: anything else is 4, inactive (recording of November 2026).
fn save(sim: &DlmSim, state: &mut State, generator: &Generator, given: &Members, codes: &[String]) {
    // The status has to be a word here: anything else is inactive.
    let word = set_member(given, "status").and_then(Php::to_text).unwrap_or_default().to_lowercase();
    let status =
        ["sold", "delivered", "active", "inactive", "disabled"].iter().position(|known| *known == word);
    let status =
        status.and_then(|place| i64::try_from(place).ok()).map_or(4, |place| place.saturating_add(1));
    let hours = generator.expires_in.and_then(|days| days.checked_mul(24));
    let end = hours.and_then(|hours| sim.now().checked_add(SignedDuration::from_hours(hours)).ok());
    for code in codes {
        let license = License {
            // Without WooCommerce an order and a product are dropped.
            user_id: set_member(given, "user_id").map(Php::to_abs_int),
            license_key: code.clone(),
            expires_at: end.map(moment::stored),
            source: 3,
            status,
            activations_limit: generator.activations_limit,
            created_at: moment::stored(sim.now()),
            ..License::default()
        };
        state.insert(license);
    }
}

/// Whether the pattern has at least `amount` codes.
fn is_possible(generator: &Generator, amount: i64) -> bool {
    let letters = i64::try_from(generator.charset.chars().count()).unwrap_or(i64::MAX);
    let length = generator.chunks.saturating_mul(generator.chunk_length);
    let count = u32::try_from(length).map_or(i64::MAX, |length| letters.saturating_pow(length));
    letters > 0 && amount > 0 && amount <= count
}

/// A code of the pattern: prefix, chunks with the separator between, suffix.
fn next_code(state: &mut State, generator: &Generator) -> String {
    if let Some(code) = state.next_codes.pop_front() {
        return code;
    }
    let chunks: Vec<String> = (0..generator.chunks)
        .map(|_| (0..generator.chunk_length).filter_map(|_| state.pick(&generator.charset)).collect())
        .collect();
    let separator = generator.separator.as_deref().unwrap_or_default();
    let part = |part: &Option<String>| part.clone().unwrap_or_default();
    format!("{}{}{}", part(&generator.prefix), chunks.join(separator), part(&generator.suffix))
}
