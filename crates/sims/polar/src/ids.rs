//! Ids, tokens and digests in the vendor's shapes.

use anykey_sim_kit::RandomSequence;
use uuid::{Builder, Uuid};

/// Characters after the prefix.
const TOKEN_LENGTH: usize = 43;
const ALPHABET: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// A generator of ids and tokens. They look random and are determined by the seed.
pub(super) struct Ids {
    numbers: RandomSequence,
}

impl Ids {
    /// A generator with this seed.
    pub(super) const fn seeded(seed: u64) -> Self {
        Self { numbers: RandomSequence::new(seed) }
    }

    /// A version 4 UUID.
    pub(super) fn uuid(&mut self) -> Uuid {
        Builder::from_random_bytes(self.numbers.next_uuid_bytes()).into_uuid()
    }

    /// An access token: `prefix`, then letters and digits.
    pub(super) fn token(&mut self, prefix: &str) -> String {
        let mut token = prefix.to_owned();
        for _ in 0..TOKEN_LENGTH {
            let place = usize::try_from(self.numbers.next_u64() % 62).unwrap_or_default();
            token.extend(ALPHABET.get(place).copied().map(char::from));
        }
        token
    }

    /// Bytes for a secret, determined by the seed.
    pub(super) fn bytes<const N: usize>(&mut self) -> [u8; N] {
        self.numbers.bytes()
    }
}

/// 64 hexadecimal digits determined by `text`, with the shape of a hash.
pub(super) fn digest_like(text: &str) -> String {
    let mut ids = Ids::seeded(hash(text.as_bytes()));
    (0..4).map(|_| format!("{:016x}", ids.numbers.next_u64())).collect()
}

/// A version 4 UUID determined by another one and a purpose.
pub(super) fn derived(id: Uuid, purpose: &str) -> Uuid {
    Ids::seeded(hash(&[id.as_bytes(), purpose.as_bytes()].concat())).uuid()
}

/// FNV-1a.
/// It only has to spread, not to be secure.
fn hash(bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .fold(0xCBF2_9CE4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01B3))
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn ids_are_version_4_and_determined_by_the_seed() {
        let mut ids = Ids::seeded(7);
        let made: HashSet<Uuid> = (0..1000).map(|_| ids.uuid()).collect();
        assert_eq!(made.len(), 1000);
        assert!(
            made.iter().all(|id| id.get_version_num() == 4 && id.get_variant() == uuid::Variant::RFC4122)
        );
        assert_eq!(Ids::seeded(7).uuid(), Ids::seeded(7).uuid());
        assert_ne!(Ids::seeded(7).uuid(), Ids::seeded(8).uuid());
    }

    #[test]
    fn tokens_differ_and_have_their_prefix() {
        let mut ids = Ids::seeded(7);
        let (one, two) = (ids.token("polar_oat_"), ids.token("polar_oat_"));
        assert!(one.starts_with("polar_oat_") && one.len() == 53);
        assert_ne!(one, two);
    }
}
