use std::collections::BTreeMap;
use std::sync::Arc;

use anykey_core::{SignedDuration, Timestamp};
use serde::Serialize;

use crate::documents::CustomerDocument;
use crate::quirks::Quirks;
use crate::records::SubscriptionState;
use crate::time::written;
use crate::world::World;

/// How long the simulator's subscriptions are paid for at a time.
const PERIOD: SignedDuration = SignedDuration::from_hours(30 * 24);

/// A subscription that an event is about.
#[derive(Clone)]
pub(crate) struct Subscription {
    pub(crate) id: Arc<str>,
    pub(crate) business: Arc<str>,
    pub(crate) customer: Arc<str>,
    pub(crate) product: Arc<str>,
    pub(crate) since: Timestamp,
}

/// A refund that an event is about.
pub(crate) struct Refund {
    pub(crate) payment: Arc<str>,
    pub(crate) business: Arc<str>,
    pub(crate) customer: Arc<str>,
    pub(crate) created_at: Timestamp,
}

/// A dispute that an event is about.
pub(crate) struct Dispute {
    pub(crate) payment: Arc<str>,
    pub(crate) business: Arc<str>,
    pub(crate) status: &'static str,
    pub(crate) created_at: Timestamp,
}

/// What an event tells of a subscription: enough to know whose it is and where it stands.
#[derive(Serialize)]
pub(super) struct SubscriptionDocument<'w> {
    subscription_id: &'w str,
    status: &'static str,
    product_id: &'w str,
    customer: Option<CustomerDocument<'w>>,
    quantity: i32,
    metadata: BTreeMap<&'w str, &'w str>,
    created_at: String,
    previous_billing_date: String,
    next_billing_date: String,
    cancel_at_next_billing_date: bool,
    cancelled_at: Option<String>,
    expires_at: Option<String>,
}

/// What an event tells of a refund. Money is not simulated: amount and currency are null.
#[derive(Serialize)]
pub(super) struct RefundDocument<'w> {
    refund_id: String,
    payment_id: &'w str,
    business_id: &'w str,
    customer: Option<CustomerDocument<'w>>,
    status: &'static str,
    is_partial: bool,
    amount: Option<i64>,
    currency: Option<&'w str>,
    reason: Option<&'w str>,
    metadata: BTreeMap<&'w str, &'w str>,
    created_at: String,
}

/// What an event tells of a dispute. Its amount is text, as the vendor has it.
#[derive(Serialize)]
pub(super) struct DisputeDocument<'w> {
    dispute_id: String,
    payment_id: &'w str,
    business_id: &'w str,
    dispute_stage: &'static str,
    dispute_status: &'static str,
    amount: &'static str,
    currency: &'static str,
    remarks: Option<&'w str>,
    created_at: String,
}

impl Subscription {
    pub(super) fn document<'w>(&'w self, world: &'w World, quirks: &Quirks) -> SubscriptionDocument<'w> {
        let time = |at| written(at, quirks.second_fraction);
        let state = world.subscriptions.get(&self.id).copied().unwrap_or_default();
        let until = self.since.checked_add(PERIOD).unwrap_or(self.since);
        SubscriptionDocument {
            subscription_id: &self.id,
            status: state.word(),
            product_id: &self.product,
            customer: CustomerDocument::of_customer(&self.customer, world.businesses.get(&self.business)),
            quantity: 1,
            metadata: BTreeMap::new(),
            created_at: time(self.since),
            previous_billing_date: time(self.since),
            next_billing_date: time(until),
            cancel_at_next_billing_date: false,
            cancelled_at: (state == SubscriptionState::Ended).then(|| time(until)),
            expires_at: None,
        }
    }
}

impl Refund {
    pub(super) fn document<'w>(&'w self, world: &'w World, quirks: &Quirks) -> RefundDocument<'w> {
        RefundDocument {
            refund_id: self.payment.replacen("pay_", "ref_", 1),
            payment_id: &self.payment,
            business_id: &self.business,
            customer: CustomerDocument::of_customer(&self.customer, world.businesses.get(&self.business)),
            status: "succeeded",
            is_partial: false,
            amount: None,
            currency: None,
            reason: None,
            metadata: BTreeMap::new(),
            created_at: written(self.created_at, quirks.second_fraction),
        }
    }
}

impl Dispute {
    pub(super) fn document(&self, quirks: &Quirks) -> DisputeDocument<'_> {
        DisputeDocument {
            dispute_id: self.payment.replacen("pay_", "dsp_", 1),
            payment_id: &self.payment,
            business_id: &self.business,
            dispute_stage: "dispute",
            dispute_status: self.status,
            amount: "1000",
            currency: "USD",
            remarks: None,
            created_at: written(self.created_at, quirks.second_fraction),
        }
    }
}

impl SubscriptionState {
    const fn word(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::OnHold => "on_hold",
            Self::Paused => "paused",
            Self::Ended => "cancelled",
            Self::Expired => "expired",
        }
    }

    /// The event that tells of the way from here to `to`; `None` if it is no way.
    pub(crate) fn event_towards(self, to: Self) -> Option<&'static str> {
        match (self, to) {
            (from, to) if from == to => None,
            (Self::Paused, Self::Active) => Some("subscription.unpaused"),
            (_, Self::Active) => Some("subscription.active"),
            (_, Self::OnHold) => Some("subscription.on_hold"),
            (_, Self::Paused) => Some("subscription.paused"),
            (_, Self::Ended) => Some("subscription.cancelled"),
            (_, Self::Expired) => Some("subscription.expired"),
        }
    }
}
