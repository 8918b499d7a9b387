use std::collections::HashMap;

use uuid::Uuid;

use super::key_status::KeyStatus;
use super::moment::Moment;
use super::options::RateGroup;
use super::specs::{BenefitSpec, CustomerSpec};
use super::validation::Metadata;

/// A seller.
pub(super) struct Organization {
    pub(super) slug: String,
    pub(super) member_model: bool,
    /// Whether its tokens are rejected. Its keys stay valid.
    pub(super) blocked: bool,
    pub(super) rate_group: RateGroup,
    /// Its keys, oldest first.
    pub(super) keys: Vec<Uuid>,
    /// Its keys by the current key string.
    pub(super) codes: HashMap<String, Uuid>,
}

/// A customer. Deleted ones stay, because their keys contain them.
pub(super) struct Customer {
    pub(super) id: Uuid,
    pub(super) organization_id: Uuid,
    pub(super) created_at: Moment,
    pub(super) modified_at: Option<Moment>,
    pub(super) deleted_at: Option<Moment>,
    pub(super) profile: CustomerSpec,
    /// The metadata of the profile, in the order of the database.
    pub(super) metadata: Metadata,
    /// Its keys, oldest first.
    pub(super) keys: Vec<Uuid>,
}

/// A member of a customer.
#[derive(Clone)]
pub(super) struct Member {
    pub(super) id: Uuid,
    pub(super) customer_id: Uuid,
    pub(super) created_at: Moment,
    pub(super) email: String,
    pub(super) external_id: Option<String>,
    pub(super) owner: bool,
}

/// A benefit. Deleted ones stay, because a rotation needs their prefix.
pub(super) struct Benefit {
    pub(super) id: Uuid,
    pub(super) organization_id: Uuid,
    pub(super) created_at: Moment,
    pub(super) modified_at: Option<Moment>,
    pub(super) properties: BenefitSpec,
    pub(super) deleted: bool,
}

/// A key with its grant and its activations.
#[derive(Clone)]
pub(super) struct LicenseKey {
    pub(super) id: Uuid,
    pub(super) created_at: Moment,
    pub(super) modified_at: Option<Moment>,
    pub(super) organization_id: Uuid,
    pub(super) customer_id: Uuid,
    pub(super) member_id: Option<Uuid>,
    pub(super) benefit_id: Uuid,
    pub(super) key: String,
    /// Whether the key string was imported.
    pub(super) imported: bool,
    pub(super) limits: Limits,
    pub(super) status: KeyStatus,
    pub(super) usage: i64,
    pub(super) validations: i64,
    pub(super) last_validated_at: Option<Moment>,
    pub(super) grant: Grant,
    /// The current activations, oldest first.
    pub(super) activations: Vec<Activation>,
}

impl LicenseKey {
    /// Whether the key has expired, which it has exactly at `expires_at`.
    pub(super) fn has_expired(&self, now: Moment) -> bool {
        self.limits.expires_at.is_some_and(|end| now >= end)
    }

    /// The activation with this id.
    pub(super) fn activation(&self, id: Uuid) -> Option<&Activation> {
        self.activations.iter().find(|activation| activation.id == id)
    }
}

/// The limits of a key: initially those of its benefit.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Limits {
    pub(super) expires_at: Option<Moment>,
    pub(super) activations: Option<i64>,
    pub(super) usage: Option<i64>,
}

/// The benefit grant that a key belongs to.
#[derive(Clone)]
pub(super) struct Grant {
    pub(super) id: Uuid,
    pub(super) created_at: Moment,
    pub(super) modified_at: Option<Moment>,
    pub(super) granted_at: Option<Moment>,
    pub(super) revoked_at: Option<Moment>,
    pub(super) is_granted: bool,
    pub(super) origin: Origin,
}

impl Grant {
    /// A successful grant.
    pub(super) const fn new(id: Uuid, origin: Origin, now: Moment) -> Self {
        Self {
            id,
            created_at: now,
            modified_at: Some(now),
            granted_at: Some(now),
            revoked_at: None,
            is_granted: true,
            origin,
        }
    }

    /// A failed grant.
    pub(super) const fn failed(id: Uuid, subscribed: bool, bought: Uuid, now: Moment) -> Self {
        let origin = Origin::of(subscribed, bought, now);
        Self { granted_at: None, is_granted: false, ..Self::new(id, origin, now) }
    }

    /// Grants the benefit, for the first time or again.
    pub(super) const fn give(&mut self, now: Moment) {
        self.is_granted = true;
        self.granted_at = Some(now);
        self.revoked_at = None;
        self.modified_at = Some(now);
    }

    /// Revokes the benefit.
    pub(super) const fn take(&mut self, now: Moment) {
        self.is_granted = false;
        self.granted_at = None;
        self.revoked_at = Some(now);
        self.modified_at = Some(now);
    }
}

/// The order or subscription of a key.
#[derive(Clone)]
pub(super) enum Origin {
    Order { id: Uuid, created_at: Moment },
    Subscription { id: Uuid, started_at: Moment, ended_at: Option<Moment>, renewals: u32 },
}

impl Origin {
    /// A new order or subscription.
    pub(super) const fn of(subscribed: bool, id: Uuid, now: Moment) -> Self {
        if subscribed {
            Self::Subscription { id, started_at: now, ended_at: None, renewals: 0 }
        } else {
            Self::Order { id, created_at: now }
        }
    }
}

/// An activation of a device. Deactivation deletes it.
#[derive(Clone)]
pub(super) struct Activation {
    pub(super) id: Uuid,
    pub(super) label: String,
    pub(super) conditions: Metadata,
    pub(super) meta: Metadata,
    pub(super) created_at: Moment,
}
