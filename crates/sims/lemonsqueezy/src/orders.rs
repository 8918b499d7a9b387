//! Orders, and the call of the main API that lists them. Only orders of license keys are simulated.

use std::collections::BTreeMap;

use bytes::Bytes;
use http::{Request, StatusCode};
use serde_json::{Value, json};

use super::answer::Answer;
use super::call::Call;
use super::query::Query;
use super::records::{Key, Merchant};
use super::refusal::Refusal;
use super::state::State;
use super::time::written;

impl Call<'_> {
    /// `GET /v1/orders`, by store and by the buyer's address. Whether the vendor compares the address without regard to
    /// case is not documented; here it does.
    pub(super) fn list_orders(
        &self,
        merchant: Merchant,
        request: &Request<Bytes>,
    ) -> Result<Answer, Refusal> {
        let query = Query::of(request.uri());
        let page = query.page(&self.state.quirks)?;
        let is_asked = |key: &&Key| {
            let (store, email) = (query.filter("store_id"), query.filter("user_email"));
            store.is_none_or(|asked| asked == key.store.to_string())
                && email.is_none_or(|asked| key.customer.email.eq_ignore_ascii_case(asked))
        };
        let keys = self.state.database.keys.values().filter(|key| merchant.owns(key)).filter(is_asked);
        let orders: BTreeMap<u64, &Key> = keys.map(|key| (key.order, key)).collect();
        let mut document = query.frame(page, orders.len());
        let orders = page.of(orders.into_values().collect());
        document.insert(
            "data".to_owned(),
            orders.into_iter().map(|key| self.state.order_resource(key)).collect(),
        );
        Ok(Answer::json_api(StatusCode::OK, document.into()))
    }
}

impl State {
    /// The order of `key` with its first item, the only one that the simulator sells. The same in lists and events.
    pub(super) fn order_resource(&self, key: &Key) -> Value {
        let refunded_at = self.database.refunded.get(&key.order).copied();
        json!({
            "type": "orders",
            "id": key.order.to_string(),
            "attributes": {
                "store_id": key.store,
                "customer_id": key.customer.id,
                "order_number": key.order,
                "user_name": &*key.customer.name,
                "user_email": &*key.customer.email,
                "status": if refunded_at.is_some() { "refunded" } else { "paid" },
                "refunded": refunded_at.is_some(),
                "refunded_at": refunded_at.map(written),
                "first_order_item": {
                    "id": key.order_item,
                    "order_id": key.order,
                    "product_id": key.product.id,
                    "variant_id": key.product.variant,
                    "product_name": &*key.product.name,
                    "test_mode": key.test_mode,
                },
                "created_at": written(key.created_at),
                "updated_at": written(refunded_at.unwrap_or(key.created_at)),
                "test_mode": key.test_mode,
            },
            "links": { "self": format!("https://api.lemonsqueezy.com/v1/orders/{}", key.order) },
        })
    }
}
