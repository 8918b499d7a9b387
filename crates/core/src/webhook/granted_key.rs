use jiff::Timestamp;

use crate::{LicenseKeyId, ProductId};

/// One key of the complete list of a customer's grants that some deliveries carry; see
/// [`LicenseEvent::granted_keys`](crate::LicenseEvent::granted_keys). It is granted, and may be disabled or expired
/// nevertheless.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct GrantedKey {
    /// Names the key's record.
    pub id: LicenseKeyId,
    /// What was sold; `None` when the delivery does not say.
    pub product: Option<ProductId>,
    /// The grant that delivered the key; `None` when the delivery does not say.
    pub grant: Option<Box<str>>,
    /// As [`LicenseEvent::as_of`](crate::LicenseEvent::as_of), for this key alone.
    pub as_of: Timestamp,
}

impl GrantedKey {
    /// A key of which only the required facts are known; set the other fields afterwards.
    #[must_use]
    pub const fn new(id: LicenseKeyId, as_of: Timestamp) -> Self {
        Self { id, product: None, grant: None, as_of }
    }
}
