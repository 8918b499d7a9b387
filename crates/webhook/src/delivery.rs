use std::borrow::Cow;

use anykey_core::{
    EventKind, IgnoredDelivery, LicenseEvent, RawBody, Timestamp, UnreadableDelivery, WebhookError,
};
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::Authentic;

/// An authentic delivery with its parsed envelope. For authors of receivers.
///
/// `Debug` prints neither `data` nor the body.
#[derive(Clone)]
#[non_exhaustive]
pub struct Delivery<'a> {
    /// The signed id and time of the delivery.
    pub authentic: Authentic,
    /// The vendor's name of the event: member `type`.
    pub raw_type: Cow<'a, str>,
    /// When the event happened: member `timestamp`; `None` when it is missing or not a date.
    pub occurred_at: Option<Timestamp>,
    /// The payload as JSON text: member `data`; `null` when it is missing.
    pub data: &'a str,
    body: &'a [u8],
}

#[derive(Deserialize)]
struct Envelope<'a> {
    #[serde(borrow)]
    r#type: Cow<'a, str>,
    #[serde(borrow)]
    timestamp: Option<&'a RawValue>,
    #[serde(borrow)]
    data: Option<&'a RawValue>,
}

impl<'a> Delivery<'a> {
    pub(crate) fn open(authentic: Authentic, body: &'a [u8]) -> Result<Self, WebhookError> {
        match serde_json::from_slice::<Envelope<'a>>(body) {
            Ok(envelope) => Ok(Self {
                authentic,
                raw_type: envelope.r#type,
                occurred_at: envelope.timestamp.and_then(|text| serde_json::from_str(text.get()).ok()),
                data: envelope.data.map_or("null", RawValue::get),
                body,
            }),
            Err(_) => {
                let cause = "it is not a JSON object with a `type`";
                let Authentic { id, sent_at } = authentic;
                Err(WebhookError::Unreadable(UnreadableDelivery::new(id, sent_at, cause, body)))
            }
        }
    }

    /// A delivery whose envelope is another than that of Standard Webhooks: `data` is the payload as JSON text, and
    /// `body` all of it.
    #[must_use]
    pub const fn new(
        authentic: Authentic,
        raw_type: Cow<'a, str>,
        occurred_at: Option<Timestamp>,
        data: &'a str,
        body: &'a [u8],
    ) -> Self {
        Self { authentic, raw_type, occurred_at, data, body }
    }

    /// Creates the event of this delivery with the data of the envelope. `as_of` is the time of the event.
    #[must_use]
    pub fn event(&self, provider: &'static str, kind: EventKind) -> LicenseEvent {
        let Authentic { id, sent_at } = &self.authentic;
        let mut event = LicenseEvent::new(provider, id.clone(), kind, &*self.raw_type, *sent_at);
        event.occurred_at = self.occurred_at.unwrap_or(*sent_at);
        event.as_of = event.occurred_at;
        event.raw = RawBody::new(self.body);
        event
    }

    /// The error for a delivery whose `data` cannot be read. `cause` must not contain any of it.
    #[must_use]
    pub fn unreadable(&self, cause: impl Into<Box<str>>) -> WebhookError {
        let Authentic { id, sent_at } = &self.authentic;
        WebhookError::Unreadable(UnreadableDelivery::new(id.clone(), *sent_at, cause, self.body))
    }

    /// The error for a delivery that is not about license keys.
    #[must_use]
    pub fn not_of_interest(&self) -> WebhookError {
        WebhookError::NotOfInterest(IgnoredDelivery::new(self.authentic.id.clone(), &*self.raw_type))
    }
}

impl std::fmt::Debug for Delivery<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Delivery")
            .field("authentic", &self.authentic)
            .field("raw_type", &self.raw_type)
            .field("occurred_at", &self.occurred_at)
            .finish_non_exhaustive()
    }
}
