//! The two schemes of signatures: the vendor's own and Standard Webhooks.
//!
//! The documentation has the first, hexadecimal HMAC-SHA256 of the body alone, which does not protect against
//! repetition; the official package 1.13.0 also verifies the second.

use anykey_sim_kit::SigningKey;
use hmac::{Hmac, KeyInit, Mac};
use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderName, HeaderValue};
use sha2::Sha256;

use crate::quirks::WebhookScheme;

const LEGACY: HeaderName = HeaderName::from_static("creem-signature");
const STANDARD: [HeaderName; 3] = [
    HeaderName::from_static("webhook-id"),
    HeaderName::from_static("webhook-timestamp"),
    HeaderName::from_static("webhook-signature"),
];

/// The two keys of one secret: the bytes of its whole text, and the decoded base64 after `whsec_`, if it is that.
pub(super) struct SecretKeys {
    legacy: Hmac<Sha256>,
    standard: Option<SigningKey>,
}

impl SecretKeys {
    /// `None` for an empty secret.
    pub(super) fn of(secret: &str) -> Option<Self> {
        if secret.is_empty() {
            return None;
        }
        let legacy = Hmac::new_from_slice(secret.as_bytes()).ok()?;
        let standard = secret.strip_prefix("whsec_").and_then(SigningKey::from_base64);
        Some(Self { legacy, standard })
    }

    /// The headers of a request. `timestamp` is in Unix seconds. A secret without a key for a scheme has none of it.
    pub(super) fn headers(&self, scheme: WebhookScheme, id: &str, timestamp: i64, body: &[u8]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        let mut insert = |name: HeaderName, value: &str| {
            if let Ok(value) = HeaderValue::from_str(value) {
                headers.insert(name, value);
            }
        };
        if scheme != WebhookScheme::Standard {
            insert(LEGACY, &self.legacy_signature(body));
        }
        if let Some(key) = self.standard.as_ref().filter(|_| scheme != WebhookScheme::Legacy) {
            let values = [id.to_owned(), timestamp.to_string(), key.sign(id, timestamp, body)];
            for (name, value) in STANDARD.into_iter().zip(values) {
                insert(name, &value);
            }
        }
        headers
    }

    /// HMAC-SHA256 of the body, in hexadecimal digits.
    fn legacy_signature(&self, body: &[u8]) -> String {
        let digest = self.legacy.clone().chain_update(body).finalize().into_bytes();
        digest.iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: &[u8] = br#"{"id":"evt_1","eventType":"refund.created","created_at":1728734325927,"object":{"id":"ref_1","object":"refund"}}"#;

    fn headers(secret: &str, scheme: WebhookScheme) -> HeaderMap {
        SecretKeys::of(secret).unwrap().headers(scheme, "msg_1", 1_728_734_325, BODY)
    }

    /// Computed with two other implementations.
    #[test]
    fn signatures_equal_independently_computed_ones() {
        assert_eq!(BODY.len(), 112);
        let legacy = headers("whsec_creem_test_secret", WebhookScheme::Both);
        let expected = "858748018132aa94dbaabf7d54fe8d21c9e3f969254a3c14801513433b364df2";
        assert_eq!(legacy["creem-signature"], expected);
        assert!(!legacy.contains_key("webhook-signature"), "the secret is not base64");
        let standard = headers("whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX", WebhookScheme::Standard);
        assert_eq!(standard["webhook-signature"], "v1,FRUTXEAcLWryK+FfH5GwhHQ3I2CJYdH+iynqreFxglw=");
        assert!(!standard.contains_key("creem-signature"));
    }
}
