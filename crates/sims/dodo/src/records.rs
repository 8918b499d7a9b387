//! What the simulated vendor stores.
//!
//! A status is not stored: it follows from the flags and the end of a key, from its subscription, and from the clock.

use std::collections::HashMap;
use std::sync::Arc;

use anykey_core::Timestamp;

use super::grant_records::Entitlement;
use super::inspect::KeyStatus;
use super::key_spec::KeySource;
use super::timeline::{Position, Timeline};

/// A merchant with its customers, products, keys and instances.
pub(super) struct Business {
    /// The brand, which newer answers contain.
    pub(super) brand: Arc<str>,
    /// The customers by id.
    pub(super) customers: HashMap<Arc<str>, Customer>,
    /// The products by id.
    pub(super) products: HashMap<Arc<str>, Product>,
    /// Who buys where no customer is named.
    pub(super) first_customer: Arc<str>,
    /// What is bought where no product is named.
    pub(super) first_product: Arc<str>,
    /// Its keys, in the order of lists.
    pub(super) keys: Timeline,
    /// Its instances, in the order of lists.
    pub(super) instances: Timeline,
    /// What its products deliver.
    pub(super) entitlements: Vec<Entitlement>,
    /// Its grants, in the order of lists.
    pub(super) grants: Timeline,
}

/// A customer of one business.
pub(super) struct Customer {
    /// The name, in the answer to an activation.
    pub(super) name: String,
    /// The e-mail address, likewise.
    pub(super) email: String,
}

/// A product that is sold with keys.
#[derive(Debug, Default)]
pub(super) struct Product {
    /// The name; `null` in answers without one.
    pub(super) name: Option<String>,
}

/// A license key with its purchase.
pub(super) struct Key {
    /// The id, `lic_…`.
    pub(super) id: Arc<str>,
    /// The seller.
    pub(super) business: Arc<str>,
    /// The key code, unique in the environment and compared as it is.
    pub(super) code: Arc<str>,
    /// The customer's id.
    pub(super) customer: Arc<str>,
    /// The product's id.
    pub(super) product: Arc<str>,
    /// The payment's id; `None` for an imported key.
    pub(super) payment: Option<Arc<str>>,
    /// The subscription's id; `None` for a single purchase and an import.
    pub(super) subscription: Option<Arc<str>>,
    /// How it came to be.
    pub(super) source: KeySource,
    /// How many instances it may have; `None` is unlimited.
    pub(super) activations_limit: Option<i32>,
    /// When it ends; `None` for never, or with its subscription.
    pub(super) expires_at: Option<Timestamp>,
    /// When it was created.
    pub(super) created_at: Timestamp,
    /// Whether the seller disabled it.
    pub(super) disabled: bool,
    /// Whether its price was paid back, which ends it for good.
    pub(super) refunded: bool,
    /// Whether a changed plan put another key in its place.
    pub(super) replaced: bool,
    /// The grant that brought it.
    pub(super) grant: Arc<str>,
    /// Its instances, in the order of lists.
    pub(super) instances: Timeline,
    /// A word that a test shows in the place of the status; `None` for the vendor's own.
    pub(super) status_word: Option<String>,
    /// The same for the source.
    pub(super) source_word: Option<String>,
}

impl Key {
    /// How many instances it has now.
    pub(super) fn instances_count(&self) -> i32 {
        i32::try_from(self.instances.len()).unwrap_or(i32::MAX)
    }
}

/// One activation of a key on one device.
pub(super) struct Instance {
    /// The id, `lki_…`.
    pub(super) id: Arc<str>,
    /// The key's id.
    pub(super) key: Arc<str>,
    /// The seller.
    pub(super) business: Arc<str>,
    /// The label, the only thing that can be changed; not unique.
    pub(super) name: String,
    /// Its place in lists, and when it was activated.
    pub(super) position: Position,
}

/// The business and scope of an API key.
pub(super) struct ApiKey {
    /// The business that it acts for.
    pub(super) business: Arc<str>,
    /// What it may do.
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
    /// Whether its keys are gone for good.
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
    /// Every status that a filter takes.
    pub(super) const ALL: [Self; 3] = [Self::Active, Self::Expired, Self::Disabled];

    /// The vendor's word.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Expired => "expired",
            Self::Disabled => "disabled",
        }
    }
}
