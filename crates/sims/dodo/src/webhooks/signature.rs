use base64::prelude::{BASE64_STANDARD, Engine};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

const PREFIX: &str = "whsec_";

/// The bytes behind an endpoint's secret, ready to sign with.
#[derive(Clone)]
pub(super) struct SigningKey(Hmac<Sha256>);

impl SigningKey {
    /// Reads a secret: padded base64, with or without its prefix. `None` if it is something else.
    pub(super) fn of_secret(secret: &str) -> Option<Self> {
        let bytes = BASE64_STANDARD.decode(secret.strip_prefix(PREFIX).unwrap_or(secret)).ok()?;
        Hmac::new_from_slice(&bytes).ok().map(Self)
    }

    /// One entry of `webhook-signature`.
    pub(super) fn sign(&self, message_id: &str, timestamp: i64, body: &[u8]) -> String {
        let head = format!("{message_id}.{timestamp}.");
        let digest = self.0.clone().chain_update(head).chain_update(body).finalize().into_bytes();
        format!("v1,{}", BASE64_STANDARD.encode(digest))
    }
}

/// The text of the secret whose key is `bytes`.
pub(super) fn secret_of(bytes: &[u8]) -> String {
    format!("{PREFIX}{}", BASE64_STANDARD.encode(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: &str = r#"{"business_id":"bus_example0000000000001","type":"license_key.created","timestamp":"2026-10-30T08:15:42.513207Z","data":{"payload_type":"LicenseKey","id":"lic_example0000000000001","business_id":"bus_example0000000000001","brand_id":"bus_example0000000000001","customer_id":"cus_example0000000000001","product_id":"pdt_example0000000000001","key":"6f1c0a52-3b7e-4d0c-9a44-0c2e5d1f7b90","status":"active","source":"auto","activations_limit":3,"instances_count":0,"payment_id":"pay_example0000000000001","subscription_id":null,"created_at":"2026-10-30T08:15:41.998120Z","expires_at":null}}"#;

    #[test]
    fn signs_the_example_as_computed_elsewhere() {
        assert_eq!(BODY.len(), 587);
        for secret in [
            "whsec_ZXhhbXBsZS1vbmx5LXdlYmhvb2stc2VjcmV0LTAwMDE=",
            "ZXhhbXBsZS1vbmx5LXdlYmhvb2stc2VjcmV0LTAwMDE=",
        ] {
            let key = SigningKey::of_secret(secret).unwrap();
            let signature = key.sign("msg_example0000000000001", 1_793_348_142, BODY.as_bytes());
            assert_eq!(signature, "v1,IicZ0ABV9CTiMGuXMN7Zvhb0puvqqpvO26R41+wk54M=");
        }
    }

    #[test]
    fn a_secret_is_padded_base64() {
        for odd in ["whsec_ZXhhbXBsZQ", "whsec_ZXhhbXBs*", "whsec_ü"] {
            assert!(SigningKey::of_secret(odd).is_none(), "{odd}");
        }
        assert!(SigningKey::of_secret(&secret_of(&[0xFB; 24])).is_some());
    }
}
