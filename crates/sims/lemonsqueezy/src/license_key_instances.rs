//! The calls of the main API that list and read instances.

use bytes::Bytes;
use http::{Request, StatusCode};

use super::answer::Answer;
use super::call::Call;
use super::license_keys::number;
use super::query::Query;
use super::records::{Instance, Merchant};
use super::refusal::Refusal;
use super::resources::{document, instance_resource};

const KEY: &str = "license-key";

/// The calls of the main API for instances, which can only be read.
///
/// Only a deactivation removes one, with the key string and the identifier (documentation, 2026).
impl Call<'_> {
    /// `GET /v1/license-key-instances`
    pub(super) fn list_instances(
        &self,
        merchant: Merchant,
        request: &Request<Bytes>,
    ) -> Result<Answer, Refusal> {
        let query = Query::of(request.uri());
        let page = query.page(&self.state.quirks)?;
        let key = query.filter("license_key_id");
        let matching = self.state.database.instances.values().filter(|instance| {
            self.is_own(merchant, instance) && key.is_none_or(|key| key == instance.key.to_string())
        });
        let matching: Vec<_> = matching.collect();
        let mut list = query.frame(page, matching.len());
        let shows_key = query.includes(KEY);
        let instances = page.of(matching);
        let data: Vec<_> = instances.iter().map(|instance| instance_resource(instance, shows_key)).collect();
        list.insert("data".to_owned(), data.into());
        if shows_key {
            let mut keys: Vec<_> = instances.iter().map(|instance| instance.key).collect();
            keys.sort_unstable();
            keys.dedup();
            let keys = keys.iter().filter_map(|id| self.state.database.keys.get(id));
            let included: Vec<_> = keys.map(|key| self.state.key_resource(key, false, self.now)).collect();
            list.insert("included".to_owned(), included.into());
        }
        Ok(Answer::json_api(StatusCode::OK, list.into()))
    }

    /// `GET /v1/license-key-instances/{id}`, by the record's id, not by the identifier.
    pub(super) fn get_instance(
        &self,
        merchant: Merchant,
        id: &str,
        request: &Request<Bytes>,
    ) -> Result<Answer, Refusal> {
        let instance = number(id).and_then(|id| self.state.database.instances.get(&id));
        let own = instance.filter(|instance| self.is_own(merchant, instance));
        let instance = own.ok_or_else(Refusal::not_found)?;
        let shows_key = Query::of(request.uri()).includes(KEY);
        let key = self.state.database.keys.get(&instance.key).filter(|_| shows_key);
        let included = key.map(|key| self.state.key_resource(key, false, self.now)).into_iter().collect();
        Ok(Answer::json_api(StatusCode::OK, document(instance_resource(instance, shows_key), included)))
    }

    /// Whether the instance's key belongs to the merchant and mode of the API key.
    fn is_own(&self, merchant: Merchant, instance: &Instance) -> bool {
        self.state.database.keys.get(&instance.key).is_some_and(|key| merchant.owns(key))
    }
}
