//! The calls that list, import, read and change license keys. All but the import are deprecated by the vendor (2026).

use std::sync::Arc;

use anykey_core::Timestamp;
use anykey_sim_kit::to_micros;
use bytes::Bytes;
use http::{Request, StatusCode};
use serde::Deserialize;

use super::answer::Answer;
use super::body;
use super::call::Call;
use super::documents::ListDocument;
use super::inspect::KeyStatus;
use super::issuing::issue;
use super::key_spec::{KeySource, KeySpec, Purchase};
use super::query::Query;
use super::records::{Business, Key};
use super::refusal::Refusal;

/// The key string is required: the vendor generates keys only for purchases.
#[derive(Deserialize)]
struct CreateBody {
    customer_id: String,
    key: String,
    product_id: String,
    activations_limit: Option<i32>,
    expires_at: Option<Timestamp>,
}

/// An absent member stays as it is; `null` removes the limit or the expiry.
#[derive(Deserialize)]
struct PatchBody {
    #[serde(default, deserialize_with = "body::present")]
    activations_limit: Option<Option<i32>>,
    #[serde(default, deserialize_with = "body::present")]
    expires_at: Option<Option<Timestamp>>,
    disabled: Option<bool>,
}

/// The merchant's calls on license keys. Keys of other businesses are unknown.
impl Call<'_> {
    /// `GET /license_keys`: newest first.
    ///
    /// The bounds of the time of creation are inclusive. The status filter compares the status of now, not a stored
    /// one.
    pub(super) fn list_keys(&self, business: &str, request: &Request<Bytes>) -> Result<Answer, Refusal> {
        let query = Query::of(request.uri());
        let page = query.page(self.quirks)?;
        let customer = query.text("customer_id")?;
        let product = query.text("product_id")?;
        let status = query.word("status", KeyStatus::ALL, KeyStatus::word)?;
        let source = query.word("source", KeySource::ALL, KeySource::word)?;
        let from = query.instant("created_at_gte")?.unwrap_or(Timestamp::MIN);
        let to = query.instant("created_at_lte")?.unwrap_or(Timestamp::MAX);

        let ids = self.business(business)?.keys.newest_first_within(from, to);
        let keys = ids.filter_map(|id| self.database.keys.get(id)).filter(|key| {
            customer.is_none_or(|customer| *key.customer == *customer)
                && product.is_none_or(|product| *key.product == *product)
                && status.is_none_or(|status| self.status_of(key) == status)
                && source.is_none_or(|source| key.source == source)
        });
        let items = page.of(keys).map(|key| self.key_document(key)).collect::<Result<_, _>>()?;
        Ok(self.json(StatusCode::OK, &ListDocument { items }))
    }

    /// `POST /license_keys`: imports a key. The vendor does not generate key strings here.
    ///
    /// Checked in this order: the body, the customer and the product (404), a taken key (409), a negative limit
    /// (422).
    pub(super) fn create_key(
        &mut self,
        business_id: &Arc<str>,
        request: &Request<Bytes>,
    ) -> Result<Answer, Refusal> {
        let body: CreateBody = body::read(request, self.quirks)?;
        let business = self.business(business_id)?;
        if !business.customers.contains_key(body.customer_id.as_str()) {
            return Err(Refusal::not_found("Customer"));
        }
        if !business.products.contains_key(body.product_id.as_str()) {
            return Err(Refusal::not_found("Product"));
        }
        if self.database.is_code_taken(&body.key) {
            return Err(Refusal::key_exists());
        }
        if body.activations_limit.is_some_and(|limit| limit < 0) {
            return Err(Refusal::negative_limit());
        }
        let spec = KeySpec {
            customer: Some(body.customer_id),
            product: Some(body.product_id),
            key: Some(body.key),
            activations_limit: body.activations_limit,
            expires_at: body.expires_at,
            purchase: Purchase::None,
            ..KeySpec::default()
        };
        let key =
            issue(self.database, self.ids, business_id, spec, self.now).map_err(|_| Refusal::key_exists())?;
        let id = Arc::clone(&key.id);
        self.answer_key(StatusCode::CREATED, business_id, &id)
    }

    /// `GET /license_keys/{id}`
    pub(super) fn get_key(&self, business: &str, id: &str) -> Result<Answer, Refusal> {
        self.answer_key(StatusCode::OK, business, id)
    }

    /// `PATCH /license_keys/{id}`: atomic.
    ///
    /// Nothing is changed if one of the members is refused. An expiry for the key of a subscription is a 400,
    /// removing it has no effect; a limit below the number of instances is a 422, the number itself is accepted.
    pub(super) fn patch_key(
        &mut self,
        business: &str,
        id: &str,
        request: &Request<Bytes>,
    ) -> Result<Answer, Refusal> {
        let patch: PatchBody = body::read(request, self.quirks)?;
        let before = self.database.grant_before(&self.key(business, id)?.grant);
        let key = self.database.keys.get_mut(id).ok_or_else(Refusal::internal)?;
        let follows_subscription = key.subscription.is_some();
        if follows_subscription && matches!(patch.expires_at, Some(Some(_))) {
            return Err(Refusal::expiry_on_subscription());
        }
        if matches!(patch.activations_limit, Some(Some(limit)) if limit < key.instances_count()) {
            return Err(Refusal::limit_below_use());
        }
        if let Some(limit) = patch.activations_limit {
            key.activations_limit = limit;
        }
        if let Some(expires_at) = patch.expires_at.filter(|_| !follows_subscription) {
            key.expires_at = expires_at.map(to_micros);
        }
        if let Some(disabled) = patch.disabled {
            key.disabled = disabled;
        }
        let grant = Arc::clone(&key.grant);
        self.database.announce_changes(before, self.now);
        if let Some(grant) = self.database.grants.get_mut(&grant) {
            grant.updated_at = self.now;
        }
        self.answer_key(StatusCode::OK, business, id)
    }

    /// The business of the API key that made the call.
    pub(super) fn business(&self, id: &str) -> Result<&Business, Refusal> {
        self.database.businesses.get(id).ok_or_else(Refusal::internal)
    }

    /// The key of this business with this id, or a 404.
    fn key(&self, business: &str, id: &str) -> Result<&Key, Refusal> {
        let own = self.database.keys.get(id).filter(|key| *key.business == *business);
        own.ok_or_else(|| Refusal::not_found("License key"))
    }

    /// An answer with the key's current record.
    fn answer_key(&self, status: StatusCode, business: &str, id: &str) -> Result<Answer, Refusal> {
        Ok(self.json(status, &self.key_document(self.key(business, id)?)?))
    }
}
