/// The `index`-th number of the SplitMix64 sequence of `seed`.
///
/// A pure function: simulators with the same seed generate the same ids and faults. The numbers are evenly
/// distributed and not secret.
///
/// ```
/// use anykey_sim_kit::split_mix;
///
/// assert_eq!(split_mix(7, 1), split_mix(7, 1));
/// assert_ne!(split_mix(7, 1), split_mix(7, 2));
/// ```
#[must_use]
pub const fn split_mix(seed: u64, index: u64) -> u64 {
    let mut bits = seed.wrapping_add(index.wrapping_mul(0x9E37_79B9_7F4A_7C15));
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    bits ^ (bits >> 31)
}

/// The numbers of [`split_mix`] for one seed, one after the other: the source of a simulator's ids and secrets.
///
/// ```
/// use anykey_sim_kit::{RandomSequence, split_mix};
///
/// let mut numbers = RandomSequence::new(7);
/// assert_eq!([numbers.next_u64(), numbers.next_u64()], [split_mix(7, 1), split_mix(7, 2)]);
/// ```
#[derive(Clone, Debug)]
pub struct RandomSequence {
    seed: u64,
    index: u64,
}

impl RandomSequence {
    /// The sequence of this seed, from its start.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self { seed, index: 0 }
    }

    /// The next 64 bits.
    pub const fn next_u64(&mut self) -> u64 {
        self.index = self.index.wrapping_add(1);
        split_mix(self.seed, self.index)
    }

    /// The next 16 bytes, such as those of a UUID.
    pub fn next_uuid_bytes(&mut self) -> [u8; 16] {
        let bits = u128::from(self.next_u64()) << 64 | u128::from(self.next_u64());
        bits.to_be_bytes()
    }

    /// Bytes for a secret: the first of each of the next `N` numbers.
    pub fn bytes<const N: usize>(&mut self) -> [u8; N] {
        std::array::from_fn(|_| {
            let [first, ..] = self.next_u64().to_be_bytes();
            first
        })
    }
}
