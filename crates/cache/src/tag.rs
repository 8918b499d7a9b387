//! Keyed hashes of requests, so that key codes are not stored.

use std::hash::{BuildHasher, Hasher, RandomState};

use anykey_core::{CustomerId, KeyCode, LicenseKeyId, MetadataValue, ValidateRequest};
use siphasher::sip128::{Hasher128, SipHasher24};

/// A 128-bit keyed hash. It reveals nothing about its input, and collisions do not occur in practice.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Tag(u128);

impl Tag {
    pub(crate) const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(u128::from_le_bytes(bytes))
    }

    pub(crate) const fn to_bytes(self) -> [u8; 16] {
        self.0.to_le_bytes()
    }

    /// The index of this tag in a table with `length` slots.
    pub(crate) fn index(self, length: usize) -> usize {
        let length = u128::try_from(length.max(1)).unwrap_or(u128::MAX);
        usize::try_from(self.0 % length).unwrap_or_default()
    }
}

/// Creates tags, with a random key of this cache or with that of all caches that share a second level.
pub(crate) struct Tagger([u8; 16]);

impl Tagger {
    pub(crate) fn new() -> Self {
        let half = || RandomState::new().hash_one("anykey-cache").to_le_bytes();
        let mut key = [0; 16];
        key.iter_mut().zip(half().into_iter().chain(half())).for_each(|(to, from)| *to = from);
        Self(key)
    }

    pub(crate) const fn with_key(key: [u8; 16]) -> Self {
        Self(key)
    }

    pub(crate) fn code(&self, code: &KeyCode) -> Tag {
        self.tag(b'c', |to| to.text(code.expose()))
    }

    pub(crate) fn key(&self, id: &LicenseKeyId) -> Tag {
        self.tag(b'k', |to| to.text(id.as_str()))
    }

    pub(crate) fn customer(&self, id: &CustomerId) -> Tag {
        self.tag(b'u', |to| to.text(id.as_str()))
    }

    /// The tag of a request that does not count usage: all its fields.
    pub(crate) fn request(&self, request: &ValidateRequest) -> Tag {
        self.tag(b'r', |to| {
            to.text(request.code.expose());
            to.optional(request.activation.as_ref().map(AsRef::as_ref));
            to.optional(request.product.as_ref().map(AsRef::as_ref));
            to.optional(request.customer.as_ref().map(AsRef::as_ref));
            to.number(b'p', u64::from(request.offline_proof));
            for (name, value) in &request.conditions {
                to.text(name);
                match value {
                    MetadataValue::Bool(value) => to.number(b'b', u64::from(*value)),
                    MetadataValue::Integer(value) => to.number(b'i', value.cast_unsigned()),
                    MetadataValue::Number(value) => to.number(b'n', value.to_bits()),
                    MetadataValue::Text(value) => {
                        to.kind(b't');
                        to.text(value);
                    }
                }
            }
        })
    }

    fn tag(&self, kind: u8, write: impl FnOnce(&mut Input)) -> Tag {
        let mut input = Input(SipHasher24::new_with_key(&self.0));
        input.kind(kind);
        write(&mut input);
        Tag(input.0.finish128().as_u128())
    }
}

/// Writes fields so that different sequences of fields have different bytes: a text with its length, a number with
/// its type. The bytes are the same on every machine.
struct Input(SipHasher24);

impl Input {
    fn kind(&mut self, kind: u8) {
        self.0.write_u8(kind);
    }

    fn text(&mut self, text: &str) {
        self.length(text.len().saturating_add(1));
        self.0.write(text.as_bytes());
    }

    fn optional(&mut self, text: Option<&str>) {
        match text {
            Some(text) => self.text(text),
            None => self.length(0),
        }
    }

    fn length(&mut self, length: usize) {
        self.0.write(&u64::try_from(length).unwrap_or(u64::MAX).to_le_bytes());
    }

    fn number(&mut self, kind: u8, value: u64) {
        self.kind(kind);
        self.0.write(&value.to_le_bytes());
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use anykey_core::Metadata;
    use anykey_core::adapter::KeyCodeExt as _;

    use super::*;

    const PINNED_TAG: u128 = 298_371_443_105_037_459_727_573_347_828_650_149_583;

    fn request(code: &str) -> ValidateRequest {
        ValidateRequest::new(KeyCode::verbatim(code))
    }

    fn with(value: impl Into<MetadataValue>) -> ValidateRequest {
        request("A").conditions(Metadata::from([("n".into(), value.into())]))
    }

    #[test]
    fn requests_that_differ_in_any_field_have_different_tags() {
        let tagger = Tagger::new();
        let requests = [
            request("A"),
            request("a"),
            request("AA"),
            request("A").activation(""),
            request("A").activation("x"),
            request("A").product("x"),
            request("A").customer("x"),
            request("Ax"),
            request("A").activation("x").product("y"),
            request("A").activation("xy"),
            request("A").activation("x\u{1}y").product("z"),
            request("A").activation("x").product("y\u{1}z"),
            with(1),
            with(2),
            with(1.0),
            with(true),
            with("1"),
            request("A").conditions(Metadata::from([("n1".into(), "".into())])),
            with(1).activation("x"),
            request("A").offline_proof(),
        ];
        let tags: HashSet<_> = requests.iter().map(|request| tagger.request(request)).collect();
        assert_eq!(tags.len(), requests.len());
        assert!(
            tagger.request(&request("A").activation("x")) == tagger.request(&request("A").activation("x"))
        );
    }

    #[test]
    fn tags_differ_by_kind_and_by_cache() {
        let tagger = Tagger::new();
        assert!(tagger.code(&KeyCode::verbatim("x")) != tagger.key(&"x".into()));
        assert!(tagger.key(&"x".into()) != tagger.customer(&"x".into()));
        assert!(tagger.key(&"x".into()) != Tagger::new().key(&"x".into()));
    }

    /// Processes of different versions may share a second level.
    #[test]
    fn the_tag_of_a_request_is_the_same_in_every_version() {
        let tag = Tagger::with_key([7; 16]).request(&with("1").activation("x").offline_proof());
        assert_eq!(tag.0, PINNED_TAG);
        assert!(Tag::from_bytes(tag.to_bytes()) == tag);
    }

    /// Two different requests would share an answer if a field were missing in the tag.
    #[test]
    fn the_tag_covers_every_field_of_a_request() {
        let printed = format!("{:#?}", request("A"));
        let names = printed.lines().filter_map(|line| line.strip_prefix("    ")?.split_once(": "));
        let names: Vec<_> = names.map(|(name, _)| name).collect();
        let known =
            ["code", "activation", "product", "customer", "increment_usage", "conditions", "offline_proof"];
        assert_eq!(names, known, "{printed}");
    }
}
