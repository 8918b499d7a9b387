//! The JSON:API resources of the main API and of webhooks.

use anykey_core::Timestamp;
use serde_json::{Map, Value, json};

use super::records::{Instance, Key};
use super::state::State;
use super::time::written;

const KEYS: &str = "https://api.lemonsqueezy.com/v1/license-keys";
const INSTANCES: &str = "https://api.lemonsqueezy.com/v1/license-key-instances";

impl State {
    /// The resource of a key. `shows_instances` adds the ids of its instances to the relationship.
    pub(super) fn key_resource(&self, key: &Key, shows_instances: bool, now: Timestamp) -> Value {
        let disabled = if self.quirks.disabled_is_number {
            u8::from(key.disabled).into()
        } else {
            Value::Bool(key.disabled)
        };
        let status = self.database.status_word(key, now, &self.quirks);
        let link = format!("{KEYS}/{}", key.id);
        let relationship = |name: &str| {
            let related = format!("{link}/{name}");
            let links = json!({ "related": related, "self": format!("{link}/relationships/{name}") });
            let mut relationship = Map::from_iter([("links".to_owned(), links)]);
            if shows_instances && name == "license-key-instances" {
                let data: Value =
                    key.instances.iter().map(|id| identifier("license-key-instances", *id)).collect();
                relationship.insert("data".to_owned(), data);
            }
            (name.to_owned(), Value::Object(relationship))
        };
        let attributes = json!({
            "key": &*key.code,
            "key_short": key_short(&key.code),
            "activation_limit": key.activation_limit,
            "instances_count": key.usage(),
            "disabled": disabled,
            "status": status,
            "status_formatted": capitalized(status),
            "expires_at": key.expires_at.map(written),
            "created_at": written(key.created_at),
            "updated_at": written(key.updated_at),
        });
        let names = ["store", "customer", "order", "order-item", "product", "license-key-instances"];
        json!({
            "type": "license-keys",
            "id": key.id.to_string(),
            "attributes": with_sale(key, attributes),
            "relationships": names.map(relationship).into_iter().collect::<Map<_, _>>(),
            "links": { "self": link },
        })
    }
}

/// `attributes` with those of the sale of `key`.
pub(super) fn with_sale(key: &Key, attributes: Value) -> Value {
    let mut all = json!({
        "store_id": key.store,
        "customer_id": key.customer.id,
        "order_id": key.order,
        "order_item_id": key.order_item,
        "product_id": key.product.id,
        "user_name": &*key.customer.name,
        "user_email": &*key.customer.email,
        "test_mode": key.test_mode,
    });
    if let (Some(all), Value::Object(attributes)) = (all.as_object_mut(), attributes) {
        all.extend(attributes);
    }
    all
}

/// The resource of an instance. `shows_key` adds the id of its key to the relationship.
pub(super) fn instance_resource(instance: &Instance, shows_key: bool) -> Value {
    let link = format!("{INSTANCES}/{}", instance.id);
    let mut relationship = json!({
        "links": {
            "related": format!("{link}/license-key"),
            "self": format!("{link}/relationships/license-key"),
        },
    });
    if shows_key && let Some(relationship) = relationship.as_object_mut() {
        relationship.insert("data".to_owned(), identifier("license-keys", instance.key));
    }
    json!({
        "type": "license-key-instances",
        "id": instance.id.to_string(),
        "attributes": {
            "license_key_id": instance.key,
            "identifier": &*instance.identifier,
            "name": instance.name,
            "created_at": written(instance.created_at),
            "updated_at": written(instance.created_at),
        },
        "relationships": { "license-key": relationship },
        "links": { "self": link },
    })
}

/// A document with one resource and the included ones.
pub(super) fn document(resource: Value, included: Vec<Value>) -> Value {
    let link = resource.pointer("/links/self").cloned();
    let mut document =
        json!({ "jsonapi": { "version": "1.0" }, "links": { "self": link }, "data": resource });
    if !included.is_empty()
        && let Some(members) = document.as_object_mut()
    {
        members.insert("included".to_owned(), included.into());
    }
    document
}

/// The identity of a record in a relationship.
fn identifier(kind: &str, id: u64) -> Value {
    json!({ "type": kind, "id": id.to_string() })
}

/// The masked key string: `XXXX-` and its last twelve characters.
fn key_short(code: &str) -> String {
    let skipped = code.chars().count().saturating_sub(12);
    format!("XXXX-{}", code.chars().skip(skipped).collect::<String>())
}

/// A status word as the dashboard shows it.
fn capitalized(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
