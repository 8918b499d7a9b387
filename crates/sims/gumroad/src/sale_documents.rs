//! Sales and memberships, as the calls with a token show them.

use anykey_core::Timestamp;
use serde_json::{Map, Value, json};

use super::database::State;
use super::documents::card;
use super::ids::order_number;
use super::records::{Sale, Subscription};
use super::time::{ago, written};

/// A sale in a list, and alone. Members without a value are absent, and it does not count uses.
pub(super) fn sale_document(state: &State, sale: &Sale, now: Timestamp) -> Value {
    let product = state.products.get(&sale.product);
    let product_id = product.map(|product| product.id.as_str());
    let product_name = product.map(|product| product.name.as_str());
    let variants = sale.variant.as_ref().map(|variant| json!({ "Version": variant }));
    let fields: Map<_, _> =
        sale.custom_fields.iter().map(|(name, value)| (name.clone(), json!(value))).collect();
    let subscription = state.subscription_of(sale);
    let mut document = json!({
        "id": sale.id,
        "email": sale.buyer.email,
        "seller_id": state.sellers.get(&sale.seller).map(|seller| &seller.id),
        "timestamp": ago(sale.created_at, now),
        "daystamp": sale.created_at.strftime("%d %b %Y %l:%M %p").to_string(),
        "created_at": written(sale.created_at),
        "product_name": product_name,
        "product_has_variants": variants.is_some(),
        "price": sale.price,
        "gumroad_fee": sale.price / 10,
        "is_bundle_purchase": false,
        "is_bundle_product_purchase": false,
        "subscription_duration": subscription.map(|_| "monthly"),
        "formatted_display_price": format!("${}", sale.price / 100),
        "formatted_total_price": format!("${}", sale.price / 100),
        "currency_symbol": "$",
        "amount_refundable_in_currency": format!("{}", sale.price / 100),
    });
    let flags = json!({
        "product_id": product_id,
        "product_permalink": product.map(|product| &product.permalink),
        "refunded": sale.refunded,
        "partially_refunded": false,
        "chargedback": sale.disputed && !sale.dispute_won,
        "purchase_email": sale.buyer.email,
        "full_name": (!sale.buyer.name.is_empty()).then_some(&sale.buyer.name),
        "paid": sale.price > 0,
        "has_variants": variants.is_some(),
        "variants": variants,
        "variants_and_quantity": format!("({})", sale.quantity),
        "has_custom_fields": !fields.is_empty(),
        "custom_fields": fields,
        "order_id": order_number(sale.number),
        "is_product_physical": false,
        "purchaser_id": sale.buyer.id,
        "is_recurring_billing": subscription.is_some(),
        "can_contact": true,
        "is_following": false,
        "disputed": sale.disputed,
        "dispute_won": sale.dispute_won,
        "is_additional_contribution": false,
        "discover_fee_charged": false,
        "is_upgrade_purchase": false,
        "is_more_like_this_recommended": false,
        "is_gift_sender_purchase": false,
        "is_gift_receiver_purchase": false,
        "referrer": "direct",
        "paypal_refund_expired": false,
    });
    let (Some(members), Value::Object(flags)) = (document.as_object_mut(), flags) else { return document };
    members.extend(flags);
    members.retain(|_, value| !value.is_null());
    members.insert("card".to_owned(), card());
    members.insert("product_rating".to_owned(), Value::Null);
    if let Some(subscription) = subscription {
        members.extend(membership(sale, subscription, now));
    }
    if let Some(license) = sale.license.and_then(|license| state.licenses.get(&license)) {
        members.insert("license_key".to_owned(), json!(license.key));
        members.insert("license_id".to_owned(), json!(license.id));
        members.insert("license_disabled".to_owned(), json!(license.disabled));
        members.insert("is_multiseat_license".to_owned(), json!(sale.is_multiseat));
    }
    members.insert("quantity".to_owned(), json!(sale.quantity));
    document
}

/// The members of a sale that belongs to a membership.
fn membership(sale: &Sale, subscription: &Subscription, now: Timestamp) -> [(String, Value); 7] {
    let is_cancelled = subscription.cancelled_at.is_some() || subscription.failed_at.is_some();
    [
        ("subscription_id", json!(subscription.id)),
        ("cancelled", json!(is_cancelled)),
        ("dead", json!(!subscription.is_alive(now))),
        ("ended", json!(subscription.ended_at.is_some())),
        ("free_trial_ended", json!(false)),
        ("free_trial_ends_on", Value::Null),
        ("recurring_charge", json!(sale.is_renewal)),
    ]
    .map(|(name, value)| (name.to_owned(), value))
}

/// A subscriber: a membership as its own calls show it.
pub(super) fn subscriber_document(state: &State, subscription: &Subscription, now: Timestamp) -> Value {
    let product = state.products.get(&subscription.product);
    let sale_ids = subscription.sales.iter().filter_map(|sale| state.sales.get(sale)).map(|sale| &sale.id);
    let status = match subscription {
        _ if subscription.failed_at.is_some() => "failed_payment",
        _ if subscription.ended_at.is_some() => "fixed_subscription_period_ended",
        _ if subscription.is_alive(now) && subscription.cancelled_at.is_some() => "pending_cancellation",
        _ if subscription.is_alive(now) => "alive",
        _ => "cancelled",
    };
    let mut document = json!({
        "id": subscription.id,
        "email": subscription.buyer.email,
        "product_id": product.map(|product| &product.id),
        "product_name": product.map(|product| &product.name),
        "user_id": subscription.buyer.id,
        "user_email": subscription.buyer.email,
        "purchase_ids": sale_ids.collect::<Vec<_>>(),
        "created_at": written(subscription.created_at),
        "user_requested_cancellation_at": subscription.requested_at.map(written),
        "charge_occurrence_count": Value::Null,
        "recurrence": "monthly",
        "cancelled_at": subscription.cancelled_at.map(written),
        "ended_at": subscription.ended_at.map(written),
        "failed_at": subscription.failed_at.map(written),
        "free_trial_ends_at": Value::Null,
        "status": status,
    });
    if let (Some(members), Some(license)) =
        (document.as_object_mut(), state.licenses.get(&subscription.license))
    {
        members.insert("license_key".to_owned(), json!(license.key));
    }
    document
}
