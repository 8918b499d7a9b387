//! What tokens may do.

/// What an OAuth token allows.
///
/// Three of them are needed here (server code, 2025): changes of licenses need [`EditProducts`](Self::EditProducts),
/// lists and pings [`ViewSales`](Self::ViewSales), and [`Account`](Self::Account) is accepted everywhere.
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
