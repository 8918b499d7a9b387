//! The state of grants, derived from keys, payments and subscriptions.

use std::sync::Arc;

use anykey_core::Timestamp;

use super::database::Database;
use super::entitlement_spec::EntitlementSpec;
use super::grant_records::{Entitlement, Grant, GrantState};
use super::records::{Business, Key};
use super::timeline::Timeline;

impl Grant {
    /// The grant that delivers `key`. Its id is the key's id with another prefix.
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
    /// The id of the entitlement that issues the keys of `product`, which is created on first use.
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

    /// The entitlement with this id, also a deleted one.
    pub(super) fn entitlement(&self, id: &str) -> Option<&Entitlement> {
        self.entitlements.iter().find(|entitlement| *entitlement.id == *id)
    }
}

impl Database {
    /// The first reason that applies decides, in this order: revoked by hand, replaced by a change of plan, refunded,
    /// subscription not in force, key disabled. The vendor documents the reasons but not which one wins; the ones
    /// that cannot be undone come first. A grant without such a reason has failed, is delivered, or waits for the
    /// seller.
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
