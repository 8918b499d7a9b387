//! Ids, key strings and API keys. Ids are numbers that rise with time, as in the vendor's samples.

use std::sync::Arc;

use anykey_sim_kit::RandomSequence;

/// A generator of ids, key strings and API keys. They look random and are determined by the seed.
#[derive(Debug)]
pub(super) struct IdSource {
    numbers: RandomSequence,
    last: u64,
}

impl IdSource {
    pub(super) const fn new(seed: u64) -> Self {
        Self { numbers: RandomSequence::new(seed), last: 10_000 }
    }

    /// A number greater than all previous ones.
    pub(super) fn number(&mut self) -> u64 {
        self.last += 1 + self.numbers.next_u64() % 9;
        self.last
    }

    /// A lower-case UUID of version 4: a key string or an instance's identifier.
    pub(super) fn uuid(&mut self) -> Arc<str> {
        uuid::Builder::from_random_bytes(self.numbers.next_uuid_bytes()).into_uuid().to_string().into()
    }

    /// An API key with the shape of a web token: three parts.
    pub(super) fn api_key(&mut self) -> String {
        let [head, body, tail] =
            [(); 3].map(|()| format!("{:016x}{:016x}", self.numbers.next_u64(), self.numbers.next_u64()));
        format!("eyJ0{head}.eyJh{body}.{tail}")
    }

    /// A webhook secret of 32 characters.
    pub(super) fn webhook_secret(&mut self) -> String {
        format!("{:016x}{:016x}", self.numbers.next_u64(), self.numbers.next_u64())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_increase_and_are_determined_by_the_seed() {
        let (mut one, mut same, mut other) = (IdSource::new(7), IdSource::new(7), IdSource::new(8));
        let first = one.number();
        assert!(one.number() > first);
        assert_eq!(same.number(), first);
        assert_ne!(other.uuid(), same.uuid());
    }

    #[test]
    fn key_strings_are_lower_case_uuids_of_version_four() {
        let code = IdSource::new(0).uuid();
        assert_eq!(uuid::Uuid::parse_str(&code).unwrap().get_version_num(), 4);
        assert_eq!(*code, code.to_lowercase());
    }
}
