use std::fmt;

use anykey_core::LicenseProvider;

/// Where a seat was taken: the vendor, and the seller's account there as far as it is known.
///
/// Compared by [`is_same_place`](Self::is_same_place), so that renaming a provider in the configuration keeps its
/// seats.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Issuer {
    /// The vendor's constant word: `polar`.
    pub vendor: Box<str>,
    /// The provider's name in the configuration when the seat was taken, or at its last yes.
    pub name: Box<str>,
    /// The seller's account at the vendor (Dodo's business, Polar's organization); `None` when no answer named
    /// it.
    pub seller: Option<Box<str>>,
}

impl Issuer {
    /// The only account at `vendor`, under the vendor's own word as its name.
    pub fn new(vendor: impl Into<Box<str>>) -> Self {
        let vendor = vendor.into();
        Self { name: vendor.clone(), vendor, seller: None }
    }

    /// The account that `provider` asks.
    #[must_use]
    pub fn of(provider: &dyn LicenseProvider) -> Self {
        Self { name: provider.name().into(), ..Self::new(provider.vendor()) }
    }

    /// Whether both name the same vendor, and no different accounts there.
    #[must_use]
    pub fn is_same_place(&self, other: &Self) -> bool {
        self.vendor == other.vendor
            && match (&self.seller, &other.seller) {
                (Some(one), Some(other)) => one == other,
                _ => true,
            }
    }
}

impl fmt::Display for Issuer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}
