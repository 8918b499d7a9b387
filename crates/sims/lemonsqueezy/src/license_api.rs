//! The License API: activate, validate and deactivate, by the key string.

use bytes::Bytes;
use http::{Request, StatusCode};
use serde_json::{Map, Value};

use super::answer::Answer;
use super::call::Call;
use super::fields::{Fields, Required, invalid_uuid};
use super::license_documents::{instance_document, meta_document};
use super::quirks::{Check, ExpiredText, LimitText};
use super::records::{Instance, Key};
use super::route::LicenseCall;

const KEY: Required = Required("license_key");
const NAME: Required = Required("instance_name");
const INSTANCE: Required = Required("instance_id");

/// Why a call with readable fields is refused.
enum Refused {
    UnknownKey,
    UnknownInstance,
    Disabled,
    Expired,
    Full,
}

/// The License API. It needs no credential and knows the keys of all merchants.
///
/// A client therefore has to compare the store and the product in `meta` itself: a key of any other seller on the
/// platform is valid too.
impl Call<'_> {
    /// Missing fields come first (422, without the flag), then the key (404), then the checks of a known key. The
    /// order follows the behaviour that other projects have noted; the parts without a source are in
    /// [`Quirks::check_order`](super::quirks::Quirks::check_order).
    pub(super) fn license(&mut self, call: LicenseCall, request: &Request<Bytes>) -> Answer {
        let fields = Fields::read(request);
        let (required, optional): (&[Required], &[&str]) = match call {
            LicenseCall::Activate => (&[KEY, NAME], &[]),
            LicenseCall::Validate => (&[KEY], &["instance_id"]),
            LicenseCall::Deactivate => (&[KEY, INSTANCE], &[]),
        };
        if let Some(unprocessable) = fields.check(required, optional) {
            return unprocessable;
        }
        let instance_id = if call == LicenseCall::Activate { None } else { fields.text("instance_id") };
        let is_uuid = instance_id.is_none_or(|id| uuid::Uuid::parse_str(id).is_ok());
        if self.state.quirks.malformed_instance_is_unprocessable && !is_uuid {
            return invalid_uuid("instance_id");
        }
        let code = fields.text("license_key").unwrap_or_default();
        let Some(key) = self.known_key(code) else { return self.refused(call, None, &Refused::UnknownKey) };
        let key_id = key.id;
        let (refusal, instance) = match self.check(call, key, instance_id) {
            Ok(instance) => (None, instance.map(|instance| instance.id)),
            Err(refusal) => (Some(refusal), None),
        };
        if let Some(refusal) = refusal {
            return self.refused(call, Some(key_id), &refusal);
        }
        match (call, instance) {
            (LicenseCall::Activate, _) => {
                self.activated(key_id, fields.text("instance_name").unwrap_or_default())
            }
            (LicenseCall::Deactivate, Some(instance)) => self.deactivated(key_id, instance),
            _ => self.validated(key_id, instance),
        }
    }

    /// The key with this code, once it is known to the License API.
    ///
    /// Users reported that a new key was unknown for half an hour (January 2026); a quirk simulates it.
    fn known_key(&self, code: &str) -> Option<&Key> {
        let key = self.state.database.key_with_code(code, &self.state.quirks)?;
        let known_from =
            key.created_at.checked_add(self.state.quirks.unknown_at_first).unwrap_or(key.created_at);
        (known_from <= self.now).then_some(key)
    }

    /// Checks a key in the order of the quirks; returns the requested instance.
    ///
    /// An expired key can be deactivated unless a quirk is set, a disabled one cannot. The limit comes last and
    /// concerns activations only.
    fn check<'k>(
        &'k self,
        call: LicenseCall,
        key: &'k Key,
        instance_id: Option<&str>,
    ) -> Result<Option<&'k Instance>, Refused> {
        let database = &self.state.database;
        let quirks = &self.state.quirks;
        let expiry_matters = call != LicenseCall::Deactivate || quirks.expired_keeps_instances;
        let instance = instance_id.map(|id| database.instance_of(key, id));
        for check in quirks.check_order {
            match check {
                Check::Instance if matches!(instance, Some(None)) => return Err(Refused::UnknownInstance),
                Check::Disabled if key.disabled => return Err(Refused::Disabled),
                Check::Expired if expiry_matters && database.is_expired(key, self.now) => {
                    return Err(Refused::Expired);
                }
                _ => {}
            }
        }
        if call == LicenseCall::Activate && key.is_full() {
            return Err(Refused::Full);
        }
        Ok(instance.flatten())
    }

    /// Makes a new instance, also for a name that exists, and answers with it.
    fn activated(&mut self, key_id: u64, name: &str) -> Answer {
        let before = self.state.database.keys.get(&key_id).map(Key::usage);
        let id = self.state.add_instance(key_id, name, self.now);
        let instance = self.state.database.instances.get(&id).map(instance_document);
        let mut members = self.success(LicenseCall::Activate, key_id);
        members.insert("instance".to_owned(), instance.unwrap_or_default());
        let shown = members.get_mut("license_key").and_then(Value::as_object_mut);
        if self.state.quirks.activation_counts_before
            && let Some(key) = shown
        {
            key.insert("activation_usage".to_owned(), before.into());
        }
        Answer::json(StatusCode::OK, members.into())
    }

    /// The answer about a valid key; `instance` is null if the request named none.
    fn validated(&self, key_id: u64, instance: Option<u64>) -> Answer {
        let instance = instance.and_then(|id| self.state.database.instances.get(&id)).map(instance_document);
        let mut members = self.success(LicenseCall::Validate, key_id);
        members.insert("instance".to_owned(), instance.unwrap_or_default());
        Answer::json(StatusCode::OK, members.into())
    }

    /// Removes the instance. The answer has no `instance`, but the key with its new usage.
    fn deactivated(&mut self, key_id: u64, instance: u64) -> Answer {
        self.state.remove_instance(key_id, instance, self.now);
        Answer::json(StatusCode::OK, self.success(LicenseCall::Deactivate, key_id).into())
    }

    /// The members that all successes have: the flag of the call, `error: null`, the key and its `meta`.
    fn success(&self, call: LicenseCall, key_id: u64) -> Map<String, Value> {
        let mut members =
            Map::from_iter([(call.flag().to_owned(), Value::Bool(true)), ("error".to_owned(), Value::Null)]);
        members.extend(self.key_members(key_id));
        members
    }

    /// The 400 contains the key, so that a client can read why; the 404 does not. The texts are those that other
    /// projects and the tests of the official package have recorded; for an expired key and for the limit there are
    /// two each.
    fn refused(&self, call: LicenseCall, key_id: Option<u64>, why: &Refused) -> Answer {
        let quirks = &self.state.quirks;
        let (status, error) = match why {
            Refused::UnknownKey => (StatusCode::NOT_FOUND, "license_key not found."),
            Refused::UnknownInstance => (StatusCode::NOT_FOUND, "license_key_instance not found."),
            Refused::Disabled => (StatusCode::BAD_REQUEST, "This license key is disabled."),
            Refused::Expired => (
                StatusCode::BAD_REQUEST,
                match quirks.expired_text {
                    ExpiredText::IsExpired => "This license key is expired.",
                    ExpiredText::HasExpired => "This license key has expired.",
                },
            ),
            Refused::Full => (
                StatusCode::BAD_REQUEST,
                match quirks.limit_text {
                    LimitText::Present => "This license key has reached the activation limit.",
                    LimitText::Former => "License key activation limit reached.",
                },
            ),
        };
        let mut members = Map::from_iter([
            (call.flag().to_owned(), Value::Bool(false)),
            ("error".to_owned(), error.into()),
        ]);
        let shown = key_id.filter(|_| match why {
            Refused::UnknownKey => false,
            Refused::UnknownInstance => quirks.unknown_instance_shows_key,
            Refused::Disabled | Refused::Expired | Refused::Full => true,
        });
        let is_validation = call == LicenseCall::Validate;
        match shown {
            Some(key_id) => members.extend(self.key_members(key_id)),
            None if is_validation && !quirks.omit_unknown => {
                members.extend(["license_key", "meta"].map(|name| (name.to_owned(), Value::Null)));
            }
            None => {}
        }
        if is_validation && (shown.is_some() || !quirks.omit_unknown) {
            members.insert("instance".to_owned(), Value::Null);
        }
        Answer::json(status, members.into())
    }

    /// The members `license_key` and `meta` of a known key.
    fn key_members(&self, key_id: u64) -> impl Iterator<Item = (String, Value)> {
        let key = self.state.database.keys.get(&key_id);
        let members = key.map(|key| {
            [
                ("license_key".to_owned(), self.state.license_document(key, self.now)),
                ("meta".to_owned(), meta_document(key)),
            ]
        });
        members.into_iter().flatten()
    }
}
