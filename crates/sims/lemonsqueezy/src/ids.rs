use std::sync::Arc;

use anykey_sim_kit::split_mix;

/// Makes ids, key strings and API keys: scattered to the eye, the same for the same seed.
#[derive(Debug)]
pub(super) struct IdSource {
    seed: u64,
    drawn: u64,
    last: u64,
}

impl IdSource {
    pub(super) const fn new(seed: u64) -> Self {
        Self { seed, drawn: 0, last: 10_000 }
    }

    /// A number that is greater than every one before it.
    pub(super) fn number(&mut self) -> u64 {
        self.last += 1 + self.draw() % 9;
        self.last
    }

    /// A lower-case UUID of version 4: a key string or an instance's identifier.
    pub(super) fn uuid(&mut self) -> Arc<str> {
        let bits = u128::from(self.draw()) << 64 | u128::from(self.draw());
        uuid::Builder::from_random_bytes(bits.to_be_bytes()).into_uuid().to_string().into()
    }

    /// An API key, in the outer form of the vendor's: three parts of a web token.
    pub(super) fn api_key(&mut self) -> String {
        let [head, body, tail] = [(); 3].map(|()| format!("{:016x}{:016x}", self.draw(), self.draw()));
        format!("eyJ0{head}.eyJh{body}.{tail}")
    }

    /// A webhook secret of 32 characters.
    pub(super) fn webhook_secret(&mut self) -> String {
        format!("{:016x}{:016x}", self.draw(), self.draw())
    }

    const fn draw(&mut self) -> u64 {
        self.drawn = self.drawn.wrapping_add(1);
        split_mix(self.seed, self.drawn)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_grow_and_follow_the_seed() {
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
