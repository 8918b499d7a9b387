//! Verifies deliveries and finds out what they are about.
//!
//! The signature is verified over the bytes, before anything is parsed. Only then the store and the mode are compared,
//! since one secret may sign the deliveries of several webhooks.

use std::borrow::Cow;

use anykey_core::adapter::ErrorExt as _;
use anykey_core::{
    Environment, HeaderMap, LicenseEvent, Operation, Result, SecretResolver, SecretString, Timestamp,
    UnreadableDelivery, WebhookError, WebhookReceiver,
};
use anykey_http::JsonMember;
use anykey_webhook::{Authentic, BodyVerifier, Delivery, SigningKey, resolve_secrets};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::{key, purchase};
use crate::credential::{check_id, check_webhook_secret};
use crate::{LemonSqueezyConfig, NAME};

/// The header with the lower-case hexadecimal HMAC-SHA256 of the body (documentation, 2026).
const SIGNATURE: &str = "x-signature";

/// Verifies and parses the deliveries of one store.
///
/// Lemon Squeezy signs the body alone and sends neither an id nor a time: [`LicenseEvent::id`] is a digest of the body,
/// which is the same when a delivery is sent again, and [`LicenseEvent::as_of`] is the record's last change.
///
/// Deliveries of another store or environment return [`WebhookError::NotOfInterest`].
#[derive(Clone, Debug)]
pub struct LemonSqueezyWebhooks {
    /// The store whose deliveries are of interest.
    store_id: Box<str>,
    /// The mode whose deliveries are of interest.
    environment: Environment,
    /// The secrets; a delivery has to be signed with one of them.
    verifier: BodyVerifier,
}

/// The body of a delivery.
#[derive(Deserialize)]
struct Envelope<'a> {
    /// The event's name. The data of the checkout beside it is not read.
    #[serde(borrow)]
    meta: Meta<'a>,
    /// The record, as text until its kind is known; absent for events without one.
    #[serde(borrow)]
    data: Option<&'a RawValue>,
}

/// The part of `meta` that every delivery has. `test_mode` and `webhook_id` are not promised, so they are not read.
#[derive(Deserialize)]
struct Meta<'a> {
    /// The event's name, also in the header `X-Event-Name`, which is not signed.
    #[serde(borrow)]
    event_name: Cow<'a, str>,
}

/// The store and the mode of a record.
#[derive(Default, Deserialize)]
struct Owned {
    /// Empty for a record that does not have them.
    #[serde(default)]
    attributes: Ownership,
}

/// The members that decide whether a delivery is of interest.
#[derive(Default, Deserialize)]
struct Ownership {
    /// The store; a record without one is not foreign.
    #[serde(default)]
    store_id: JsonMember<Box<str>>,
    /// Whether the record is one of test mode; absent is accepted in both.
    #[serde(default)]
    test_mode: JsonMember<bool>,
}

impl LemonSqueezyWebhooks {
    /// A receiver of deliveries of the store `store_id` in `environment` that are signed with one of `secrets`; several
    /// while one is replaced.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`](anykey_core::ErrorKind::Config) when there is no secret, when one has fewer than 16
    /// characters and could be guessed, or when the store's id is not a number.
    pub fn new(
        store_id: impl Into<Box<str>>,
        environment: Environment,
        secrets: impl IntoIterator<Item = SecretString>,
    ) -> Result<Self> {
        let store_id = store_id.into();
        let named =
            |error: anykey_core::Error| error.with_provider(NAME).with_operation(Operation::Configure);
        check_id("store_id", &store_id).map_err(named)?;
        let secrets: Vec<SecretString> = secrets.into_iter().collect();
        secrets.iter().try_for_each(check_webhook_secret).map_err(named)?;
        let verifier =
            BodyVerifier::requiring(SIGNATURE, secrets.iter().map(SigningKey::literal)).map_err(named)?;
        Ok(Self { store_id, environment, verifier })
    }

    /// Whether a record belongs to another store or the other mode. A record that cannot be read is not foreign, so
    /// that it is reported as unreadable and not lost.
    fn is_foreign(&self, data: &str) -> bool {
        let Owned { attributes } = super::read(data).unwrap_or_default();
        let environment = attributes.test_mode.value().map(|is_test| match is_test {
            true => Environment::Sandbox,
            false => Environment::Live,
        });
        attributes.store_id.value().is_some_and(|store| store != self.store_id)
            || self.environment.refuse(environment).is_some()
    }
}

impl WebhookReceiver for LemonSqueezyWebhooks {
    fn provider(&self) -> &str {
        NAME
    }

    fn verify(&self, headers: &HeaderMap, body: &[u8], now: Timestamp) -> Result<LicenseEvent, WebhookError> {
        let authentic = self.verifier.verify(headers, body, now)?;
        let delivery = open(authentic, body)?;
        let raw_type = &*delivery.raw_type;
        let event = match raw_type {
            "order_refunded" => purchase::of_order,
            _ if raw_type.starts_with("license_key_") => key::event,
            // Payments of a subscription are records of another kind.
            _ if raw_type.starts_with("subscription_payment_") => return Err(delivery.not_of_interest()),
            _ if raw_type.starts_with("subscription_") => purchase::of_subscription,
            _ => return Err(delivery.not_of_interest()),
        };
        if self.is_foreign(delivery.data) {
            return Err(delivery.not_of_interest());
        }
        event(&delivery)
    }
}

/// Reads event name and record of an authentic delivery.
///
/// # Errors
///
/// `Unreadable` with the bytes, if the body is not such an object.
fn open(authentic: Authentic, body: &[u8]) -> Result<Delivery<'_>, WebhookError> {
    let envelope = std::str::from_utf8(body).ok().and_then(|text| super::read::<Envelope<'_>>(text).ok());
    match envelope {
        Some(Envelope { meta, data }) => {
            Ok(Delivery::new(authentic, meta.event_name, None, data.map_or("null", RawValue::get), body))
        }
        None => {
            let cause = "it is not a JSON object with `meta` and its `event_name`";
            let Authentic { id, sent_at, .. } = authentic;
            Err(WebhookError::Unreadable(UnreadableDelivery::new(id, sent_at, cause, body)))
        }
    }
}

impl LemonSqueezyConfig {
    /// The receiver of this configuration's webhooks.
    ///
    /// It reads `store_id`, `environment` and `webhook_secrets`, and no token.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`](anykey_core::ErrorKind::Config), naming the field.
    pub fn webhooks(&self, secrets: &dyn SecretResolver) -> Result<LemonSqueezyWebhooks> {
        let secrets = resolve_secrets(&self.webhook_secrets, secrets)?;
        LemonSqueezyWebhooks::new(self.store_id.clone(), self.environment, secrets)
            .map_err(|error| error.in_context("`webhook_secrets`"))
    }
}
