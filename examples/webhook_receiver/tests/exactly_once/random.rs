/// SplitMix64: the same doings on every run.
#[derive(Debug)]
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        let bound = u64::try_from(bound).unwrap();
        usize::try_from((bits ^ (bits >> 31)) % bound).unwrap()
    }

    /// A place in a list of `count`; every other time one of the last. What changes again soon is what deliveries
    /// overtake each other about.
    pub(crate) fn often_recent(&mut self, count: usize) -> usize {
        match self.below(2) {
            0 => self.below(count),
            _ => count - 1 - self.below(count.min(8)),
        }
    }
}
