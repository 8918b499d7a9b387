//! Ids, license keys and tokens in the vendor's forms.

use anykey_sim_kit::RandomSequence;

/// A generator of ids, license keys, tokens and signing keys. They look random and are determined by the seed.
#[derive(Debug)]
pub(super) struct IdSource(RandomSequence);

impl IdSource {
    pub(super) const fn new(seed: u64) -> Self {
        Self(RandomSequence::new(seed))
    }

    /// A lower-case UUID of version 4.
    pub(super) fn uuid(&mut self) -> String {
        uuid::Builder::from_random_bytes(self.0.next_uuid_bytes()).into_uuid().to_string()
    }

    /// A license key without a scheme: 30 hexadecimal digits in groups of six, and the version.
    pub(super) fn license_key(&mut self) -> String {
        let group = |source: &mut Self| format!("{:06X}", source.0.next_u64() & 0xFF_FFFF);
        let groups: Vec<_> = (0..5).map(|_| group(self)).collect();
        format!("{}-V3", groups.join("-"))
    }

    /// A token with this prefix, such as `admin`.
    pub(super) fn token(&mut self, prefix: &str) -> String {
        let digits: String = (0..4).map(|_| format!("{:016x}", self.0.next_u64())).collect();
        format!("{prefix}-{digits}v3")
    }

    /// 32 bytes for a signing key.
    pub(super) fn seed(&mut self) -> [u8; 32] {
        self.0.bytes()
    }

    /// 12 bytes for an initialization vector.
    pub(super) fn nonce(&mut self) -> [u8; 12] {
        self.0.bytes()
    }
}

/// Whether `text` is a UUID in its usual form.
pub(super) fn is_uuid(text: &str) -> bool {
    text.len() == 36 && uuid::Uuid::try_parse(text).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_determined_by_the_seed_and_have_the_vendors_shapes() {
        let mut ids = IdSource::new(7);
        assert!(is_uuid(&ids.uuid()) && !is_uuid("fp-1"));
        assert_eq!(ids.license_key().len(), 37);
        assert!(ids.license_key().ends_with("-V3"));
        assert!(ids.token("prod").starts_with("prod-"));
        assert_eq!(IdSource::new(7).uuid(), IdSource::new(7).uuid());
    }
}
