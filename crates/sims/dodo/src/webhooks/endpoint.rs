use std::fmt;
use std::sync::Arc;

use anykey_core::{SignedDuration, Timestamp};
use http::{HeaderMap, HeaderName, HeaderValue, Uri};

use super::signature::SigningKey;

/// How long a secret signs along after it was replaced.
const OVERLAP: SignedDuration = SignedDuration::from_hours(24);

/// An endpoint to add; see [`DodoSim::add_webhook_endpoint`](crate::DodoSim::add_webhook_endpoint).
///
/// ```
/// use anykey_dodo_sim::EndpointSpec;
///
/// let spec = EndpointSpec::new("http://127.0.0.1:8080/webhooks/dodo")
///     .events(["license_key.created", "entitlement_grant.revoked"])
///     .header("x-shop", "eu");
/// ```
#[derive(Clone)]
#[must_use]
pub struct EndpointSpec {
    url: String,
    pub(super) secret: Option<String>,
    events: Option<Vec<String>>,
    headers: Vec<(String, String)>,
}

impl EndpointSpec {
    /// An endpoint at this absolute URL, for all events, with a secret that the vendor makes.
    pub fn new(url: impl Into<String>) -> Self {
        Self { url: url.into(), secret: None, events: None, headers: Vec::new() }
    }

    /// Signs with this secret, `whsec_` and base64, instead of a fresh one.
    pub fn secret(mut self, secret: impl Into<String>) -> Self {
        self.secret = Some(secret.into());
        self
    }

    /// Sends events of these types only.
    pub fn events<T: Into<String>>(mut self, types: impl IntoIterator<Item = T>) -> Self {
        self.events = Some(types.into_iter().map(Into::into).collect());
        self
    }

    /// Sends one more header with every request.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// The endpoint `id` of `business`, signing with `secret`.
    pub(super) fn open(
        self,
        id: Arc<str>,
        business: Arc<str>,
        secret: String,
    ) -> Result<Endpoint, BadEndpoint> {
        let uri: Uri = self.url.parse().map_err(|_| BadEndpoint::Url)?;
        if uri.host().is_none() || !matches!(uri.scheme_str(), Some("http" | "https")) {
            return Err(BadEndpoint::Url);
        }
        let key = SigningKey::of_secret(&secret).ok_or(BadEndpoint::Secret)?;
        let mut headers = HeaderMap::new();
        for (name, value) in &self.headers {
            let name: HeaderName = name.parse().map_err(|_| BadEndpoint::Header)?;
            let value: HeaderValue = value.parse().map_err(|_| BadEndpoint::Header)?;
            headers.append(name, value);
        }
        Ok(Endpoint { id, business, uri, secret, key, former: None, events: self.events, headers })
    }
}

impl fmt::Debug for EndpointSpec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EndpointSpec").field("events", &self.events).finish_non_exhaustive()
    }
}

/// An endpoint that exists now. `Debug` leaves the secret out.
#[derive(Clone)]
#[non_exhaustive]
pub struct WebhookEndpoint {
    /// The endpoint's id, `ep_…`.
    pub id: String,
    /// What its receiver verifies with, `whsec_…`.
    pub secret: String,
}

impl fmt::Debug for WebhookEndpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WebhookEndpoint").field("id", &self.id).finish_non_exhaustive()
    }
}

/// Why an endpoint cannot be added.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum BadEndpoint {
    /// The URL is not an absolute one of http or https.
    Url,
    /// The secret is not padded base64 behind an optional `whsec_`.
    Secret,
    /// A header's name or value is not one.
    Header,
}

impl fmt::Display for BadEndpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Url => "not an absolute http or https URL",
            Self::Secret => "not a webhook secret in base64",
            Self::Header => "not a header",
        })
    }
}

impl std::error::Error for BadEndpoint {}

/// Where a business wants to hear of its events.
pub(super) struct Endpoint {
    pub(super) id: Arc<str>,
    pub(super) business: Arc<str>,
    pub(super) uri: Uri,
    pub(super) secret: String,
    pub(super) headers: HeaderMap,
    key: SigningKey,
    /// The secret before, and how long it signs along.
    former: Option<(SigningKey, Timestamp)>,
    events: Option<Vec<String>>,
}

impl Endpoint {
    pub(super) fn wants(&self, business: &str, event_type: &str) -> bool {
        *self.business == *business
            && self.events.as_ref().is_none_or(|types| types.iter().any(|one| one == event_type))
    }

    /// Signs with `secret` from now on, and with the one before for another day. False if it is none.
    pub(super) fn rotate(&mut self, secret: String, now: Timestamp) -> bool {
        let Some(key) = SigningKey::of_secret(&secret) else { return false };
        let former = std::mem::replace(&mut self.key, key);
        self.former = now.checked_add(OVERLAP).ok().map(|until| (former, until));
        self.secret = secret;
        true
    }

    /// The value of `webhook-signature`.
    pub(super) fn signatures(&self, message_id: &str, timestamp: i64, body: &[u8], now: Timestamp) -> String {
        let current = self.key.sign(message_id, timestamp, body);
        match &self.former {
            Some((former, until)) if now < *until => {
                format!("{current} {}", former.sign(message_id, timestamp, body))
            }
            _ => current,
        }
    }
}
