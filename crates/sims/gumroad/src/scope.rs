/// What an OAuth token allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Scope {
    /// Everything.
    Account,
    /// Changes of licenses.
    EditProducts,
    /// Sales, subscribers and resource subscriptions.
    ViewSales,
    /// The seller's public profile, which is no use here.
    ViewProfile,
}

impl Scope {
    /// Whether a token with this scope may do what needs `required`.
    pub(super) fn allows(self, required: Self) -> bool {
        self == Self::Account || self == required
    }
}
