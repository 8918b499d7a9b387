//! Whose seat it is: a vendor, and an account there.

use std::fmt;

use anykey_core::LicenseProvider;

/// The vendor and the seller's account of a seat, as far as the account is known.
///
/// Compare issuers with [`is_same_account`](Self::is_same_account), which ignores the name, so that renaming a
/// provider in the configuration keeps its seats.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Issuer {
    /// The vendor's constant name, such as `polar`.
    pub vendor: Box<str>,
    /// The provider's name in the configuration at the last valid answer, or when the seat was taken.
    pub name: Box<str>,
    /// The seller's account at the vendor (Dodo: business, Polar: organization); `None` when no answer contained it.
    pub seller: Option<Box<str>>,
}

impl Issuer {
    /// An unknown account at `vendor`, with the vendor's name as the provider's name.
    pub fn new(vendor: impl Into<Box<str>>) -> Self {
        let vendor = vendor.into();
        Self { name: vendor.clone(), vendor, seller: None }
    }

    /// The account that `provider` uses.
    #[must_use]
    pub fn of(provider: &dyn LicenseProvider) -> Self {
        Self { name: provider.name().into(), ..Self::new(provider.vendor()) }
    }

    /// Whether both are the same vendor and not known to be different accounts.
    #[must_use]
    pub fn is_same_account(&self, other: &Self) -> bool {
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
