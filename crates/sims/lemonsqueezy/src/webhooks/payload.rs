//! The bodies of events: JSON:API documents with a `meta` of their own.

use anykey_core::Timestamp;
use serde_json::{Map, Value, json};

use crate::records::Key;
use crate::resources::with_sale;
use crate::state::State;
use crate::time::written;

/// The subject of an event about a key's purchase.
///
/// The record in `data` is that of the key, its order or its subscription.
#[derive(Clone, Debug)]
pub(crate) enum Subject {
    Key,
    Order,
    Subscription { status: &'static str },
}

impl State {
    /// The `data` of an event about the purchase of `key`.
    pub(super) fn event_data(&self, key: &Key, subject: &Subject, now: Timestamp) -> Value {
        match subject {
            Subject::Key => self.key_resource(key, false, now),
            Subject::Order => self.order_resource(key),
            Subject::Subscription { status } => subscription(key, status, now),
        }
    }
}

/// The body of every request.
pub(super) fn envelope(
    event_name: &str,
    webhook: u64,
    test_mode: bool,
    is_bare: bool,
    data: &Value,
) -> Value {
    let mut meta = Map::from_iter([("event_name".to_owned(), Value::from(event_name))]);
    if !is_bare {
        meta.insert("test_mode".to_owned(), test_mode.into());
        meta.insert("webhook_id".to_owned(), webhook.to_string().into());
    }
    json!({ "meta": meta, "data": data })
}

/// A subscription with the attributes that concern its keys. Prices and dates of renewals are not simulated.
fn subscription(key: &Key, status: &str, now: Timestamp) -> Value {
    let attributes = json!({
        "variant_id": key.product.variant,
        "product_name": &*key.product.name,
        "status": status,
        "created_at": written(key.created_at),
        "updated_at": written(now),
    });
    json!({
        "type": "subscriptions",
        "id": key.subscription.unwrap_or_default().to_string(),
        "attributes": with_sale(key, attributes),
    })
}
