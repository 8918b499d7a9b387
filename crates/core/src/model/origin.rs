use std::fmt;
use std::sync::Arc;

/// Where a key comes from, as far as the vendor reports it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Origin {
    /// How the key came to be; `None` when the vendor does not report it.
    pub source: Option<KeySource>,
    /// The seller's account: Dodo's business (`bus_…`), Polar's organization. The same for most keys of a
    /// listing, so they share its text.
    pub seller: Option<Arc<str>>,
    /// The payment that bought it (Dodo `pay_…`); `None` for imported keys.
    pub payment: Option<Box<str>>,
    /// The subscription that keeps it alive (Dodo `sub_…`, Polar from version 2027-01 on validate).
    pub subscription: Option<Box<str>>,
    /// The order that bought it (Polar from version 2027-01 on validate).
    pub order: Option<Box<str>>,
    /// The grant that delivered it (Dodo `entg_…`); `None` where the vendor has none or this call does not
    /// tell.
    pub grant: Option<Box<str>>,
    /// What the grant was issued from (Dodo entitlement `ent_…`); present together with the grant.
    pub entitlement: Option<Box<str>>,
    /// The vendor's own word for why the key was taken away (Dodo `refund`, `subscription_on_hold` …),
    /// verbatim; `None` while it is not, or when this call does not report it.
    pub revocation: Option<Box<str>>,
}

/// How a key came to be.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum KeySource {
    /// Issued by a purchase. Dodo `auto`.
    Purchase,
    /// Imported by the seller with a code of its own. Dodo `import`.
    Import,
    /// Fulfilled by the seller's hand after a purchase. Dodo `manual`.
    Manual,
    /// A word that this version does not know, verbatim.
    Other(Box<str>),
}

impl fmt::Display for KeySource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Purchase => "purchase",
            Self::Import => "import",
            Self::Manual => "manual",
            Self::Other(word) => word,
        })
    }
}
