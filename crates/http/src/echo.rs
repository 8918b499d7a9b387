//! Texts of a request that an error must not repeat.

use bytes::Bytes;
use serde_json::Value;

/// Shorter texts are in many ids by chance.
const SHORTEST: usize = 6;

/// What a request carried that must not come back in an error: every text of its body, and the ids in its path. A
/// gateway may build its request ids or error codes from what it was sent, license key included.
#[derive(Clone, Default)]
pub(crate) struct Sent {
    /// A JSON body; empty for any other.
    pub(crate) body: Bytes,
    /// The values of a form, and the ids in the path.
    pub(crate) texts: Vec<String>,
}

impl Sent {
    /// Whether `text` repeats a part of the request, whatever its ASCII case.
    pub(crate) fn is_in(&self, text: &str) -> bool {
        let text = text.to_ascii_lowercase();
        let repeats = |sent: &str| sent.len() >= SHORTEST && text.contains(&sent.to_ascii_lowercase());
        let mut found = self.texts.clone();
        texts(serde_json::from_slice(&self.body).unwrap_or_default(), &mut found);
        found.iter().any(|sent| repeats(sent))
    }
}

/// All texts in a JSON body, at any depth. Names of members are not among them.
fn texts(json: Value, found: &mut Vec<String>) {
    match json {
        Value::String(text) => found.push(text),
        Value::Array(items) => items.into_iter().for_each(|item| texts(item, found)),
        Value::Object(members) => members.into_iter().for_each(|(_, member)| texts(member, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_of_the_body_or_an_id_of_the_path_is_known_again() {
        let body = Bytes::from_static(br#"{"key":"ABCD-1234","meta":{"hosts":["build-box"]},"n":123456}"#);
        let sent = Sent { body, texts: vec!["lic_77777".to_owned()] };
        for text in ["ABCD-1234", "req-abcd-1234-9", "x.lic_77777", "on BUILD-BOX"] {
            assert!(sent.is_in(text), "{text}");
        }
        for text in ["", "req-1", "ABCD-123", "123456", "key", "LICENSE_KEY_NOT_FOUND"] {
            assert!(!sent.is_in(text), "{text}");
        }
        assert!(!Sent::default().is_in("anything"));
    }
}
