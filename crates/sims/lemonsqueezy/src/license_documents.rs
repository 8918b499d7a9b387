//! Documents of the License API, which are plain JSON.

use anykey_core::Timestamp;
use serde_json::{Value, json};

use super::records::{Instance, Key};
use super::state::State;
use super::time::written;

impl State {
    /// A key as the License API writes it.
    pub(super) fn license_document(&self, key: &Key, now: Timestamp) -> Value {
        let mut document = json!({
            "id": key.id,
            "status": self.database.status_word(key, now, &self.quirks),
            "key": &*key.code,
            "activation_limit": key.activation_limit,
            "activation_usage": key.usage(),
            "created_at": written(key.created_at),
            "expires_at": key.expires_at.map(written),
        });
        if !self.quirks.omit_test_mode
            && let Some(members) = document.as_object_mut()
        {
            members.insert("test_mode".to_owned(), key.test_mode.into());
        }
        document
    }
}

/// An instance as the License API writes it.
pub(super) fn instance_document(instance: &Instance) -> Value {
    json!({
        "id": &*instance.identifier,
        "name": instance.name,
        "created_at": written(instance.created_at),
    })
}

/// The purchase of a key. Everyone with the key code can read the buyer's name and e-mail address.
pub(super) fn meta_document(key: &Key) -> Value {
    json!({
        "store_id": key.store,
        "order_id": key.order,
        "order_item_id": key.order_item,
        "product_id": key.product.id,
        "product_name": &*key.product.name,
        "variant_id": key.product.variant,
        "variant_name": "Default",
        "customer_id": key.customer.id,
        "customer_name": &*key.customer.name,
        "customer_email": &*key.customer.email,
    })
}
