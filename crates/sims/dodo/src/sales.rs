//! What happens to a purchase later: refunds, disputes, renewals, holds and ends.

use std::sync::Arc;

use anykey_core::Timestamp;

use super::DodoSim;
use super::database::Database;
use super::records::{DisputeState, Key, SubscriptionState};
use super::webhooks::{Dispute, Refund, Subject, Subscription};

/// Refunds, disputes and subscriptions, of every business.
///
/// ```
/// use anykey_core::{ManualClock, Timestamp};
/// use anykey_dodo_sim::{DodoSim, KeySpec, KeyStatus, Purchase, SubscriptionState};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let sim = DodoSim::new(ManualClock::at(Timestamp::UNIX_EPOCH));
/// let issued = sim.issue(KeySpec { purchase: Purchase::Subscription, ..KeySpec::default() })?;
/// let subscription = issued.subscription_id.ok_or("a subscription has an id")?;
/// sim.set_subscription(&subscription, SubscriptionState::OnHold);
/// assert_eq!(sim.key_status(&issued.id), Some(KeyStatus::Disabled));
/// sim.set_subscription(&subscription, SubscriptionState::Active);
/// assert_eq!(sim.key_status(&issued.id), Some(KeyStatus::Active));
/// # Ok(())
/// # }
/// ```
impl DodoSim {
    /// Refunds the payment with this id (`pay_…`), which permanently disables its keys; false if no key belongs to
    /// it.
    pub fn refund(&self, payment_id: &str) -> bool {
        let now = self.now();
        let mut state = self.lock();
        let database = &mut state.database;
        let is_sold = |key: &Key| key.payment.as_deref() == Some(payment_id);
        let before = database.grants_before(|grant| grant.payment.as_deref() == Some(payment_id));
        database.touch(now, is_sold);
        let sold = database.keys.values_mut().filter(|key| is_sold(key));
        let found = sold.map(|key| key.refunded = true).count() > 0;
        if let Some((business, customer)) = database.buyer(payment_id).filter(|_| found) {
            let refund = Refund {
                payment: payment_id.into(),
                business: Arc::clone(&business),
                customer,
                created_at: now,
            };
            database.announce(&business, "refund.succeeded", Subject::Refund(refund), now);
        }
        database.announce_changes(before, now);
        found
    }

    /// Sets the state of the dispute over the payment with this id (`pay_…`); false if no key belongs to it. The
    /// vendor documents no effect of a dispute on keys, so there is none here.
    pub fn dispute(&self, payment_id: &str, to: DisputeState) -> bool {
        let now = self.now();
        let mut state = self.lock();
        let database = &mut state.database;
        let Some((business, _)) = database.buyer(payment_id) else { return false };
        let (event_type, status) = to.words();
        let dispute =
            Dispute { payment: payment_id.into(), business: Arc::clone(&business), status, created_at: now };
        database.announce(&business, event_type, Subject::Dispute(dispute), now);
        true
    }

    /// Sets the state of the subscription with this id (`sub_…`), which changes its keys; false if it is unknown or
    /// has ended.
    pub fn set_subscription(&self, subscription_id: &str, to: SubscriptionState) -> bool {
        let now = self.now();
        let mut state = self.lock();
        let database = &mut state.database;
        let is_concerned = |id: &Option<Arc<str>>| id.as_deref() == Some(subscription_id);
        let before = database.grants_before(|grant| is_concerned(&grant.subscription));
        let Some(subscription) = database.subscriptions.get_mut(subscription_id) else { return false };
        if subscription.is_final() {
            return false;
        }
        let event_type = std::mem::replace(subscription, to).event_towards(to);
        database.touch(now, |key| is_concerned(&key.subscription));
        if let Some(event_type) = event_type {
            database.announce_subscription(subscription_id, event_type, now);
        }
        database.announce_changes(before, now);
        true
    }

    /// Renews the subscription with this id (`sub_…`) for another period, which does not change its keys; false if it
    /// is not active.
    pub fn renew(&self, subscription_id: &str) -> bool {
        let now = self.now();
        let mut state = self.lock();
        let active = state.database.subscriptions.get(subscription_id) == Some(&SubscriptionState::Active);
        if active {
            state.database.announce_subscription(subscription_id, "subscription.renewed", now);
        }
        active
    }
}

impl Database {
    /// The business and the customer of the payment of a key.
    fn buyer(&self, payment_id: &str) -> Option<(Arc<str>, Arc<str>)> {
        let key = self.keys.values().find(|key| key.payment.as_deref() == Some(payment_id))?;
        Some((Arc::clone(&key.business), Arc::clone(&key.customer)))
    }

    /// Sends an event about a subscription.
    pub(super) fn announce_subscription(&mut self, id: &str, event_type: &'static str, now: Timestamp) {
        if !self.outbox.has_endpoints() {
            return;
        }
        let grants = self.businesses.values().flat_map(|business| business.grants.newest_first());
        let grants = grants.filter_map(|grant| self.grants.get(grant));
        let concerned: Vec<_> = grants.filter(|grant| grant.subscription.as_deref() == Some(id)).collect();
        let (Some(last), Some(first)) = (concerned.first(), concerned.last()) else { return };
        let product = last.key.as_ref().and_then(|key| self.keys.get(key)).map(|key| &key.product);
        let unnamed = || self.businesses.get(&last.business).map(|business| &business.first_product);
        let Some(product) = product.or_else(unnamed) else { return };
        let subscription = Subscription {
            id: id.into(),
            business: Arc::clone(&last.business),
            customer: Arc::clone(&last.customer),
            product: Arc::clone(product),
            since: first.created_at,
        };
        let business = Arc::clone(&subscription.business);
        self.announce(&business, event_type, Subject::Subscription(subscription), now);
    }
}
