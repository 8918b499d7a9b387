/// Whether something belongs to the vendor's test mode or to real sales.
///
/// Both modes are on one host. A key of either validates in the License API, which says in `test_mode` what it is;
/// an API key of one mode sees nothing of the other.
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
