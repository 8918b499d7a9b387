//! Ids, key strings and API keys that look like the vendor's.

use std::sync::Arc;

use anykey_sim_kit::RandomSequence;

const ALPHABET: &[u8; 64] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_";
/// The vendor's samples have 21 characters after the prefix (2026); clients should not depend on it.
const ID_LENGTH: usize = 21;
const TOKEN_LENGTH: usize = 40;

/// A generator of ids, key strings and API keys. They look random and are determined by the seed.
#[derive(Debug)]
pub(super) struct IdSource {
    numbers: RandomSequence,
}

impl IdSource {
    pub(super) const fn new(seed: u64) -> Self {
        Self { numbers: RandomSequence::new(seed) }
    }

    /// A vendor id such as `lic_bL8HwBAMfuQKS8HODxegO`.
    pub(super) fn id(&mut self, prefix: &str) -> Arc<str> {
        self.text(prefix, ID_LENGTH).into()
    }

    /// An API key of the environment named `word`.
    pub(super) fn api_key(&mut self, word: &str) -> String {
        self.text(word, TOKEN_LENGTH)
    }

    /// A license key string: a lower-case UUID of version 4.
    pub(super) fn key_code(&mut self) -> Arc<str> {
        uuid::Builder::from_random_bytes(self.numbers.next_uuid_bytes()).into_uuid().to_string().into()
    }

    /// Bytes for a secret, determined by the seed.
    pub(super) fn bytes<const N: usize>(&mut self) -> [u8; N] {
        self.numbers.bytes()
    }

    fn text(&mut self, prefix: &str, length: usize) -> String {
        let mut text = String::with_capacity(prefix.len() + 1 + length);
        text.push_str(prefix);
        text.push('_');
        let bytes = std::iter::repeat_with(|| self.numbers.next_u64().to_be_bytes()).flatten();
        let letters = bytes.filter_map(|byte| ALPHABET.get(usize::from(byte % 64)));
        text.extend(letters.take(length).copied().map(char::from));
        text
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn ids_have_the_vendors_format_and_are_determined_by_the_seed() {
        let mut ids = IdSource::new(7);
        let id = ids.id("lic");
        let tail = id.strip_prefix("lic_").unwrap();
        assert_eq!(tail.len(), 21);
        assert!(tail.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')));
        assert_eq!(IdSource::new(7).id("lic"), id);
        assert_ne!(IdSource::new(8).id("lic"), id);
    }

    #[test]
    fn key_codes_are_lower_case_uuids_of_version_four() {
        let mut ids = IdSource::new(0);
        let codes: HashSet<_> = (0..1000).map(|_| ids.key_code()).collect();
        assert_eq!(codes.len(), 1000);
        for code in codes {
            assert_eq!(uuid::Uuid::parse_str(&code).unwrap().get_version_num(), 4);
            assert_eq!(*code, code.to_lowercase());
        }
    }
}
