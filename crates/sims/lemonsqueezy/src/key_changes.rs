//! Changes of keys that both the seller and the main API make.

use anykey_core::Timestamp;

use super::records::Key;
use super::state::State;
use super::webhooks::Subject;

impl State {
    /// Changes the key `id` and sends the event; false if it is unknown.
    pub(super) fn change_key(&mut self, id: u64, now: Timestamp, change: impl FnOnce(&mut Key)) -> bool {
        let Some(key) = self.database.keys.get_mut(&id) else { return false };
        change(key);
        key.updated_at = now;
        self.announce(id, "license_key_updated", Subject::Key, now);
        true
    }

    /// Refunds the order of the key `id`, which disables the order's keys. False if it is unknown.
    ///
    /// The order's event comes before those of its keys.
    pub(super) fn refund(&mut self, id: u64, now: Timestamp) -> bool {
        let Some(order) = self.database.keys.get(&id).map(|key| key.order) else { return false };
        self.database.refunded.insert(order, now);
        self.announce(id, "order_refunded", Subject::Order, now);
        let keys: Vec<_> =
            self.database.keys.values().filter(|key| key.order == order).map(|key| key.id).collect();
        keys.into_iter().all(|key| self.change_key(key, now, |key| key.disabled = true))
    }

    /// Ends or resumes the subscription of the key `id`. False if the key is unknown or has none.
    pub(super) fn move_subscription(&mut self, id: u64, is_paid: bool, now: Timestamp) -> bool {
        let Some(subscription) = self.database.keys.get(&id).and_then(|key| key.subscription) else {
            return false;
        };
        let (event, status) = if is_paid {
            self.database.ended.remove(&subscription);
            ("subscription_resumed", "active")
        } else {
            self.database.ended.insert(subscription);
            ("subscription_expired", "expired")
        };
        self.announce(id, event, Subject::Subscription { status }, now);
        self.change_key(id, now, |_| {})
    }
}
