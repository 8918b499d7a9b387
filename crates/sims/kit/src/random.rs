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
