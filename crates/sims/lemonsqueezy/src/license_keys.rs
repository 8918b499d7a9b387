//! The calls of the main API that list, read and change license keys.

use bytes::Bytes;
use http::{Request, StatusCode};
use serde_json::Value;

use super::answer::Answer;
use super::call::Call;
use super::patch::Patch;
use super::query::Query;
use super::records::{Key, Merchant};
use super::refusal::Refusal;
use super::resources::{document, instance_resource};
use super::time::day_of;

const INSTANCES: &str = "license-key-instances";

/// The calls of the main API for license keys. A key of another merchant or mode is unknown to the caller.
impl Call<'_> {
    /// `GET /v1/license-keys`
    ///
    /// There is no filter by key string. To find a key's id, a client validates it and reads `license_key.id`.
    pub(super) fn list_keys(&self, merchant: Merchant, request: &Request<Bytes>) -> Result<Answer, Refusal> {
        let state = &*self.state;
        let query = Query::of(request.uri());
        let page = query.page(&state.quirks)?;
        let is = |name: &str, value: u64| query.filter(name).is_none_or(|text| text == value.to_string());
        let matching = state.database.keys.values().filter(|key| merchant.owns(key)).filter(|key| {
            is("store_id", key.store)
                && is("order_id", key.order)
                && is("order_item_id", key.order_item)
                && is("product_id", key.product.id)
                && query
                    .filter("status")
                    .is_none_or(|word| state.database.status(key, self.now, &state.quirks).word() == word)
        });
        let matching: Vec<_> = matching.collect();
        let mut document = query.frame(page, matching.len());
        let keys = page.of(matching);
        let shows_instances = query.includes(INSTANCES);
        let data: Vec<_> =
            keys.iter().map(|key| state.key_resource(key, shows_instances, self.now)).collect();
        document.insert("data".to_owned(), data.into());
        if shows_instances {
            let included: Vec<_> = keys.iter().flat_map(|key| self.included(key)).collect();
            document.insert("included".to_owned(), included.into());
        }
        Ok(Answer::json_api(StatusCode::OK, document.into()))
    }

    /// `GET /v1/license-keys/{id}`
    pub(super) fn get_key(
        &self,
        merchant: Merchant,
        id: &str,
        request: &Request<Bytes>,
    ) -> Result<Answer, Refusal> {
        let key = self.own_key(merchant, id)?;
        let shows_instances = Query::of(request.uri()).includes(INSTANCES);
        let included = if shows_instances { self.included(key) } else { Vec::new() };
        let resource = self.state.key_resource(key, shows_instances, self.now);
        Ok(Answer::json_api(StatusCode::OK, document(resource, included)))
    }

    /// `PATCH /v1/license-keys/{id}`. All changes are made or none. The limit may be below the usage.
    ///
    /// Checked in this order: the content type (415), the key (404), the body. Absent attributes stay as they are.
    pub(super) fn patch_key(
        &mut self,
        merchant: Merchant,
        id: &str,
        request: &Request<Bytes>,
    ) -> Result<Answer, Refusal> {
        Patch::check_type(request, &self.state.quirks)?;
        let key_id = self.own_key(merchant, id)?.id;
        let patch = Patch::read(request, key_id)?;
        let whole_days = self.state.quirks.expiry_is_a_day;
        self.state.change_key(key_id, self.now, |key| {
            key.activation_limit = patch.activation_limit.unwrap_or(key.activation_limit);
            key.disabled = patch.disabled.unwrap_or(key.disabled);
            if let Some(expires_at) = patch.expires_at {
                key.expires_at = expires_at.map(|at| if whole_days { day_of(at) } else { at });
            }
        });
        self.get_key(merchant, id, request)
    }

    /// The key with this id, or a 404 if it is unknown or the API key does not see it.
    pub(super) fn own_key(&self, merchant: Merchant, id: &str) -> Result<&Key, Refusal> {
        let key = number(id).and_then(|id| self.state.database.keys.get(&id));
        key.filter(|key| merchant.owns(key)).ok_or_else(Refusal::not_found)
    }

    /// The instances of a key as resources, for `include`.
    fn included(&self, key: &Key) -> Vec<Value> {
        let instances = key.instances.iter().filter_map(|id| self.state.database.instances.get(id));
        instances.map(|instance| instance_resource(instance, false)).collect()
    }
}

/// Parses an id, which has only one spelling.
pub(super) fn number(text: &str) -> Option<u64> {
    text.parse().ok().filter(|number: &u64| number.to_string() == text)
}
