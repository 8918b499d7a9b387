use std::sync::Arc;

const ALPHABET: &[u8; 64] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_";
const ID_LENGTH: usize = 21;
const TOKEN_LENGTH: usize = 40;

/// A generator of ids, key strings and API keys. They look random and are determined by the seed.
#[derive(Debug)]
pub(super) struct IdSource {
    seed: u64,
    drawn: u64,
}

impl IdSource {
    pub(super) const fn new(seed: u64) -> Self {
        Self { seed, drawn: 0 }
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
        let bits = u128::from(self.draw()) << 64 | u128::from(self.draw());
        uuid::Builder::from_random_bytes(bits.to_be_bytes()).into_uuid().to_string().into()
    }

    /// Bytes for a secret, determined by the seed.
    pub(super) fn bytes<const N: usize>(&mut self) -> [u8; N] {
        std::array::from_fn(|_| {
            let [first, ..] = self.draw().to_be_bytes();
            first
        })
    }

    fn text(&mut self, prefix: &str, length: usize) -> String {
        let mut text = String::with_capacity(prefix.len() + 1 + length);
        text.push_str(prefix);
        text.push('_');
        let bytes = std::iter::repeat_with(|| self.draw().to_be_bytes()).flatten();
        let letters = bytes.filter_map(|byte| ALPHABET.get(usize::from(byte % 64)));
        text.extend(letters.take(length).copied().map(char::from));
        text
    }

    /// The next number of the SplitMix64 sequence.
    fn draw(&mut self) -> u64 {
        self.drawn = self.drawn.wrapping_add(1);
        let mut bits = self.seed.wrapping_add(self.drawn.wrapping_mul(0x9E37_79B9_7F4A_7C15));
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        bits ^ (bits >> 31)
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
