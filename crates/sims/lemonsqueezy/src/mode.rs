//! Test mode and real sales.

/// The vendor's test mode or real sales.
///
/// Both modes use the same host. Keys of both modes are valid in the License API, whose answers name the mode in
/// `test_mode`; an API key of one mode does not see the keys of the other.
///
/// A client that does not look at `test_mode` accepts test purchases, which cost nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Mode {
    /// Test purchases.
    #[default]
    Test,
    /// Real money.
    Live,
}

impl Mode {
    pub(super) const fn is_test(self) -> bool {
        matches!(self, Self::Test)
    }
}
