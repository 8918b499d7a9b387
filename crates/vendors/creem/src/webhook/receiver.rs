//! Verifies deliveries and finds out what they are about.
//!
//! The signature is verified over the bytes, before anything is parsed; then the mode is compared.

use std::borrow::Cow;

use anykey_core::adapter::ErrorExt as _;
use anykey_core::{
    Environment, HeaderMap, LicenseEvent, NotAuthentic, Operation, Result, SecretResolver, SecretString,
    Timestamp, UnreadableDelivery, WebhookError, WebhookReceiver,
};
use anykey_http::JsonMember;
use anykey_webhook::{Authentic, BodyVerifier, Delivery, SigningKey, Verifier, resolve_secrets};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::{checkout, purchase};
use crate::credential::check_webhook_secret;
use crate::{CreemConfig, NAME, map};

/// The header with the lower-case hexadecimal HMAC-SHA256 of the body (documentation, 2026).
const SIGNATURE: &str = "creem-signature";
/// The headers of Standard Webhooks. All three have to be there, as in the official package 1.13.0.
const STANDARD: [&str; 3] = ["webhook-id", "webhook-timestamp", "webhook-signature"];

/// Verifies and parses the deliveries of one endpoint, in both of Creem's schemes.
///
/// A delivery with the three headers of Standard Webhooks is verified by these alone. Any other is verified by
/// `creem-signature`, which signs the body and neither an id nor a time. Both schemes use the same secret: the first
/// one the base64 after `whsec_`, the second one the whole text.
///
/// [`LicenseEvent::id`] is the event's id in the body, which is the same when a delivery is sent again, in either
/// scheme. Deliveries of the other environment return [`WebhookError::NotOfInterest`].
#[derive(Clone, Debug)]
pub struct CreemWebhooks {
    /// The mode whose deliveries are of interest.
    environment: Environment,
    /// Verifies `creem-signature`.
    by_body: BodyVerifier,
    /// Verifies Standard Webhooks, with the secrets that have their form.
    standard: Verifier,
}

/// The body of a delivery. The official package 1.13.0 knows each of the two names of kind and record.
#[derive(Deserialize)]
struct Envelope<'a> {
    /// The id of the event, the same in each attempt; empty or absent leaves that of the verifier.
    #[serde(borrow, default)]
    id: Option<Cow<'a, str>>,
    /// The name of the event.
    #[serde(borrow, default, rename = "eventType")]
    event_type: Option<Cow<'a, str>>,
    /// The name under its other name.
    #[serde(borrow, default)]
    r#type: Option<Cow<'a, str>>,
    /// When the event happened, in milliseconds since 1970.
    #[serde(default)]
    created_at: JsonMember<i64>,
    /// The record.
    #[serde(borrow, default)]
    object: Option<&'a RawValue>,
    /// The record under its other name.
    #[serde(borrow, default)]
    data: Option<&'a RawValue>,
}

/// The mode of a record.
#[derive(Default, Deserialize)]
struct Moded {
    /// The mode; absent or unknown is accepted.
    #[serde(default)]
    mode: JsonMember<Box<str>>,
}

impl CreemWebhooks {
    /// A receiver of deliveries in `environment` that are signed with one of `secrets`; several while one is replaced.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`](anykey_core::ErrorKind::Config) when there is no secret, when one has fewer than 16
    /// characters and could be guessed, or is an API key or a URL.
    pub fn new(environment: Environment, secrets: impl IntoIterator<Item = SecretString>) -> Result<Self> {
        let named =
            |error: anykey_core::Error| error.with_provider(NAME).with_operation(Operation::Configure);
        let secrets: Vec<SecretString> = secrets.into_iter().collect();
        secrets.iter().try_for_each(check_webhook_secret).map_err(named)?;
        let by_body =
            BodyVerifier::requiring(SIGNATURE, secrets.iter().map(SigningKey::literal)).map_err(named)?;
        // A secret that is not base64 signs by its text alone.
        let standard = Verifier::new(secrets.iter().filter_map(|secret| SigningKey::standard(secret).ok()));
        Ok(Self { environment, by_body, standard })
    }

    /// Verifies a delivery by the scheme that its headers choose. There is no second try by the other one, so a
    /// delivery cannot choose the weaker one after failing at the stronger.
    fn authenticate(
        &self,
        headers: &HeaderMap,
        body: &[u8],
        now: Timestamp,
    ) -> Result<Authentic, NotAuthentic> {
        if STANDARD.iter().all(|name| headers.contains_key(*name)) {
            self.standard.verify(headers, body, now)
        } else {
            self.by_body.verify(headers, body, now)
        }
    }

    /// Whether the record is one of the other mode.
    fn is_foreign(&self, object: &str) -> bool {
        let Moded { mode } = super::read(object).unwrap_or_default();
        let environment = mode.value().and_then(|mode| map::environment(&mode));
        self.environment.refuse(environment).is_some()
    }
}

impl WebhookReceiver for CreemWebhooks {
    fn provider(&self) -> &str {
        NAME
    }

    fn verify(&self, headers: &HeaderMap, body: &[u8], now: Timestamp) -> Result<LicenseEvent, WebhookError> {
        let authentic = self.authenticate(headers, body, now)?;
        let delivery = open(authentic, body)?;
        let event = match &*delivery.raw_type {
            "checkout.completed" => checkout::event,
            "refund.created" | "dispute.created" => purchase::of_order,
            raw_type if raw_type.starts_with("subscription.") => purchase::of_subscription,
            _ => return Err(delivery.not_of_interest()),
        };
        if self.is_foreign(delivery.data) {
            return Err(delivery.not_of_interest());
        }
        event(&delivery)
    }
}

/// Reads name and record of an authentic delivery.
///
/// # Errors
///
/// `Unreadable` with the bytes, if the body is not such an object.
fn open(mut authentic: Authentic, body: &[u8]) -> Result<Delivery<'_>, WebhookError> {
    let envelope = std::str::from_utf8(body).ok().and_then(|text| super::read::<Envelope<'_>>(text).ok());
    let Some(Envelope { id, event_type, r#type, created_at, object, data }) = envelope else {
        return Err(unreadable(authentic, body));
    };
    let Some(raw_type) = event_type.or(r#type) else { return Err(unreadable(authentic, body)) };
    if let Some(id) = id.filter(|id| !id.trim().is_empty()) {
        authentic.id = id.into();
    }
    let occurred_at = created_at.value().and_then(|millis| Timestamp::from_millisecond(millis).ok());
    let object = object.or(data).map_or("null", RawValue::get);
    Ok(Delivery::new(authentic, raw_type, occurred_at, object, body))
}

/// The error for an authentic delivery that is not an event.
fn unreadable(authentic: Authentic, body: &[u8]) -> WebhookError {
    let cause = "it is not a JSON object with an `eventType` or `type`";
    let Authentic { id, sent_at, .. } = authentic;
    WebhookError::Unreadable(UnreadableDelivery::new(id, sent_at, cause, body))
}

impl CreemConfig {
    /// The receiver of this configuration's webhooks, which needs no token.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`](anykey_core::ErrorKind::Config), naming the field.
    pub fn webhooks(&self, secrets: &dyn SecretResolver) -> Result<CreemWebhooks> {
        let secrets = resolve_secrets(&self.webhook_secrets, secrets)?;
        CreemWebhooks::new(self.environment, secrets).map_err(|error| error.in_context("`webhook_secrets`"))
    }
}
