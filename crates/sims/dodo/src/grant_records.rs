use std::sync::Arc;

use anykey_core::Timestamp;

use super::entitlement_spec::EntitlementSpec;
use super::timeline::Timeline;

/// An entitlement: what a product delivers.
pub(super) struct Entitlement {
    pub(super) id: Arc<str>,
    pub(super) spec: EntitlementSpec,
    pub(super) created_at: Timestamp,
    pub(super) grants: Timeline,
    pub(super) deleted: bool,
}

/// The grant of an entitlement to one customer. Its state is derived from its key and its subscription.
pub(super) struct Grant {
    pub(super) id: Arc<str>,
    pub(super) business: Arc<str>,
    pub(super) entitlement: Arc<str>,
    pub(super) customer: Arc<str>,
    pub(super) payment: Option<Arc<str>>,
    pub(super) subscription: Option<Arc<str>>,
    pub(super) key: Option<Arc<str>>,
    pub(super) created_at: Timestamp,
    pub(super) updated_at: Timestamp,
    pub(super) delivered_at: Option<Timestamp>,
    pub(super) revoked: bool,
    pub(super) failure: Option<Failure>,
    pub(super) reason_word: Option<String>,
}

/// Why a delivery failed.
pub(super) struct Failure {
    pub(super) code: String,
    pub(super) message: String,
}

/// A grant's status, with the reason of a revocation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum GrantState {
    Pending,
    Delivered,
    Failed,
    Revoked(&'static str),
}

impl GrantState {
    pub(super) const ALL: [Self; 4] = [Self::Pending, Self::Delivered, Self::Failed, Self::Revoked("")];

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
