//! The call of the main API that lists orders. Only orders of license keys are simulated.

use std::collections::BTreeMap;

use bytes::Bytes;
use http::{Request, StatusCode};
use serde_json::{Value, json};

use super::answer::Answer;
use super::call::Call;
use super::query::Query;
use super::records::{Key, Merchant};
use super::refusal::Refusal;
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
        document.insert("data".to_owned(), orders.into_iter().map(order_resource).collect());
        Ok(Answer::json_api(StatusCode::OK, document.into()))
    }
}

/// The resource of the order of `key`, with the attributes that a client needs to recognise it.
fn order_resource(key: &Key) -> Value {
    json!({
        "type": "orders",
        "id": key.order.to_string(),
        "attributes": {
            "store_id": key.store,
            "customer_id": key.customer.id,
            "order_number": key.order,
            "user_name": &*key.customer.name,
            "user_email": &*key.customer.email,
            "status": "paid",
            "created_at": written(key.created_at),
            "updated_at": written(key.created_at),
            "test_mode": key.test_mode,
        },
        "links": { "self": format!("https://api.lemonsqueezy.com/v1/orders/{}", key.order) },
    })
}
