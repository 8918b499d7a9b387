//! Webhook endpoints and their signatures.
//!
//! The scheme is that of Standard Webhooks: `id.timestamp.body`, HMAC-SHA256, base64, with the prefix `v1,`
//! (documentation, 2026).

use std::fmt;
use std::sync::Arc;

use anykey_core::{SignedDuration, Timestamp};
use anykey_sim_kit::{SigningKey, webhook_url};
use http::{HeaderMap, HeaderName, HeaderValue, Uri};

/// How long requests are also signed with the previous secret after a rotation.
const OVERLAP: SignedDuration = SignedDuration::from_hours(24);

/// An endpoint to add; see [`DodoSim::add_webhook_endpoint`](crate::DodoSim::add_webhook_endpoint).
///
/// ```
/// use anykey_dodo_sim::EndpointSpec;
///
/// let spec = EndpointSpec::new("http://127.0.0.1:8080/webhooks/dodo")
///     .events(["license_key.created", "entitlement_grant.revoked"])
///     .header("x-region", "eu");
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
    /// An endpoint with this absolute URL, for all events, with a generated secret.
    pub fn new(url: impl Into<String>) -> Self {
        Self { url: url.into(), secret: None, events: None, headers: Vec::new() }
    }

    /// Sets the secret, `whsec_` and base64. Default: a generated one.
    pub fn secret(mut self, secret: impl Into<String>) -> Self {
        self.secret = Some(secret.into());
        self
    }

    /// Restricts the endpoint to events of these types. Default: all.
    pub fn events<T: Into<String>>(mut self, types: impl IntoIterator<Item = T>) -> Self {
        self.events = Some(types.into_iter().map(Into::into).collect());
        self
    }

    /// Adds a header to every request.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// Creates the endpoint `id` of `business` with `secret`.
    pub(super) fn open(
        self,
        id: Arc<str>,
        business: Arc<str>,
        secret: String,
    ) -> Result<Endpoint, BadEndpoint> {
        let uri = webhook_url(&self.url).ok_or(BadEndpoint::Url)?;
        let key = signing_key(&secret).ok_or(BadEndpoint::Secret)?;
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

/// A webhook endpoint. `Debug` does not print the secret.
#[derive(Clone)]
#[non_exhaustive]
pub struct WebhookEndpoint {
    /// The endpoint's id, `ep_…`.
    pub id: String,
    /// The signing secret, `whsec_…`.
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
    /// The URL is not an absolute http or https URL.
    Url,
    /// The secret is not padded base64 behind an optional `whsec_`.
    Secret,
    /// A header's name or value is invalid.
    Header,
}

impl fmt::Display for BadEndpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Url => "not an absolute http or https URL",
            Self::Secret => "not a webhook secret in base64",
            Self::Header => "not a valid header",
        })
    }
}

impl std::error::Error for BadEndpoint {}

/// A webhook endpoint of a business.
pub(super) struct Endpoint {
    pub(super) id: Arc<str>,
    pub(super) business: Arc<str>,
    pub(super) uri: Uri,
    pub(super) secret: String,
    pub(super) headers: HeaderMap,
    key: SigningKey,
    /// The previous secret, and until when requests are also signed with it.
    former: Option<(SigningKey, Timestamp)>,
    events: Option<Vec<String>>,
}

/// Parses a secret: padded base64 with or without the prefix. `None` if it is invalid.
fn signing_key(secret: &str) -> Option<SigningKey> {
    SigningKey::from_base64(secret.strip_prefix("whsec_").unwrap_or(secret))
}

impl anykey_sim_kit::Endpoint for Endpoint {
    type Id = Arc<str>;

    fn id(&self) -> Self::Id {
        Arc::clone(&self.id)
    }
}

impl Endpoint {
    /// Whether the endpoint belongs to `business` and is subscribed to this type.
    pub(super) fn wants(&self, business: &str, event_type: &str) -> bool {
        *self.business == *business
            && self.events.as_ref().is_none_or(|types| types.iter().any(|one| one == event_type))
    }

    /// Sets a new secret, and signs also with the previous one for 24 hours. False if `secret` is invalid.
    pub(super) fn rotate(&mut self, secret: String, now: Timestamp) -> bool {
        let Some(key) = signing_key(&secret) else { return false };
        let former = std::mem::replace(&mut self.key, key);
        self.former = now.checked_add(OVERLAP).ok().map(|until| (former, until));
        self.secret = secret;
        true
    }

    /// The value of `webhook-signature`.
    ///
    /// Two signatures separated by a space while the former secret is still in use; a receiver has to accept either.
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

#[cfg(test)]
mod tests {
    use anykey_sim_kit::standard_secret;

    use super::*;

    const BODY: &str = r#"{"business_id":"bus_example0000000000001","type":"license_key.created","timestamp":"2026-10-30T08:15:42.513207Z","data":{"payload_type":"LicenseKey","id":"lic_example0000000000001","business_id":"bus_example0000000000001","brand_id":"bus_example0000000000001","customer_id":"cus_example0000000000001","product_id":"pdt_example0000000000001","key":"6f1c0a52-3b7e-4d0c-9a44-0c2e5d1f7b90","status":"active","source":"auto","activations_limit":3,"instances_count":0,"payment_id":"pay_example0000000000001","subscription_id":null,"created_at":"2026-10-30T08:15:41.998120Z","expires_at":null}}"#;

    #[test]
    fn the_signature_equals_an_independently_computed_one() {
        assert_eq!(BODY.len(), 587);
        for secret in [
            "whsec_ZXhhbXBsZS1vbmx5LXdlYmhvb2stc2VjcmV0LTAwMDE=",
            "ZXhhbXBsZS1vbmx5LXdlYmhvb2stc2VjcmV0LTAwMDE=",
        ] {
            let key = signing_key(secret).unwrap();
            let signature = key.sign("msg_example0000000000001", 1_793_348_142, BODY.as_bytes());
            assert_eq!(signature, "v1,IicZ0ABV9CTiMGuXMN7Zvhb0puvqqpvO26R41+wk54M=");
        }
    }

    #[test]
    fn a_secret_is_padded_base64() {
        for odd in ["whsec_ZXhhbXBsZQ", "whsec_ZXhhbXBs*", "whsec_ü"] {
            assert!(signing_key(odd).is_none(), "{odd}");
        }
        assert!(signing_key(&standard_secret(&[0xFB; 24])).is_some());
    }
}
