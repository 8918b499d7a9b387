//! The three calls of installed apps.

use std::sync::Arc;

use bytes::Bytes;
use http::{Request, StatusCode};
use serde::Deserialize;

use super::answer::Answer;
use super::body;
use super::call::Call;
use super::documents::{
    ActivationDocument, CustomerDocument, InstanceDocument, ProductDocument, ValidationDocument,
};
use super::inspect::KeyStatus;
use super::quirks::Profile;
use super::records::Key;
use super::refusal::Refusal;

/// The name is required; the vendor stores it as it is, and two instances of a key may have the same.
#[derive(Deserialize)]
struct ActivateBody {
    license_key: String,
    name: String,
}

#[derive(Deserialize)]
struct DeactivateBody {
    license_key: String,
    license_key_instance_id: String,
}

/// Without an instance only the key is validated.
#[derive(Deserialize)]
struct ValidateBody {
    license_key: String,
    license_key_instance_id: Option<String>,
}

/// The calls that need no credential. They find a key of any business by its key string.
impl Call<'_> {
    /// `POST /licenses/activate`
    ///
    /// Checked in this order: the body, the key (404), its status (403), its limit (422). A repeated activation is a
    /// new instance: the vendor knows no fingerprint and no idempotency key (SDKs, 2026).
    pub(super) fn activate(&mut self, request: &Request<Bytes>) -> Result<Answer, Refusal> {
        let body: ActivateBody = body::read(request, self.quirks)?;
        let key = self.known_key(&body.license_key)?;
        if self.status_of(key) != KeyStatus::Active {
            return Err(Refusal::inactive_key());
        }
        if key.activations_limit.is_some_and(|limit| key.instances_count() >= limit) {
            return Err(Refusal::limit_reached(self.quirks));
        }
        let (key_id, business_id) = (Arc::clone(&key.id), Arc::clone(&key.business));
        let id = self.ids.id("lki");
        self.database.add_instance(Arc::clone(&id), &key_id, body.name, self.now);

        let database = &*self.database;
        let instance = database.instances.get(&id).ok_or_else(Refusal::internal)?;
        let key = database.keys.get(&key_id).ok_or_else(Refusal::internal)?;
        let business = database.businesses.get(&business_id).ok_or_else(Refusal::internal)?;
        let current = self.quirks.profile == Profile::Current;
        let document = ActivationDocument {
            instance: InstanceDocument::new(instance, self.quirks),
            customer: CustomerDocument::of(key, business).filter(|_| current),
            product: ProductDocument::of(key, business).filter(|_| current),
        };
        Ok(self.json(StatusCode::CREATED, &document))
    }

    /// `POST /licenses/deactivate`: also for disabled and expired keys.
    ///
    /// An instance that is unknown, already removed or another key's is a 403, an unknown key a 404. Which code
    /// belongs to that 403 is inferred from its message.
    pub(super) fn deactivate(&mut self, request: &Request<Bytes>) -> Result<Answer, Refusal> {
        let body: DeactivateBody = body::read(request, self.quirks)?;
        let key = self.known_key(&body.license_key)?;
        if !self.is_instance_of(key, &body.license_key_instance_id) {
            return Err(Refusal::foreign_instance());
        }
        self.database.remove_instance(&body.license_key_instance_id);
        Ok(if self.quirks.deactivation_answers_object {
            self.json(StatusCode::OK, &serde_json::json!({}))
        } else {
            Answer::empty(StatusCode::OK)
        })
    }

    /// `POST /licenses/validate`: an unknown key is invalid, not 404.
    ///
    /// Users confirmed the 200 for unknown keys (September 2026). An instance of another key makes the answer false.
    pub(super) fn validate(&self, request: &Request<Bytes>) -> Result<Answer, Refusal> {
        let body: ValidateBody = body::read(request, self.quirks)?;
        let valid = self.database.key_with_code(&body.license_key).is_some_and(|key| {
            let instance = body.license_key_instance_id.as_deref();
            self.status_of(key) == KeyStatus::Active
                && instance.is_none_or(|instance| self.is_instance_of(key, instance))
        });
        Ok(self.json(StatusCode::OK, &ValidationDocument { valid }))
    }

    /// The key with this key string, of any business, or a 404.
    fn known_key(&self, code: &str) -> Result<&Key, Refusal> {
        self.database.key_with_code(code).ok_or_else(|| Refusal::not_found("License key"))
    }

    /// Whether the instance exists and belongs to `key`.
    fn is_instance_of(&self, key: &Key, instance_id: &str) -> bool {
        self.database.instances.get(instance_id).is_some_and(|instance| instance.key == key.id)
    }
}
