//! The records of subscriptions, refunds and disputes, which appear only in events.
//!
//! The official packages for Node (2.52.0) and Python (1.123.0) read them (compared in November 2026).

use std::collections::BTreeMap;

use anykey_core::SignedDuration;
use serde::Serialize;

use super::event::{Dispute, Refund, Subscription};
use crate::database::Database;
use crate::documents::CustomerDocument;
use crate::quirks::Quirks;
use crate::records::SubscriptionState;
use crate::time::written;

/// The billing period of simulated subscriptions.
const PERIOD: SignedDuration = SignedDuration::from_hours(30 * 24);

/// How long keys stay valid after a failed payment. At the vendor, sellers choose it.
const GRACE: SignedDuration = SignedDuration::from_hours(7 * 24);

/// A subscription with all required members of the vendor's types and the simulated optional ones. Prices are not
/// simulated and are zero.
#[derive(Serialize)]
pub(super) struct SubscriptionDocument<'w> {
    subscription_id: &'w str,
    status: &'static str,
    brand_id: &'w str,
    product_id: &'w str,
    customer: Option<CustomerDocument<'w>>,
    billing: BillingDocument,
    quantity: usize,
    currency: &'static str,
    recurring_pre_tax_amount: i64,
    tax_inclusive: bool,
    on_demand: bool,
    has_payment_method: bool,
    trial_period_days: i64,
    payment_frequency_count: i64,
    payment_frequency_interval: &'static str,
    subscription_period_count: i64,
    subscription_period_interval: &'static str,
    addons: [(); 0],
    meters: [(); 0],
    credit_entitlement_cart: [(); 0],
    meter_credit_entitlement_cart: [(); 0],
    metadata: BTreeMap<&'w str, &'w str>,
    created_at: String,
    previous_billing_date: String,
    next_billing_date: String,
    cancel_at_next_billing_date: bool,
    cancelled_at: Option<String>,
    expires_at: Option<String>,
    past_due_ends_at: Option<String>,
}

/// A billing address. Only the country is required.
#[derive(Serialize)]
struct BillingDocument {
    country: &'static str,
}

/// A refund. Amount and currency are not simulated and are null.
#[derive(Serialize)]
pub(super) struct RefundDocument<'w> {
    refund_id: String,
    payment_id: &'w str,
    business_id: &'w str,
    brand_id: &'w str,
    customer: Option<CustomerDocument<'w>>,
    status: &'static str,
    is_partial: bool,
    amount: Option<i64>,
    currency: Option<&'w str>,
    reason: Option<&'w str>,
    metadata: BTreeMap<&'w str, &'w str>,
    created_at: String,
}

/// A dispute. Its amount is text, as in the vendor's types.
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
    pub(super) fn document<'w>(
        &'w self,
        database: &'w Database,
        quirks: &Quirks,
    ) -> SubscriptionDocument<'w> {
        let time = |at| written(at, quirks.second_fraction);
        let state = database.subscriptions.get(&self.id).copied().unwrap_or_default();
        let until = self.since.checked_add(PERIOD).unwrap_or(self.since);
        SubscriptionDocument {
            subscription_id: &self.id,
            status: state.word(),
            brand_id: database.brand(&self.business),
            product_id: &self.product,
            customer: CustomerDocument::of_customer(&self.customer, database.businesses.get(&self.business)),
            billing: BillingDocument { country: "US" },
            quantity: database.quantity(&self.id),
            currency: "USD",
            recurring_pre_tax_amount: 0,
            tax_inclusive: false,
            on_demand: false,
            has_payment_method: true,
            trial_period_days: 0,
            payment_frequency_count: 1,
            payment_frequency_interval: "Month",
            subscription_period_count: 10,
            subscription_period_interval: "Year",
            addons: [],
            meters: [],
            credit_entitlement_cart: [],
            meter_credit_entitlement_cart: [],
            metadata: BTreeMap::new(),
            created_at: time(self.since),
            previous_billing_date: time(self.since),
            next_billing_date: time(until),
            cancel_at_next_billing_date: false,
            cancelled_at: (state == SubscriptionState::Ended).then(|| time(until)),
            expires_at: None,
            past_due_ends_at: (state == SubscriptionState::PastDue)
                .then(|| time(until.checked_add(GRACE).unwrap_or(until))),
        }
    }
}

impl Refund {
    pub(super) fn document<'w>(&'w self, database: &'w Database, quirks: &Quirks) -> RefundDocument<'w> {
        RefundDocument {
            refund_id: self.payment.replacen("pay_", "ref_", 1),
            payment_id: &self.payment,
            business_id: &self.business,
            brand_id: database.brand(&self.business),
            customer: CustomerDocument::of_customer(&self.customer, database.businesses.get(&self.business)),
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
            Self::PastDue => "past_due",
            Self::OnHold => "on_hold",
            Self::Paused => "paused",
            Self::Ended => "cancelled",
            Self::Expired => "expired",
        }
    }

    /// The event type of the change to `to`; `None` if nothing changes.
    pub(crate) fn event_towards(self, to: Self) -> Option<&'static str> {
        match (self, to) {
            (from, to) if from == to => None,
            (Self::Paused, Self::Active) => Some("subscription.unpaused"),
            (_, Self::Active) => Some("subscription.active"),
            (_, Self::PastDue) => Some("subscription.past_due"),
            (_, Self::OnHold) => Some("subscription.on_hold"),
            (_, Self::Paused) => Some("subscription.paused"),
            (_, Self::Ended) => Some("subscription.cancelled"),
            (_, Self::Expired) => Some("subscription.expired"),
        }
    }
}
