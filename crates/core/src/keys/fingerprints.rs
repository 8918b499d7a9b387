//! Sets of fingerprints: one that takes little more memory than they do, and one that can lose some again.

use std::collections::HashSet;
use std::hash::{BuildHasherDefault, Hasher};

/// Stands for a record's id, or for a page token. Two of a million share one with a chance of about 1 in 37 million.
pub(super) type Fingerprint = u64;

/// How many fingerprints a bucket holds, on average, before each bucket is split into two.
const FULL: usize = 64;
/// The number of fingerprints for which a full bucket reserves more memory.
const STEP: usize = 8;

/// A set for few fingerprints at a time, which are not hashed a second time.
pub(super) type FewFingerprints = HashSet<Fingerprint, BuildHasherDefault<IdentityHasher>>;

/// Takes a fingerprint, which is a hash already, for its hash.
#[derive(Default)]
pub(super) struct IdentityHasher(u64);

impl Hasher for IdentityHasher {
    fn write(&mut self, bytes: &[u8]) {
        self.0 = bytes.iter().fold(self.0, |hash, byte| hash.rotate_left(8) ^ u64::from(*byte));
    }

    fn write_u64(&mut self, fingerprint: u64) {
        self.0 = fingerprint;
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

/// A set of fingerprints, in about ten bytes each at any size.
///
/// The first bits of a fingerprint are the index of its bucket. The standard library's set takes 9 to 18 bytes for
/// each, and 27 while its table grows, since both tables exist then; here only one bucket at a time is copied.
#[derive(Debug, Default)]
pub(super) struct Fingerprints {
    buckets: Vec<Vec<Fingerprint>>,
    /// How many bits make the index of a bucket.
    bits: u32,
    count: usize,
}

impl Fingerprints {
    pub(super) fn contains(&self, fingerprint: Fingerprint) -> bool {
        self.buckets.get(self.index(fingerprint)).is_some_and(|bucket| bucket.contains(&fingerprint))
    }

    /// Adds a fingerprint; whether it is new.
    pub(super) fn insert(&mut self, fingerprint: Fingerprint) -> bool {
        if self.contains(fingerprint) {
            return false;
        }
        if self.count >= self.buckets.len().saturating_mul(FULL) {
            self.grow();
        }
        let index = self.index(fingerprint);
        if let Some(bucket) = self.buckets.get_mut(index) {
            if bucket.len() == bucket.capacity() {
                bucket.reserve_exact(STEP);
            }
            bucket.push(fingerprint);
            self.count += 1;
        }
        true
    }

    pub(super) const fn len(&self) -> usize {
        self.count
    }

    /// The bucket of a fingerprint: its first bits.
    fn index(&self, fingerprint: Fingerprint) -> usize {
        let first = fingerprint.checked_shr(u64::BITS - self.bits).unwrap_or_default();
        usize::try_from(first).unwrap_or(usize::MAX)
    }

    /// Splits every bucket by one more bit.
    fn grow(&mut self) {
        if self.buckets.is_empty() {
            return self.buckets.push(Vec::new());
        }
        self.bits += 1;
        let bit = 1 << (u64::BITS - self.bits);
        let mut split = Vec::with_capacity(self.buckets.len().saturating_mul(2));
        for mut bucket in std::mem::take(&mut self.buckets) {
            let mut second: Vec<_> = bucket.extract_if(.., |fingerprint| *fingerprint & bit != 0).collect();
            bucket.shrink_to_fit();
            second.shrink_to_fit();
            split.extend([bucket, second]);
        }
        self.buckets = split;
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;
    use std::hash::{BuildHasher as _, RandomState};

    use super::*;

    #[test]
    fn what_was_added_is_known_and_nothing_else() {
        let hasher = RandomState::new();
        let (mut set, mut expected) = (Fingerprints::default(), HashSet::new());
        for number in 0..20_000_u64 {
            // Every third one is there already.
            let fingerprint = hasher.hash_one(number - if number % 3 == 2 { 2 } else { 0 });
            assert_eq!(set.contains(fingerprint), expected.contains(&fingerprint));
            assert_eq!(set.insert(fingerprint), expected.insert(fingerprint));
            assert_eq!(set.len(), expected.len());
        }
        assert!(expected.iter().all(|fingerprint| set.contains(*fingerprint)));
        assert!((20_000..40_000_u64).all(|number| !set.contains(hasher.hash_one(number))));
    }

    #[test]
    fn the_smallest_and_the_largest_fingerprints_are_kept_too() {
        let mut set = Fingerprints::default();
        for fingerprint in (0..500).chain(u64::MAX - 500..=u64::MAX) {
            assert!(set.insert(fingerprint));
        }
        assert!((0..500).chain(u64::MAX - 500..=u64::MAX).all(|fingerprint| !set.insert(fingerprint)));
    }

    #[test]
    fn a_fingerprint_takes_at_most_eleven_bytes_at_any_size() {
        let hasher = RandomState::new();
        let mut set = Fingerprints::default();
        for number in 1..=300_000_u64 {
            set.insert(hasher.hash_one(number));
            if number.is_multiple_of(5_000) {
                let slots: usize = set.buckets.iter().map(Vec::capacity).sum();
                let bytes = slots * 8 + set.buckets.capacity() * size_of::<Vec<u64>>();
                assert!(bytes <= set.len() * 11, "{bytes} bytes for {number}");
            }
        }
    }
}
