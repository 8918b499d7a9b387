//! How keys come into being: by purchase, import or fulfilment, always together with a grant.

use std::sync::Arc;

use anykey_core::Timestamp;
use anykey_sim_kit::{KeyTaken, to_micros};

use super::database::Database;
use super::grant_records::Grant;
use super::ids::IdSource;
use super::key_spec::{IssuedKey, KeySource, KeySpec, Purchase};
use super::records::{Business, Customer, Key};
use super::timeline::Timeline;
use super::webhooks::{Subject, Subscription};

/// The payment and the subscription of a purchase.
#[derive(Default)]
pub(super) struct Sale {
    pub(super) payment: Option<Arc<str>>,
    pub(super) subscription: Option<Arc<str>>,
    /// Whether the purchase starts the subscription.
    pub(super) starts: bool,
}

impl Sale {
    /// Records a purchase, and starts the subscription if it is new.
    pub(super) fn of(purchase: &Purchase, database: &mut Database, ids: &mut IdSource) -> Self {
        let subscription = match purchase {
            Purchase::OneTime | Purchase::SamePayment(_) | Purchase::None => None,
            Purchase::Subscription => Some(ids.id("sub")),
            Purchase::SubscriptionSeat(id) => Some(Arc::from(id.as_str())),
        };
        let mut starts = false;
        if let Some(id) = &subscription {
            starts = !database.subscriptions.contains_key(id);
            database.subscriptions.entry(Arc::clone(id)).or_default();
        }
        let payment = match purchase {
            Purchase::None => None,
            Purchase::SamePayment(id) => Some(Arc::from(id.as_str())),
            _ => Some(ids.id("pay")),
        };
        Self { payment, subscription, starts }
    }
}

/// Creates a license key, for purchases and imports, and the grant that delivers it.
///
/// An unknown product or customer is created, so that a test need not add one first. The API's own import does not do
/// this: it answers 404.
pub(super) fn issue<'w>(
    database: &'w mut Database,
    ids: &mut IdSource,
    business_id: &Arc<str>,
    spec: KeySpec,
    now: Timestamp,
) -> Result<&'w Key, KeyTaken> {
    let code = spec.key.map_or_else(|| ids.key_code(), Arc::from);
    if database.is_code_taken(&code) {
        return Err(KeyTaken);
    }
    let (customer, product) = match database.businesses.get_mut(business_id) {
        Some(business) => (business.customer(spec.customer), business.product(spec.product)),
        None => (ids.id("cus"), ids.id("pdt")),
    };
    let Sale { payment, subscription, starts } = Sale::of(&spec.purchase, database, ids);
    let unnamed = if payment.is_some() { KeySource::Auto } else { KeySource::Import };
    let id = ids.id("lic");
    let key = Key {
        grant: id.replacen("lic_", "entg_", 1).into(),
        id,
        business: Arc::clone(business_id),
        code,
        customer,
        product,
        payment,
        subscription,
        source: spec.source.unwrap_or(unnamed),
        activations_limit: spec.activations_limit,
        expires_at: spec.expires_at.map(to_micros),
        created_at: to_micros(spec.created_at.unwrap_or(now)),
        disabled: false,
        refunded: false,
        replaced: false,
        instances: Timeline::default(),
        status_word: None,
        source_word: None,
    };
    let business = database.businesses.get_mut(business_id);
    if let Some(entitlement) = business.map(|business| business.key_entitlement(&key.product, key.created_at))
    {
        database.add_grant(Grant::delivering(&key, entitlement));
    }
    if starts && let Some(id) = &key.subscription {
        let subscription = Subscription {
            id: Arc::clone(id),
            business: Arc::clone(&key.business),
            customer: Arc::clone(&key.customer),
            product: Arc::clone(&key.product),
            since: now,
        };
        database.announce(business_id, "subscription.active", Subject::Subscription(subscription), now);
    }
    database.announce_issue(&key, now);
    Ok(database.add_key(key))
}

/// The key string, limit and expiry that a seller enters for a purchase.
pub(super) struct Fulfillment {
    pub(super) code: Arc<str>,
    pub(super) activations_limit: Option<i32>,
    pub(super) expires_at: Option<Timestamp>,
}

/// Creates the key of the pending grant `grant_id`. Does nothing if there is no such grant.
///
/// The caller has checked that the grant is pending and the code is free.
pub(super) fn fulfill(
    database: &mut Database,
    ids: &mut IdSource,
    grant_id: &str,
    given: Fulfillment,
    now: Timestamp,
) {
    let before = database.grant_before(grant_id);
    let Some(grant) = database.grants.get_mut(grant_id) else { return };
    let Some(business) = database.businesses.get(&grant.business) else { return };
    let id = ids.id("lic");
    grant.key = Some(Arc::clone(&id));
    grant.delivered_at = Some(now);
    grant.updated_at = now;
    let key = Key {
        id,
        business: Arc::clone(&grant.business),
        code: given.code,
        customer: Arc::clone(&grant.customer),
        product: Arc::clone(&business.first_product),
        payment: grant.payment.clone(),
        subscription: grant.subscription.clone(),
        source: KeySource::Manual,
        activations_limit: given.activations_limit,
        expires_at: given.expires_at.map(to_micros),
        created_at: now,
        disabled: false,
        refunded: false,
        replaced: false,
        grant: Arc::clone(&grant.id),
        instances: Timeline::default(),
        status_word: None,
        source_word: None,
    };
    let (business, key) = (Arc::clone(&key.business), Arc::clone(&database.add_key(key).id));
    database.announce(&business, "license_key.created", Subject::Key(key), now);
    database.announce_changes(before, now);
}

impl Business {
    /// The customer with this id, created if it is new; the first one without an id.
    pub(super) fn customer(&mut self, id: Option<String>) -> Arc<str> {
        let Some(id) = id.map(Arc::<str>::from) else { return Arc::clone(&self.first_customer) };
        self.customers.entry(Arc::clone(&id)).or_insert_with(Customer::first);
        id
    }

    /// The product with this id, created if it is new; the first one without an id.
    fn product(&mut self, id: Option<String>) -> Arc<str> {
        let Some(id) = id.map(Arc::<str>::from) else { return Arc::clone(&self.first_product) };
        self.products.entry(Arc::clone(&id)).or_default();
        id
    }
}

impl From<&Key> for IssuedKey {
    fn from(key: &Key) -> Self {
        Self {
            id: key.id.to_string(),
            key: key.code.to_string(),
            product_id: key.product.to_string(),
            customer_id: key.customer.to_string(),
            payment_id: key.payment.as_deref().map(str::to_owned),
            subscription_id: key.subscription.as_deref().map(str::to_owned),
        }
    }
}
