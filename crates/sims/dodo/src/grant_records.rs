//! Entitlements and grants, the successor of the classic calls.

use std::sync::Arc;

use anykey_core::Timestamp;

use super::entitlement_spec::EntitlementSpec;
use super::timeline::Timeline;

/// An entitlement: what a product delivers.
pub(super) struct Entitlement {
    /// The id, `ent_…`.
    pub(super) id: Arc<str>,
    /// What its keys get.
    pub(super) spec: EntitlementSpec,
    /// When it was made.
    pub(super) created_at: Timestamp,
    /// Its grants, in the order of lists.
    pub(super) grants: Timeline,
    /// Whether it is no longer listed; its grants stay with their customers.
    pub(super) deleted: bool,
}

/// The grant of an entitlement to one customer. Its state is derived from its key and its subscription.
pub(super) struct Grant {
    /// The id, `entg_…`.
    pub(super) id: Arc<str>,
    /// The seller.
    pub(super) business: Arc<str>,
    /// The entitlement's id.
    pub(super) entitlement: Arc<str>,
    /// The customer's id.
    pub(super) customer: Arc<str>,
    /// The payment that bought it; `None` without one.
    pub(super) payment: Option<Arc<str>>,
    /// The subscription that keeps it alive; `None` without one.
    pub(super) subscription: Option<Arc<str>>,
    /// The key's id; `None` until it is fulfilled.
    pub(super) key: Option<Arc<str>>,
    /// When it was made.
    pub(super) created_at: Timestamp,
    /// When it last changed.
    pub(super) updated_at: Timestamp,
    /// When its key was delivered; `None` before that.
    pub(super) delivered_at: Option<Timestamp>,
    /// Whether the seller revoked it, which is for good.
    pub(super) revoked: bool,
    /// Why its delivery failed; `None` if it did not.
    pub(super) failure: Option<Failure>,
    /// A word that a test shows as the reason; `None` for the vendor's own.
    pub(super) reason_word: Option<String>,
}

/// Why a delivery failed.
pub(super) struct Failure {
    /// The code in the grant.
    pub(super) code: String,
    /// The sentence beside it.
    pub(super) message: String,
}

/// A grant's status, with the reason of a revocation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum GrantState {
    /// It waits for the seller to enter the key.
    Pending,
    /// The customer has the key.
    Delivered,
    /// The key could not be delivered.
    Failed,
    /// It was taken away, for this reason.
    Revoked(&'static str),
}

impl GrantState {
    /// Every state that a filter takes.
    pub(super) const ALL: [Self; 4] = [Self::Pending, Self::Delivered, Self::Failed, Self::Revoked("")];

    /// The vendor's word.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Pending => "Pending",
            Self::Delivered => "Delivered",
            Self::Failed => "Failed",
            Self::Revoked(_) => "Revoked",
        }
    }

    /// Why it was revoked; `None` when it was not.
    pub(super) const fn reason(self) -> Option<&'static str> {
        match self {
            Self::Revoked(reason) => Some(reason),
            _ => None,
        }
    }
}
