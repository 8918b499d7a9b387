//! Webhook endpoints and their signatures: hexadecimal HMAC-SHA256 of the body (documentation, 2026).

use std::fmt;

use anykey_sim_kit::webhook_url;
use hmac::{Hmac, KeyInit, Mac};
use http::Uri;
use sha2::Sha256;

/// The valid lengths of a signing secret, in characters.
const SECRET_LENGTHS: std::ops::RangeInclusive<usize> = 6..=40;

/// A webhook endpoint. `Debug` does not print the secret.
#[derive(Clone)]
#[non_exhaustive]
pub struct WebhookEndpoint {
    /// The endpoint's id.
    pub id: u64,
    /// The signing secret, 6 to 40 characters.
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
    /// The secret has fewer than 6 or more than 40 characters.
    Secret,
}

impl fmt::Display for BadEndpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Url => "not an absolute http or https URL",
            Self::Secret => "not a secret of 6 to 40 characters",
        })
    }
}

impl std::error::Error for BadEndpoint {}

/// A webhook endpoint of a store.
pub(super) struct Endpoint {
    pub(super) id: u64,
    pub(super) store: u64,
    pub(super) uri: Uri,
    key: Hmac<Sha256>,
}

impl Endpoint {
    /// The URL is checked before the secret.
    pub(super) fn new(id: u64, store: u64, url: &str, secret: &str) -> Result<Self, BadEndpoint> {
        let uri = webhook_url(url).ok_or(BadEndpoint::Url)?;
        let key = Hmac::new_from_slice(secret.as_bytes()).ok();
        let key = key.filter(|_| SECRET_LENGTHS.contains(&secret.chars().count()));
        Ok(Self { id, store, uri, key: key.ok_or(BadEndpoint::Secret)? })
    }

    /// The value of `X-Signature`.
    ///
    /// It covers neither a time nor an id, so a repeated request is as valid as the first.
    pub(super) fn signature(&self, body: &[u8]) -> String {
        let digest = self.key.clone().chain_update(body).finalize().into_bytes();
        digest.iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

impl anykey_sim_kit::Endpoint for Endpoint {
    type Id = u64;

    fn id(&self) -> u64 {
        self.id
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Computed with two other implementations.
    #[test]
    fn the_signature_equals_an_independently_computed_one() {
        const BODY: &str = r#"{"meta":{"event_name":"license_key_updated"},"data":{"type":"license-keys","id":"1","attributes":{"status":"active"}}}"#;
        assert_eq!(BODY.len(), 118);
        let endpoint = Endpoint::new(1, 1, "https://shop.test/", "ls_signing_secret").unwrap();
        let signature = "a09e005681b1463788b206db2efd5a898c484a48cab09a4994d3430fe6e40e37";
        assert_eq!(endpoint.signature(BODY.as_bytes()), signature);
    }

    #[test]
    fn a_secret_has_six_to_forty_characters() {
        let fault = |secret: &str| Endpoint::new(1, 1, "https://shop.test/", secret).err();
        assert_eq!(fault("12345"), Some(BadEndpoint::Secret));
        assert_eq!(fault(&"x".repeat(41)), Some(BadEndpoint::Secret));
        assert_eq!(fault(&"x".repeat(40)), None);
    }
}
