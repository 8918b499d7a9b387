//! A key of the target beside what it is to be: pure.

use anykey_core::{ActivationLimit, CustomerId, Expiry, LicenseKey, LicenseKeyId, LicenseStatus, Timestamp};

use crate::digest::{Digest, Salt};
use crate::{Difference, Wanted};

/// What is kept of a key of the target while a migration works.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) id: LicenseKeyId,
    pub(crate) product: Option<Box<str>>,
    pub(crate) customer: Option<Digest>,
    pub(crate) limit: ActivationLimit,
    pub(crate) expiry: Expiry,
    pub(crate) is_off: bool,
    pub(crate) created_at: Option<Timestamp>,
    /// How many keys have this code.
    pub(crate) copies: u32,
}

impl Found {
    pub(crate) fn of(key: &LicenseKey, salt: &Salt) -> Self {
        Self {
            id: key.id.clone(),
            product: key.product.as_ref().map(|id| id.as_str().into()),
            customer: key.customer.as_ref().map(|id| salt.of_customer(id)),
            limit: key.activations.limit,
            expiry: key.expiry,
            is_off: is_off(&key.status),
            created_at: key.created_at,
            copies: 1,
        }
    }

    /// In what it differs from `wanted`. What the target does not report counts as equal.
    pub(crate) fn differences(&self, wanted: &Wanted, salt: &Salt) -> Vec<Difference> {
        let request = &wanted.request;
        let product = self.product.as_deref().is_some_and(|id| id != request.product.as_str());
        let customer = |id: &CustomerId| self.customer.is_some_and(|known| known != salt.of_customer(id));
        let checks = [
            (self.copies > 1, Difference::Twice),
            (product, Difference::Product),
            (request.customer.as_ref().is_some_and(customer), Difference::Customer),
            (wanted.differs_in_limit(self.limit), Difference::Limit),
            (wanted.differs_in_expiry(self.expiry), Difference::Expiry),
            (self.is_off != wanted.is_off, Difference::Status),
        ];
        checks.into_iter().filter(|(differs, _)| *differs).map(|(_, difference)| difference).collect()
    }

    /// Whether its end is the one with which `wanted` is created.
    pub(crate) fn was_created_as(&self, wanted: &Wanted) -> bool {
        self.expiry == wanted.creation().expiry
    }

    /// Whether the target reports neither the end nor the limit, so that they were not compared.
    pub(crate) fn leaves_open(&self) -> bool {
        self.limit == ActivationLimit::Unknown || self.expiry == Expiry::Unknown
    }
}

fn is_off(status: &LicenseStatus) -> bool {
    !matches!(status, LicenseStatus::Active | LicenseStatus::Inactive | LicenseStatus::Expired)
}
