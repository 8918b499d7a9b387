//! Ids, key strings and API keys. The prefixes are those of the vendor's samples (2026).

use std::sync::Arc;

use anykey_sim_kit::RandomSequence;

const LETTERS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// A generator of ids, key strings and API keys. They look random and are determined by the seed.
#[derive(Debug)]
pub(super) struct IdSource {
    numbers: RandomSequence,
}

impl IdSource {
    pub(super) const fn new(seed: u64) -> Self {
        Self { numbers: RandomSequence::new(seed) }
    }

    /// A record's id: `prefix` and 22 letters and digits.
    pub(super) fn id(&mut self, prefix: &str) -> Arc<str> {
        format!("{prefix}{}", self.letters(22, 62)).into()
    }

    /// A key string: five groups of five upper-case letters and digits.
    pub(super) fn code(&mut self) -> Arc<str> {
        let groups: Vec<String> = (0..5).map(|_| self.letters(5, 36)).collect();
        groups.join("-").into()
    }

    /// The `trace_id` of an error.
    pub(super) fn trace_id(&mut self) -> String {
        uuid::Builder::from_random_bytes(self.numbers.next_uuid_bytes()).into_uuid().to_string()
    }

    /// The 24 bytes of a webhook secret.
    pub(super) fn secret_bytes(&mut self) -> [u8; 24] {
        self.numbers.bytes()
    }

    /// Letters of the first `alphabet` ones.
    fn letters(&mut self, count: usize, alphabet: u64) -> String {
        let letter =
            |number: u64| usize::try_from(number % alphabet).ok().and_then(|index| LETTERS.get(index));
        (0..count).filter_map(|_| letter(self.numbers.next_u64())).map(|byte| char::from(*byte)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_determined_by_the_seed() {
        let (mut one, mut same, mut other) = (IdSource::new(7), IdSource::new(7), IdSource::new(8));
        let id = one.id("lk_");
        assert_eq!((id.len(), &*id), (25, &*same.id("lk_")));
        assert_ne!(id, one.id("lk_"));
        assert_ne!(id, other.id("lk_"));
    }

    #[test]
    fn a_key_string_has_five_groups() {
        let code = IdSource::new(0).code();
        assert_eq!(code.split('-').map(str::len).collect::<Vec<_>>(), [5; 5]);
        assert_eq!(*code, code.to_uppercase());
    }
}
