//! The purchase of a license, as verifications and pings contain it.
//!
//! Members are a list and not a map: the buyer's answers stand among the vendor's own members and may have their names.

use anykey_core::Timestamp;
use serde_json::{Map, Value, json};

use super::answer::Answer;
use super::database::State;
use super::ids::order_number;
use super::records::{Holder, ImportedCustomer, License, Product, Sale};
use super::time::{ago, written};

/// Members in the order in which they are written; a name may be there twice.
type Members = Vec<(String, Value)>;

/// The answer to every successful call for a license.
pub(super) fn license_document(state: &State, number: u64, now: Timestamp) -> Answer {
    let Some(license) = state.licenses.get(&number) else { return Answer::not_found() };
    let mut members =
        vec![("success".to_owned(), Value::Bool(true)), ("uses".to_owned(), license.uses.into())];
    let holder = match license.holder {
        _ if state.quirks.omit_holder => None,
        Holder::Sale(sale) => state.sales.get(&sale).map(|sale| ("purchase", purchase(state, license, sale))),
        Holder::Imported(customer) => state.imported.get(&customer).map(|customer| {
            let product = state.products.get(&license.product).map_or("", |product| &*product.name);
            ("imported_customer", imported(customer, product, now))
        }),
    };
    let changed = |members: Members| state.quirks.members().apply(Map::from_iter(members).into());
    let Some((name, holder)) = holder else {
        return Answer::success(members.into_iter().skip(1));
    };
    if !state.quirks.repeated_members {
        // The vendor's encoder makes one member of two with the same name: at the first's position, with the last's
        // value.
        members.push((name.to_owned(), Map::from_iter(holder).into()));
        return Answer::success(members.into_iter().skip(1));
    }
    let text = |members: Members| {
        let pair = |(name, value): (String, Value)| format!("{}:{value}", Value::from(name));
        format!("{{{}}}", members.into_iter().map(pair).collect::<Vec<_>>().join(","))
    };
    let outer = changed(members).to_string();
    let outer = outer.trim_end_matches('}');
    Answer::text(format!("{outer},{}:{}}}", Value::from(name), text(holder)))
}

/// A sale in a ping. Versions and custom fields are objects here.
pub(super) fn ping_members(state: &State, license: &License, sale: &Sale) -> Vec<(String, Value)> {
    let mut members = before_custom_fields(state, sale, state.products.get(&sale.product));
    let mut add = |name: &str, value: Value| members.push((name.to_owned(), value));
    if let Some(variant) = &sale.variant {
        add("variants", json!({ "Version": variant }));
    }
    if sale.is_renewal {
        add("is_recurring_charge", true.into());
    }
    for (name, value) in &sale.custom_fields {
        add(name, value.as_str().into());
    }
    if !sale.custom_fields.is_empty() {
        let fields: Map<_, _> =
            sale.custom_fields.iter().map(|(name, value)| (name.clone(), json!(value))).collect();
        add("custom_fields", fields.into());
    }
    add("license_key", license.key.as_str().into());
    add("is_gift_receiver_purchase", false.into());
    add("refunded", sale.refunded.into());
    add("disputed", sale.disputed.into());
    add("dispute_won", sale.dispute_won.into());
    members
}

/// The purchase of a license, in the order in which the vendor writes it.
///
/// Refunds and disputes are in every purchase; `chargebacked` only in a single one, the three times of its end only
/// in that of a membership (server code, 2025).
fn purchase(state: &State, license: &License, sale: &Sale) -> Members {
    let product = state.products.get(&sale.product);
    let mut members = before_custom_fields(state, sale, product);
    let mut add = |name: &str, value: Value| members.push((name.to_owned(), value));
    for (name, value) in &sale.custom_fields {
        add(name, value.as_str().into());
    }
    add("license_key", license.key.as_str().into());
    if sale.subscription.is_some() {
        add("is_multiseat_license", sale.is_multiseat.into());
        add("recurrence", "monthly".into());
    }
    add("is_gift_receiver_purchase", false.into());
    add("refunded", sale.refunded.into());
    add("disputed", sale.disputed.into());
    add("dispute_won", sale.dispute_won.into());
    add("id", sale.id.as_str().into());
    add("created_at", written(sale.created_at).into());
    add("variants", sale.variant.as_ref().map_or(String::new(), |variant| format!("({variant})")).into());
    let fields = sale.custom_fields.iter().map(|(name, value)| format!("{name}: {value}"));
    add("custom_fields", fields.collect::<Vec<_>>().into());
    match state.subscription_of(sale) {
        None => add("chargebacked", (sale.disputed && !sale.dispute_won).into()),
        Some(subscription) => {
            add("subscription_ended_at", subscription.ended_at.map(written).into());
            add("subscription_cancelled_at", subscription.cancelled_at.map(written).into());
            add("subscription_failed_at", subscription.failed_at.map(written).into());
        }
    }
    members
}

/// The members before the buyer's answers.
fn before_custom_fields(state: &State, sale: &Sale, product: Option<&Product>) -> Members {
    let text = |read: fn(&Product) -> &str| product.map(read).unwrap_or_default();
    let seller = state.sellers.get(&sale.seller).map_or("", |seller| &*seller.id);
    let permalink = text(|product| &product.permalink);
    let mut members: Members = [
        ("seller_id", json!(seller)),
        ("product_id", json!(text(|product| &product.id))),
        ("product_name", json!(text(|product| &product.name))),
        ("permalink", json!(permalink)),
        ("product_permalink", json!(format!("https://seller.gumroad.com/l/{permalink}"))),
        ("short_product_id", json!(permalink)),
        ("email", json!(sale.buyer.email)),
        ("price", json!(sale.price)),
        ("gumroad_fee", json!(sale.price / 10)),
        ("currency", json!("usd")),
        ("quantity", json!(sale.quantity)),
        ("discover_fee_charged", json!(false)),
        ("can_contact", json!(true)),
        ("referrer", json!("direct")),
        ("card", card()),
        ("order_number", json!(order_number(sale.number))),
        ("sale_id", json!(sale.id)),
        ("sale_timestamp", json!(written(sale.created_at))),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .into();
    let mut add = |name: &str, value: Value| members.push((name.to_owned(), value));
    if !sale.buyer.name.is_empty() {
        add("full_name", sale.buyer.name.as_str().into());
    }
    if let Some(id) = &sale.buyer.id {
        add("purchaser_id", id.as_str().into());
    }
    if let Some(subscription) = state.subscription_of(sale) {
        add("subscription_id", subscription.id.as_str().into());
    }
    if sale.is_test {
        add("test", true.into());
    }
    members
}

/// The card that every purchase shows, a made-up one.
pub(super) fn card() -> Value {
    json!({ "visual": "**** **** **** 4242", "type": "visa", "bin": null, "expiry_month": null, "expiry_year": null })
}

/// A customer that the seller imported.
fn imported(customer: &ImportedCustomer, product: &str, now: Timestamp) -> Members {
    [
        ("email", json!(customer.email)),
        ("created_at", json!(written(customer.created_at))),
        ("timestamp", json!(ago(customer.created_at, now))),
        ("link_name", json!(product)),
        ("product_name", json!(product)),
        ("price", Value::Null),
        ("is_imported_customer", json!(true)),
        ("purchase_email", json!(customer.email)),
        ("id", json!(customer.id)),
        ("can_update", Value::Null),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .into()
}
