//! What a request is called in memory: a keyed hash, so that no code has to be kept.

use std::hash::{BuildHasher, Hasher, RandomState};

use anykey_core::{CustomerId, KeyCode, LicenseKeyId, MetadataValue, ValidateRequest};
use siphasher::sip128::{Hasher128, SipHasher24};

/// A 128-bit keyed hash. It tells nothing about what it was made of, and two inputs never meet.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Tag(u128);

impl Tag {
    /// The place of this tag in a table with `length` places.
    pub(crate) fn place(self, length: usize) -> usize {
        let length = u128::try_from(length.max(1)).unwrap_or(u128::MAX);
        usize::try_from(self.0 % length).unwrap_or_default()
    }
}

/// Makes tags with a key that this cache drew for itself.
pub(crate) struct Tagger([u8; 16]);

impl Tagger {
    pub(crate) fn new() -> Self {
        let half = || RandomState::new().hash_one("anykey-cache").to_le_bytes();
        let mut key = [0; 16];
        key.iter_mut().zip(half().into_iter().chain(half())).for_each(|(to, from)| *to = from);
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

    /// The whole of a request that counts nothing.
    pub(crate) fn request(&self, request: &ValidateRequest) -> Tag {
        self.tag(b'r', |to| {
            to.text(request.code.expose());
            to.optional(request.activation.as_ref().map(AsRef::as_ref));
            to.optional(request.product.as_ref().map(AsRef::as_ref));
            to.optional(request.customer.as_ref().map(AsRef::as_ref));
            for (name, value) in &request.conditions {
                to.text(name);
                match value {
                    MetadataValue::Bool(value) => to.number(b'b', u64::from(*value)),
                    MetadataValue::Integer(value) => to.number(b'i', value.cast_unsigned()),
                    MetadataValue::Number(value) => to.number(b'n', value.to_bits()),
                    MetadataValue::Text(value) => {
                        to.sort(b't');
                        to.text(value);
                    }
                }
            }
        })
    }

    fn tag(&self, sort: u8, write: impl FnOnce(&mut Input)) -> Tag {
        let mut input = Input(SipHasher24::new_with_key(&self.0));
        input.sort(sort);
        write(&mut input);
        Tag(input.0.finish128().as_u128())
    }
}

/// Writes parts so that no two sequences of parts look alike: a text comes with its length, and a number with
/// its sort.
struct Input(SipHasher24);

impl Input {
    fn sort(&mut self, sort: u8) {
        self.0.write_u8(sort);
    }

    fn text(&mut self, text: &str) {
        self.0.write_usize(text.len().saturating_add(1));
        self.0.write(text.as_bytes());
    }

    fn optional(&mut self, text: Option<&str>) {
        match text {
            Some(text) => self.text(text),
            None => self.0.write_usize(0),
        }
    }

    fn number(&mut self, sort: u8, value: u64) {
        self.sort(sort);
        self.0.write_u64(value);
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use anykey_core::Metadata;
    use anykey_core::adapter::KeyCodeExt as _;

    use super::*;

    fn request(code: &str) -> ValidateRequest {
        ValidateRequest::new(KeyCode::verbatim(code))
    }

    fn with(value: impl Into<MetadataValue>) -> ValidateRequest {
        request("A").conditions(Metadata::from([("n".into(), value.into())]))
    }

    #[test]
    fn requests_that_differ_in_anything_have_tags_of_their_own() {
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
        ];
        let tags: HashSet<_> = requests.iter().map(|request| tagger.request(request)).collect();
        assert_eq!(tags.len(), requests.len());
        assert!(
            tagger.request(&request("A").activation("x")) == tagger.request(&request("A").activation("x"))
        );
    }

    #[test]
    fn each_sort_of_name_and_each_cache_has_tags_of_its_own() {
        let tagger = Tagger::new();
        assert!(tagger.code(&KeyCode::verbatim("x")) != tagger.key(&"x".into()));
        assert!(tagger.key(&"x".into()) != tagger.customer(&"x".into()));
        assert!(tagger.key(&"x".into()) != Tagger::new().key(&"x".into()));
    }

    /// A field that is not part of the tag would let two different requests share an answer.
    #[test]
    fn there_is_no_field_that_the_tag_does_not_know() {
        let printed = format!("{:#?}", request("A"));
        let names = printed.lines().filter_map(|line| line.strip_prefix("    ")?.split_once(": "));
        let names: Vec<_> = names.map(|(name, _)| name).collect();
        let known = ["code", "activation", "product", "customer", "increment_usage", "conditions"];
        assert_eq!(names, known, "{printed}");
    }
}
