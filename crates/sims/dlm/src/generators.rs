//! Generators: patterns of codes.

use crate::answer::Answer;
use crate::moment;
use crate::php::{Members, Php, member, parse_int, set_member};
use crate::records::Generator;
use crate::routes::{Action, Route};
use crate::site::DlmSim;

/// Lists, reads, creates, changes and deletes generators. As for keys, a list with any parameter finds nothing.
pub(crate) fn answer(sim: &DlmSim, route: &Route, given: &Members) -> Answer {
    let mut state = sim.state.lock();
    if route.action == Action::CreateGenerator {
        let mut generator = Generator { created_at: moment::stored(sim.now()), ..Generator::default() };
        if let Err(answer) = set(&mut generator, given, true) {
            return answer;
        }
        generator.id = state.next_generator;
        state.next_generator = generator.id.saturating_add(1);
        let document = generator.document();
        state.generators.push(generator);
        return Answer::success(document);
    }
    if route.action == Action::ListGenerators {
        let documents: Vec<_> = state.generators.iter().rev().map(Generator::document).collect();
        if documents.is_empty() || !given.is_empty() {
            return Answer::hidden("data_error", "No generators found for your query", 404);
        }
        return Answer::success(Php::list(documents));
    }
    let id = parse_int(&route.named);
    let Some(generator) = state.generators.iter_mut().find(|generator| generator.id == id) else {
        return not_found(&route.named);
    };
    match route.action {
        Action::UpdateGenerator => {
            if let Err(answer) = set(generator, given, false) {
                return answer;
            }
            generator.updated_at = Some(moment::stored(sim.now()));
            Answer::success(generator.document())
        }
        Action::DeleteGenerator => {
            state.generators.retain(|generator| generator.id != id);
            Answer::success(Php::Array(Vec::new()))
        }
        _ => Answer::success(generator.document()),
    }
}

pub(crate) fn not_found(named: &str) -> Answer {
    Answer::hidden("data_error", format!("The generator '{named}' could not be found."), 404)
}

/// Sets the given members; a new generator needs name, charset, chunks and chunk length.
///
/// # Errors
///
/// The numbers in the errors are texts here (`"422"`), unlike in those about keys. The texts say 99 where 100 is
/// accepted (source of version 1.8.3).
fn set(generator: &mut Generator, given: &Members, is_new: bool) -> Result<(), Answer> {
    let refuse = |message: &str| Err(Answer::hidden("data_error", message, "422"));
    let text = |name| set_member(given, name).map(Php::sanitized);
    let wanted = |name| is_new || member(given, name).is_some();
    if wanted("name") {
        match text("name").filter(|name| !name.is_empty()) {
            Some(name) => generator.name = name,
            None => {
                return refuse(if is_new { "Generator name is missing." } else { "Name can not be empty." });
            }
        }
    }
    if wanted("charset") {
        match text("charset").filter(|charset| !charset.is_empty()) {
            Some(charset) => generator.charset = charset,
            None => {
                return refuse(if is_new { "The charset is invalid." } else { "Charset can not be empty." });
            }
        }
    }
    let number =
        |name| member(given, name).filter(|value| value.is_numeric() && !value.is_empty()).map(Php::to_int);
    if wanted("chunks") {
        match number("chunks") {
            Some(chunks @ 1..=100) => generator.chunks = chunks,
            Some(_) => return refuse("Chunks should be between 1 and 99"),
            None => return refuse("Only integer values allowed for chunks."),
        }
    }
    if wanted("chunk_length") {
        match number("chunk_length") {
            Some(length @ 2..=100) => generator.chunk_length = length,
            Some(_) => return refuse("Chunk length should be between 2 and 99"),
            None => return refuse("Only integer values allowed for chunk length."),
        }
    }
    if let Some(days) = member(given, "expires_in") {
        generator.expires_in = match number("expires_in") {
            Some(days) if days > 1 => Some(days),
            _ if days.is_empty() => None,
            _ => return refuse("Expires in should be numeric and positive value larger than 1"),
        };
    }
    if let Some(limit) = member(given, "activations_limit") {
        generator.activations_limit = match number("activations_limit") {
            Some(limit) if limit > 0 => Some(limit),
            _ if limit.is_empty() => None,
            _ => return refuse("Time activated max should be numeric and positive value larger than 0"),
        };
    }
    for (name, place) in [
        ("separator", &mut generator.separator),
        ("prefix", &mut generator.prefix),
        ("suffix", &mut generator.suffix),
    ] {
        if member(given, name).is_some() {
            *place = text(name);
        }
    }
    Ok(())
}
