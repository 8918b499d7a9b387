use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use anykey_sim_kit::{KeyRecord, SimulatedVendor};
use bytes::Bytes;
use serde_json::Value;

/// Members of bodies that hold key codes and credentials, also of codes that no record has.
const SECRET_NAMES: [&str; 13] = [
    "access_token",
    "api_key",
    "certificate",
    "consumer_secret",
    "key",
    "license",
    "license_key",
    "licensekey",
    "password",
    "purchase_token",
    "secret",
    "session_token",
    "token",
];
/// What is shown of a body, in characters.
const LONGEST: usize = 4_000;

/// Masks the key codes and credentials of one vendor in texts.
///
/// It remembers codes that were rotated or deleted.
pub(crate) struct Mask {
    credentials: Vec<String>,
    codes: Mutex<HashMap<String, String>>,
}

impl Mask {
    pub(crate) fn of(vendor: &dyn SimulatedVendor) -> Self {
        let planes = vendor.planes();
        let secrets = planes.iter().flat_map(|plane| plane.secrets.iter());
        let credentials = secrets.map(|(_, secret)| secret.to_owned()).collect();
        Self { credentials, codes: Mutex::default() }
    }

    /// Masks the codes of these keys from now on.
    pub(crate) fn learn(&self, keys: &[KeyRecord]) {
        let mut codes = self.codes();
        for key in keys.iter().filter(|key| !codes.contains_key(key.code.expose())).collect::<Vec<_>>() {
            codes.insert(key.code.expose().to_owned(), key.code.masked().to_string());
        }
    }

    /// `text` without codes and credentials.
    pub(crate) fn text(&self, text: &str) -> String {
        let masked =
            self.credentials.iter().fold(text.to_owned(), |text, secret| text.replace(secret, "****"));
        let codes = self.codes();
        let mut result = String::with_capacity(masked.len());
        let mut word = String::new();
        for letter in masked.chars() {
            if letter.is_alphanumeric() || matches!(letter, '-' | '_') {
                word.push(letter);
            } else {
                push_word(&mut result, &mut word, &codes);
                result.push(letter);
            }
        }
        push_word(&mut result, &mut word, &codes);
        result
    }

    /// The body of a request or an answer without codes and credentials, as it is shown.
    pub(crate) fn body(&self, body: &Bytes) -> String {
        let Ok(text) = str::from_utf8(body) else { return format!("{} bytes that are no text", body.len()) };
        let text = match serde_json::from_str::<Value>(text) {
            Ok(mut value) => {
                self.mask_members(&mut value);
                serde_json::to_string_pretty(&value).unwrap_or_default()
            }
            Err(_) => self.pairs(text),
        };
        shortened(self.text(&text))
    }

    /// The path and query of a request without codes and credentials.
    pub(crate) fn target(&self, path_and_query: &str) -> String {
        match path_and_query.split_once('?') {
            None => self.text(path_and_query),
            Some((path, query)) => shortened(self.text(&format!("{path}?{}", self.pairs(query)))),
        }
    }

    /// A form or query with the values of secret names masked; any other text as it is.
    fn pairs(&self, text: &str) -> String {
        let pair = |pair: &str| match pair.split_once('=') {
            Some((name, value)) if is_secret(name) => format!("{name}={}", self.masked(value)),
            _ => pair.to_owned(),
        };
        text.split('&').map(pair).collect::<Vec<_>>().join("&")
    }

    fn mask_members(&self, value: &mut Value) {
        match value {
            Value::Array(items) => items.iter_mut().for_each(|item| self.mask_members(item)),
            Value::Object(members) => {
                for (name, member) in members {
                    match member {
                        Value::String(text) if is_secret(name) => *text = self.masked(text),
                        member => self.mask_members(member),
                    }
                }
            }
            _ => {}
        }
    }

    /// A secret, with its end where it is the code of a record.
    fn masked(&self, secret: &str) -> String {
        self.codes().get(secret).cloned().unwrap_or_else(|| "****".to_owned())
    }

    fn codes(&self) -> MutexGuard<'_, HashMap<String, String>> {
        self.codes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn push_word(result: &mut String, word: &mut String, codes: &HashMap<String, String>) {
    result.push_str(codes.get(word.as_str()).unwrap_or(word));
    word.clear();
}

fn is_secret(name: &str) -> bool {
    let name = name.rsplit(['[', '.']).next().unwrap_or(name).trim_end_matches(']');
    SECRET_NAMES.iter().any(|secret| name.eq_ignore_ascii_case(secret))
}

fn shortened(text: String) -> String {
    if text.chars().count() <= LONGEST {
        return text;
    }
    text.chars().take(LONGEST).chain(" … (shortened)".chars()).collect()
}
