use std::collections::HashMap;
use std::sync::Arc;

use anykey_core::Timestamp;

use super::grant_records::Entitlement;
use super::inspect::KeyStatus;
use super::key_spec::KeySource;
use super::timeline::{Position, Timeline};

/// A merchant with its customers, products, keys and instances.
pub(super) struct Business {
    pub(super) brand: Arc<str>,
    pub(super) customers: HashMap<Arc<str>, Customer>,
    pub(super) products: HashMap<Arc<str>, Product>,
    pub(super) first_customer: Arc<str>,
    pub(super) first_product: Arc<str>,
    pub(super) keys: Timeline,
    pub(super) instances: Timeline,
    pub(super) entitlements: Vec<Entitlement>,
    pub(super) grants: Timeline,
}

pub(super) struct Customer {
    pub(super) name: String,
    pub(super) email: String,
}

#[derive(Debug, Default)]
pub(super) struct Product {
    pub(super) name: Option<String>,
}

pub(super) struct Key {
    pub(super) id: Arc<str>,
    pub(super) business: Arc<str>,
    pub(super) code: Arc<str>,
    pub(super) customer: Arc<str>,
    pub(super) product: Arc<str>,
    pub(super) payment: Option<Arc<str>>,
    pub(super) subscription: Option<Arc<str>>,
    pub(super) source: KeySource,
    pub(super) activations_limit: Option<i32>,
    pub(super) expires_at: Option<Timestamp>,
    pub(super) created_at: Timestamp,
    pub(super) disabled: bool,
    pub(super) refunded: bool,
    pub(super) replaced: bool,
    pub(super) grant: Arc<str>,
    pub(super) instances: Timeline,
    pub(super) status_word: Option<String>,
    pub(super) source_word: Option<String>,
}

impl Key {
    pub(super) fn instances_count(&self) -> i32 {
        i32::try_from(self.instances.len()).unwrap_or(i32::MAX)
    }
}

/// One activation of a key on one device.
pub(super) struct Instance {
    pub(super) id: Arc<str>,
    pub(super) key: Arc<str>,
    pub(super) business: Arc<str>,
    pub(super) name: String,
    pub(super) position: Position,
}

/// The business and scope of an API key.
pub(super) struct ApiKey {
    pub(super) business: Arc<str>,
    pub(super) scope: ApiKeyScope,
}

/// The scope of an API key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ApiKeyScope {
    /// Read and write.
    ReadWrite,
    /// Read only: POST, PATCH and DELETE are answered with 403.
    ReadOnly,
}

/// The state of a subscription.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SubscriptionState {
    /// Paid.
    #[default]
    Active,
    /// A payment failed, and the grace period has not ended: its keys stay valid.
    PastDue,
    /// On hold after the grace period: its keys are disabled until it is active again.
    OnHold,
    /// Paused: its keys are disabled until it is active again.
    Paused,
    /// Cancelled: its keys are permanently disabled.
    Ended,
    /// Expired: its keys are permanently disabled.
    Expired,
}

impl SubscriptionState {
    pub(super) const fn is_final(self) -> bool {
        matches!(self, Self::Ended | Self::Expired)
    }

    /// Whether the subscription's keys are valid.
    pub(super) const fn is_in_force(self) -> bool {
        matches!(self, Self::Active | Self::PastDue)
    }

    /// The revocation reason of the grants of an ended subscription.
    pub(super) const fn revocation_reason(self) -> Option<&'static str> {
        match self {
            Self::Active | Self::PastDue => None,
            Self::OnHold => Some("subscription_on_hold"),
            Self::Paused => Some("SubscriptionPaused"),
            Self::Ended => Some("subscription_cancelled"),
            Self::Expired => Some("subscription_expired"),
        }
    }
}

/// The state of a dispute over a payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DisputeState {
    /// The customer's bank has opened the dispute.
    Opened,
    /// The seller did not answer in time.
    Expired,
    /// The seller accepted the dispute.
    Accepted,
    /// The customer withdrew the dispute.
    Cancelled,
    /// The seller sent evidence.
    Challenged,
    /// The seller won.
    Won,
    /// The seller lost.
    Lost,
}

impl DisputeState {
    /// The event type and the status in the record.
    pub(super) const fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Opened => ("dispute.opened", "dispute_opened"),
            Self::Expired => ("dispute.expired", "dispute_expired"),
            Self::Accepted => ("dispute.accepted", "dispute_accepted"),
            Self::Cancelled => ("dispute.cancelled", "dispute_cancelled"),
            Self::Challenged => ("dispute.challenged", "dispute_challenged"),
            Self::Won => ("dispute.won", "dispute_won"),
            Self::Lost => ("dispute.lost", "dispute_lost"),
        }
    }
}

impl KeyStatus {
    pub(super) const ALL: [Self; 3] = [Self::Active, Self::Expired, Self::Disabled];

    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Expired => "expired",
            Self::Disabled => "disabled",
        }
    }
}
