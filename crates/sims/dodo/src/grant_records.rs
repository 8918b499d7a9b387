use std::sync::Arc;

use anykey_core::Timestamp;

use super::entitlement_spec::EntitlementSpec;
use super::records::{Business, Key};
use super::timeline::Timeline;
use super::world::World;

/// What a product delivers, defined once and granted often.
pub(super) struct Entitlement {
    pub(super) id: Arc<str>,
    pub(super) spec: EntitlementSpec,
    pub(super) created_at: Timestamp,
    pub(super) grants: Timeline,
    pub(super) deleted: bool,
}

/// One customer's issue of an entitlement. What became of it follows from its key and its subscription.
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

/// Why nothing could be delivered.
pub(super) struct Failure {
    pub(super) code: String,
    pub(super) message: String,
}

/// A grant's status, and why it was revoked.
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

impl Grant {
    /// The grant that brings `key` to its customer. Its id is the key's with another prefix.
    pub(super) fn delivering(key: &Key, entitlement: Arc<str>) -> Self {
        Self {
            id: Arc::clone(&key.grant),
            business: Arc::clone(&key.business),
            entitlement,
            customer: Arc::clone(&key.customer),
            payment: key.payment.clone(),
            subscription: key.subscription.clone(),
            key: Some(Arc::clone(&key.id)),
            created_at: key.created_at,
            updated_at: key.created_at,
            delivered_at: Some(key.created_at),
            revoked: false,
            failure: None,
            reason_word: None,
        }
    }
}

impl Business {
    /// The id of the entitlement that issues the keys of `product`, made when it is first needed.
    pub(super) fn key_entitlement(&mut self, product: &str, now: Timestamp) -> Arc<str> {
        let id: Arc<str> = format!("ent_{}", product.strip_prefix("pdt_").unwrap_or(product)).into();
        if self.entitlement(&id).is_none() {
            self.entitlements.push(Entitlement {
                id: Arc::clone(&id),
                spec: EntitlementSpec {
                    name: format!("License keys of {product}"),
                    ..EntitlementSpec::default()
                },
                created_at: now,
                grants: Timeline::default(),
                deleted: false,
            });
        }
        id
    }

    pub(super) fn entitlement(&self, id: &str) -> Option<&Entitlement> {
        self.entitlements.iter().find(|entitlement| *entitlement.id == *id)
    }
}

impl World {
    pub(super) fn grant_state(&self, grant: &Grant) -> GrantState {
        let key = grant.key.as_ref().and_then(|id| self.keys.get(id));
        let subscription = grant.subscription.as_ref().and_then(|id| self.subscriptions.get(id));
        if grant.revoked {
            GrantState::Revoked("manual")
        } else if key.is_some_and(|key| key.replaced) {
            GrantState::Revoked("plan_changed")
        } else if key.is_some_and(|key| key.refunded) {
            GrantState::Revoked("refund")
        } else if let Some(reason) = subscription.and_then(|state| state.revocation_reason()) {
            GrantState::Revoked(reason)
        } else if key.is_some_and(|key| key.disabled) {
            GrantState::Revoked("license_key_disabled")
        } else if grant.failure.is_some() {
            GrantState::Failed
        } else if grant.delivered_at.is_some() {
            GrantState::Delivered
        } else {
            GrantState::Pending
        }
    }
}
