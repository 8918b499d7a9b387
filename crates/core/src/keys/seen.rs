//! Which records were read.

use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;

use super::fingerprints::{FewFingerprints, Fingerprint, Fingerprints};

/// The records that were handed out, and those of the present reading that nothing is missing before.
#[derive(Default)]
pub(super) struct Seen {
    hasher: RandomState,
    handed_out: Fingerprints,
    /// Handed out from a page that lies behind a gap.
    beyond: FewFingerprints,
    /// What was settled in this reading; `None` in the first, where it is all that is not beyond a gap.
    settled: Option<Fingerprints>,
}

impl Seen {
    pub(super) fn fingerprint(&self, text: &str) -> Fingerprint {
        self.hasher.hash_one(text)
    }

    /// Whether the record comes for the first time.
    pub(super) fn hand_out(&mut self, record: Fingerprint) -> bool {
        let is_new = self.handed_out.insert(record);
        if is_new {
            self.beyond.insert(record);
        }
        is_new
    }

    pub(super) fn is_settled(&self, record: Fingerprint) -> bool {
        match &self.settled {
            Some(settled) => settled.contains(record),
            None => self.handed_out.contains(record) && !self.beyond.contains(&record),
        }
    }

    /// Declares that nothing is missing before a record that was handed out; whether that is new.
    pub(super) fn settle(&mut self, record: Fingerprint) -> bool {
        let was_beyond = self.beyond.remove(&record);
        match &mut self.settled {
            Some(settled) => settled.insert(record),
            None => was_beyond,
        }
    }

    /// Begins a further reading of the same listing.
    pub(super) fn read_again(&mut self) {
        self.beyond.clear();
        self.settled = Some(Fingerprints::default());
    }

    /// How many records were handed out.
    pub(super) fn count(&self) -> u64 {
        u64::try_from(self.handed_out.len()).unwrap_or(u64::MAX)
    }

    /// How many of them came in this reading.
    pub(super) fn count_of_this_reading(&self) -> u64 {
        let count = self.settled.as_ref().map_or(self.handed_out.len(), Fingerprints::len);
        u64::try_from(count).unwrap_or(u64::MAX)
    }
}
