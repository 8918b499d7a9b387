use std::collections::HashMap;

const ENDING: &str = "license key that ends in ";

/// `text` with the vendors' random ids and codes replaced by labels of the same length, numbered by first
/// appearance: tables stay aligned, and what is the same stays the same.
///
/// So are the last characters of a code in a reply to a customer.
pub(crate) fn labelled(text: &str) -> String {
    let mut parts = text.split(ENDING);
    let first = parts.next().unwrap_or_default().to_owned();
    let text = parts.fold(first, |text, part| match part.split_at_checked(6) {
        Some((tail, rest)) if tail.is_ascii() => format!("{text}{ENDING}{}{rest}", "0".repeat(6)),
        _ => format!("{text}{ENDING}{part}"),
    });
    let mut labels = Labels::default();
    let mut out = String::with_capacity(text.len());
    let mut word = String::new();
    for character in text.chars() {
        if character.is_ascii_alphanumeric() || matches!(character, '_' | '-' | '*') {
            word.push(character);
        } else {
            out.push_str(&labels.label(&std::mem::take(&mut word)));
            out.push(character);
        }
    }
    out.push_str(&labels.label(&word));
    out
}

/// The words of `text` that are random, in order.
pub(crate) fn random_words(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '_' | '-' | '*'));
    words.filter(|word| random_part(word).is_some()).map(str::to_owned).collect()
}

#[derive(Default)]
struct Labels {
    known: HashMap<String, String>,
    made: HashMap<String, usize>,
}

impl Labels {
    fn label(&mut self, word: &str) -> String {
        let Some((kept, kind)) = random_part(word) else { return word.to_owned() };
        let random = &word[kept.len()..];
        let label = match self.known.get(word) {
            Some(label) => label.clone(),
            None => {
                let number = self.made.entry(kind.to_owned()).or_default();
                *number += 1;
                let label = format!("{number:0>width$}", width = random.len());
                self.known.insert(word.to_owned(), label.clone());
                label
            }
        };
        format!("{kept}{label}")
    }
}

/// An id of the same form that nothing has.
pub(crate) fn another(id: &str) -> String {
    if id.bytes().all(|digit| digit.is_ascii_digit()) {
        return format!("{id}999");
    }
    let at = id.find(|letter: char| matches!(letter, '0'..='9' | 'A'..='Z')).unwrap();
    let (before, rest) = id.split_at(at);
    let changed = if rest.starts_with('9') { '8' } else { '9' };
    format!("{before}{changed}{}", &rest[1..])
}

/// What stays of a word that is random for the rest, and its sort.
fn random_part(word: &str) -> Option<(&str, &str)> {
    if let Some(mask) = word.strip_prefix("****-") {
        return (mask.len() == 6).then(|| word.split_at(5)).map(|(kept, _)| (kept, "mask"));
    }
    let uuid_at = word.len().checked_sub(36).filter(|at| word.is_char_boundary(*at));
    if let Some((kept, uuid)) = uuid_at.map(|at| word.split_at(at))
        && is_uuid(uuid)
    {
        return Some((kept, "uuid"));
    }
    let kept = word.find('_').map_or("", |at| &word[..=at]);
    let random = &word[kept.len()..];
    let is_id = kept.len() <= 5 && kept.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    (is_id && is_random(random)).then_some((kept, kept))
}

/// Ids of vendors are long, and small letters are mixed with digits or capital letters.
fn is_random(word: &str) -> bool {
    let has = |what: fn(&u8) -> bool| word.bytes().any(|byte| what(&byte));
    word.len() >= 16
        && has(u8::is_ascii_lowercase)
        && (has(u8::is_ascii_digit) || has(u8::is_ascii_uppercase))
}

fn is_uuid(word: &str) -> bool {
    word.len() == 36 && word.bytes().all(|byte| byte == b'-' || byte.is_ascii_hexdigit())
}
