//! Verifies deliveries to one endpoint.
//!
//! The signature is verified first, then its age, and only then the body is parsed. There is no environment to compare:
//! an endpoint belongs to one.

use std::borrow::Cow;

use anykey_core::adapter::ErrorExt as _;
use anykey_core::{
    HeaderMap, LicenseEvent, NotAuthentic, Operation, Result, SignedDuration, Timestamp, UnreadableDelivery,
    WebhookError, WebhookReceiver,
};
use anykey_http::{JsonMember, JsonTimestamp};
use anykey_webhook::{Authentic, Delivery};
use serde::Deserialize;
use url::Url;

use super::event;
use crate::credential::{self, config};
use crate::signature::{Fault, Message, PublicKey};
use crate::{KeygenConfig, NAME};

/// How far the signed time may differ from the receiver's clock. Keygen signs each attempt anew, so a late retry is not
/// too old.
const TOLERANCE: SignedDuration = SignedDuration::from_mins(5);

/// Verifies and parses the deliveries of one endpoint of one account.
///
/// Keygen has no shared secret: it signs with the account's Ed25519 key, over the method, the endpoint's address, the
/// time and the digest of the body. The receiver needs the public address of the endpoint, exactly as the account has
/// it, also where a proxy changes the address on the way. Endpoints have to use the algorithm `ed25519`, which is the
/// default.
///
/// [`LicenseEvent::id`] is the id of the event, which is the same when a delivery is sent again.
#[derive(Clone, Debug)]
pub struct KeygenWebhooks {
    /// The account's public key.
    key: PublicKey,
    /// The host of the endpoint, without a port.
    host: Box<str>,
    /// Path and query of the endpoint; a slash for an address without a path.
    target: Box<str>,
}

/// The body of a delivery.
#[derive(Deserialize)]
struct Envelope<'a> {
    /// The event.
    #[serde(borrow)]
    data: EventResource<'a>,
}

/// An event.
#[derive(Deserialize)]
struct EventResource<'a> {
    /// The id of the event, the same in each attempt.
    id: Box<str>,
    /// The event's members.
    #[serde(borrow)]
    attributes: EventAttributes<'a>,
}

/// The members of an event.
#[derive(Deserialize)]
struct EventAttributes<'a> {
    /// The name, such as `license.created`.
    #[serde(borrow)]
    event: Cow<'a, str>,
    /// The record, as a text with JSON.
    #[serde(borrow)]
    payload: Cow<'a, str>,
    /// When the event happened; the time of sending stands in where it is missing.
    #[serde(default)]
    created: JsonMember<JsonTimestamp>,
}

impl KeygenWebhooks {
    /// A receiver of deliveries to the endpoint with the address `url`, of the account with this public key: 64
    /// hexadecimal digits.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`](anykey_core::ErrorKind::Config) when the key does not have this form, or when `url` is not
    /// an absolute http or https URL.
    pub fn new(public_key: &str, url: &str) -> Result<Self> {
        Self::of(public_key, url)
            .map_err(|error| error.with_provider(NAME).with_operation(Operation::Configure))
    }

    /// The receiver, without the provider's name in errors.
    fn of(public_key: &str, url: &str) -> Result<Self> {
        let key = PublicKey::new(credential::public_key(public_key)?);
        let message =
            "`webhook_url` is not the endpoint's public address, such as https://example.com/keygen";
        let url = Url::parse(url).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
        let url = url.ok_or_else(|| config(message))?;
        let host = url.host_str().ok_or_else(|| config(message))?;
        let target = match url.query() {
            Some(query) => format!("{}?{query}", url.path()),
            None => url.path().to_owned(),
        };
        Ok(Self { key, host: host.into(), target: target.into() })
    }

    /// When the delivery was sent.
    ///
    /// # Errors
    ///
    /// The reason why the delivery is not authentic, or too far from `now`.
    fn sent_at(&self, headers: &HeaderMap, body: &[u8], now: Timestamp) -> Result<Timestamp, NotAuthentic> {
        let message = Message { method: "post", target: &self.target, host: &self.host, body };
        let date = self.key.verify(headers, &message).map_err(|fault| match fault {
            Fault::Missing(name) => NotAuthentic::MissingHeader(name),
            Fault::Repeated(name) => NotAuthentic::RepeatedHeader(name),
            Fault::Malformed(name) => NotAuthentic::MalformedHeader(name),
            Fault::Mismatch => NotAuthentic::SignatureMismatch,
        })?;
        let date = httpdate::parse_http_date(date).ok().and_then(|date| Timestamp::try_from(date).ok());
        let sent_at = date.ok_or(NotAuthentic::MalformedHeader("date"))?;
        let age = now.duration_since(sent_at);
        match () {
            () if age > TOLERANCE => Err(NotAuthentic::TooOld),
            () if age < -TOLERANCE => Err(NotAuthentic::TooNew),
            () => Ok(sent_at),
        }
    }
}

impl WebhookReceiver for KeygenWebhooks {
    fn provider(&self) -> &str {
        NAME
    }

    fn verify(&self, headers: &HeaderMap, body: &[u8], now: Timestamp) -> Result<LicenseEvent, WebhookError> {
        let sent_at = self.sent_at(headers, body, now)?;
        let text = std::str::from_utf8(body).ok();
        let Some(Envelope { data }) = text.and_then(|text| super::read::<Envelope<'_>>(text).ok()) else {
            let cause = "it is not a webhook event with `event` and `payload`";
            // The same body has the same id whenever it is sent.
            let id =
                data_encoding::HEXLOWER.encode(ring::digest::digest(&ring::digest::SHA256, body).as_ref());
            return Err(WebhookError::Unreadable(UnreadableDelivery::new(id, sent_at, cause, body)));
        };
        let EventAttributes { event, payload, created } = data.attributes;
        let authentic = Authentic::new(data.id, sent_at);
        let occurred_at = created.value().map(Into::into);
        event::read(&Delivery::new(authentic, event, occurred_at, &payload, body))
    }
}

impl KeygenConfig {
    /// The receiver of this configuration's webhooks.
    ///
    /// Besides these two fields it reads nothing: no token and no secret.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Config`](anykey_core::ErrorKind::Config), naming the field.
    pub fn webhooks(&self) -> Result<KeygenWebhooks> {
        let missing = |name: &str| {
            config(&format!(
                "`{name}` is missing; a receiver of webhooks needs `webhook_url` and `public_key`"
            ))
            .with_provider(NAME)
            .with_operation(Operation::Configure)
        };
        let url = self.webhook_url.as_deref().ok_or_else(|| missing("webhook_url"))?;
        let key = self.public_key.as_deref().ok_or_else(|| missing("public_key"))?;
        KeygenWebhooks::new(key, url)
    }
}
