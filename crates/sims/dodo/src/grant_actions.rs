//! The seller's actions on entitlements and grants.

use std::sync::Arc;

use super::DodoSim;
use super::entitlement_spec::{EntitlementSpec, IntegrationType};
use super::grant_records::{Entitlement, Failure, Grant, GrantState};
use super::issuing::{Sale, issue};
use super::key_spec::{IssuedKey, KeySpec, Purchase};
use super::state::State;
use super::timeline::Timeline;

/// Entitlements and grants, as in the dashboard. Every product has an entitlement that issues its license keys, which
/// is created with the first key.
///
/// A grant is one customer's delivery of an entitlement: `Pending`, `Delivered`, `Failed` or `Revoked`. The grant of
/// a key follows the key and its subscription, so most tests need only the actions for keys.
impl DodoSim {
    /// Defines an entitlement and returns its id, `ent_…`.
    pub fn add_entitlement(&self, spec: EntitlementSpec) -> String {
        let created_at = self.now();
        let mut state = self.lock();
        let id = state.ids.id("ent");
        if let Some(business) = state.database.businesses.get_mut(&self.business) {
            let grants = Timeline::default();
            let deleted = false;
            business.entitlements.push(Entitlement {
                id: Arc::clone(&id),
                spec,
                created_at,
                grants,
                deleted,
            });
        }
        id.to_string()
    }

    /// Deletes the entitlement with this id (`ent_…`): its calls answer 404 and it is no longer listed, but its
    /// grants stay. False if it is unknown.
    pub fn delete_entitlement(&self, entitlement_id: &str) -> bool {
        let mut state = self.lock();
        let business = state.database.businesses.get_mut(&self.business);
        let entitlements = business.into_iter().flat_map(|business| &mut business.entitlements);
        let deleted = entitlements.filter(|one| *one.id == *entitlement_id).map(|one| one.deleted = true);
        deleted.count() > 0
    }

    /// Grants an entitlement as a purchase does, without a license key, and returns the grant's id (`entg_…`). The
    /// grant is pending if the seller has to enter a key, and delivered for other entitlements. `customer: None` is
    /// the business's first customer. Returns `None` if the entitlement is unknown or generates its keys, which
    /// [`issue`](Self::issue) issues.
    pub fn award(&self, entitlement_id: &str, customer: Option<&str>, purchase: &Purchase) -> Option<String> {
        let now = self.now();
        let mut state = self.lock();
        let state = &mut *state;
        let business = state.database.businesses.get_mut(&self.business)?;
        let customer = business.customer(customer.map(str::to_owned));
        let entitlement = business.entitlement(entitlement_id)?;
        let by_hand = entitlement.spec.manual;
        if entitlement.spec.integration_type == IntegrationType::LicenseKey && !by_hand {
            return None;
        }
        let entitlement = Arc::clone(&entitlement.id);
        let Sale { payment, subscription, starts } = Sale::of(purchase, &mut state.database, &mut state.ids);
        let id = state.ids.id("entg");
        state.database.add_grant(Grant {
            id: Arc::clone(&id),
            business: Arc::clone(&self.business),
            entitlement,
            customer,
            payment,
            subscription: subscription.clone(),
            key: None,
            created_at: now,
            updated_at: now,
            delivered_at: (!by_hand).then_some(now),
            revoked: false,
            failure: None,
            reason_word: None,
        });
        if let Some(subscription) = subscription.filter(|_| starts) {
            state.database.announce_subscription(&subscription, "subscription.active", now);
        }
        state.database.announce_grant(&id, now);
        Some(id.to_string())
    }

    /// Makes the delivery of the pending grant with this id (`entg_…`) fail permanently, with an error code and a
    /// message; false if it is unknown or not pending.
    pub fn fail_grant(&self, grant_id: &str, code: &str, message: &str) -> bool {
        let now = self.now();
        let mut state = self.lock();
        let database = &mut state.database;
        let pending = database.grants.get(grant_id).map(|grant| database.grant_state(grant));
        if pending != Some(GrantState::Pending) {
            return false;
        }
        let before = database.grant_before(grant_id);
        if let Some(grant) = database.grants.get_mut(grant_id) {
            grant.failure = Some(Failure { code: code.to_owned(), message: message.to_owned() });
            grant.updated_at = now;
        }
        database.announce_changes(before, now);
        true
    }

    /// Moves the subscription with this id (`sub_…`) to the plan of `product`: its keys are permanently disabled and
    /// replaced by new ones, which are returned.
    ///
    /// The new keys have the limits of the old ones and no instances, so every device has to be activated again.
    /// Empty if the subscription is unknown.
    pub fn change_plan(&self, subscription_id: &str, product: &str) -> Vec<IssuedKey> {
        let now = self.now();
        let mut state = self.lock();
        let State { database, ids, .. } = &mut *state;
        let before = database.grants_before(|grant| grant.subscription.as_deref() == Some(subscription_id));
        let Some(business) = database.businesses.get(&self.business) else { return Vec::new() };
        let mut successors = Vec::new();
        for id in business.keys.oldest_first() {
            let Some(key) = database.keys.get_mut(id) else { continue };
            if key.replaced || key.subscription.as_deref() != Some(subscription_id) {
                continue;
            }
            key.replaced = true;
            successors.push(KeySpec {
                customer: Some(key.customer.to_string()),
                product: Some(product.to_owned()),
                activations_limit: key.activations_limit,
                purchase: Purchase::SubscriptionSeat(subscription_id.to_owned()),
                ..KeySpec::default()
            });
        }
        database.touch(now, |key| key.subscription.as_deref() == Some(subscription_id));
        database.announce_changes(before, now);
        let issued = successors
            .into_iter()
            .map(|spec| issue(database, ids, &self.business, spec, now).map(IssuedKey::from));
        let issued: Vec<_> = issued.filter_map(Result::ok).collect();
        if !issued.is_empty() {
            database.announce_subscription(subscription_id, "subscription.plan_changed", now);
        }
        issued
    }

    /// Permanently revokes the grant of the key with this id (`lic_…`) in the dashboard; false if it is unknown.
    ///
    /// The key's status is then disabled, and the reason of the revocation is `manual`. [`enable`](Self::enable) does
    /// not undo it.
    pub fn revoke(&self, key_id: &str) -> bool {
        let now = self.now();
        let mut state = self.lock();
        let database = &mut state.database;
        let Some(id) = database.keys.get(key_id).map(|key| Arc::clone(&key.grant)) else { return false };
        let before = database.grant_before(&id);
        let Some(grant) = database.grants.get_mut(&id) else { return false };
        grant.revoked = true;
        grant.updated_at = now;
        database.announce_changes(before, now);
        true
    }

    /// The key (`lic_…`) of the grant with this id (`entg_…`); `None` if it has none.
    #[must_use]
    pub fn key_of_grant(&self, grant_id: &str) -> Option<String> {
        self.lock().database.grants.get(grant_id)?.key.as_deref().map(str::to_owned)
    }

    /// The grant (`entg_…`) that delivered the key with this id (`lic_…`); `None` if it is unknown.
    #[must_use]
    pub fn grant_of(&self, key_id: &str) -> Option<String> {
        self.lock().database.keys.get(key_id).map(|key| key.grant.to_string())
    }

    /// Sets the text of the revocation reason of the grant with this id (`entg_…`), used once it is revoked; `None`
    /// restores the real one. Only the text in records changes. False if the grant is unknown.
    pub fn force_revocation_reason(&self, grant_id: &str, word: Option<&str>) -> bool {
        let mut state = self.lock();
        let grant = state.database.grants.get_mut(grant_id);
        grant.map(|grant| grant.reason_word = word.map(str::to_owned)).is_some()
    }
}
