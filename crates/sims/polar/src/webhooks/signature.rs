use base64::prelude::{BASE64_STANDARD, Engine};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// What a secret of today's scheme begins with, and one of the scheme before may.
const PREFIX: &str = "whsec_";

/// What an endpoint signs with.
#[derive(Clone)]
pub(super) struct SigningKey(Hmac<Sha256>);

impl SigningKey {
    /// The scheme up to 7 September 2026, and of every secret that a seller brought: the bytes of the
    /// whole text, prefix and all.
    pub(super) fn legacy(secret: &str) -> Option<Self> {
        Hmac::new_from_slice(secret.as_bytes()).ok().map(Self)
    }

    /// The scheme since, which is that of Standard Webhooks: what the base64 after the prefix stands for.
    pub(super) fn standard(secret: &str) -> Option<Self> {
        let bytes = BASE64_STANDARD.decode(secret.strip_prefix(PREFIX)?).ok()?;
        Hmac::new_from_slice(&bytes).ok().map(Self)
    }

    /// The value of `webhook-signature`.
    pub(super) fn sign(&self, event_id: &str, timestamp: i64, body: &[u8]) -> String {
        let head = format!("{event_id}.{timestamp}.");
        let digest = self.0.clone().chain_update(head).chain_update(body).finalize().into_bytes();
        format!("v1,{}", BASE64_STANDARD.encode(digest))
    }
}

/// The text of the secret whose key is `bytes`, in today's scheme.
pub(super) fn standard_secret(bytes: &[u8]) -> String {
    format!("{PREFIX}{}", BASE64_STANDARD.encode(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: &str = r#"{"type":"benefit_grant.created","timestamp":"2026-09-21T13:33:20.000000Z","data":{"id":"d322132c-a9d0-4e0d-b8d3-d81ad021a3a9"}}"#;
    const STANDARD: &str = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

    fn signature(key: Option<SigningKey>) -> String {
        key.unwrap().sign("2f1c7a52-9a3e-4a3d-8a7e-5d0f6f2b9c11", 1_790_000_000, BODY.as_bytes())
    }

    #[test]
    fn signs_the_examples_as_computed_elsewhere() {
        assert_eq!(BODY.len(), 127);
        for (key, expected) in [
            (
                SigningKey::legacy("whsec_ovyN6cPrTv56AApvzCaJno08SSmGJmgbWilb33N2JuK"),
                "v1,XrmND4HC6n1ijZy7AZz+I0qB3UCxRe9h9Rny+xDX/j0=",
            ),
            (
                SigningKey::legacy("polar_whs_ovyN6cPrTv56AApvzCaJno08SSmGJmgbWilb33N2JuK"),
                "v1,GyvlCiYPwphkyQ/0QQd5ElChmu5+13CfVTfmddgQu7E=",
            ),
            (SigningKey::standard(STANDARD), "v1,gREsSMl+SQmimZvViOsN9kMIo+bOh+A8eIlH59a8J/U="),
            (SigningKey::legacy(STANDARD), "v1,rQTVeGUF8KHgUAvYAQzY6hQL9M7eDc4PmmElDdC2i2U="),
        ] {
            assert_eq!(signature(key), expected);
        }
    }

    #[test]
    fn signs_what_was_recorded_as_it_was() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/webhooks");
        let files: Vec<_> = folder.read_dir().unwrap().map(|entry| entry.unwrap().path()).collect();
        assert!(files.len() >= 6);
        for file in files {
            let text = std::fs::read_to_string(file).unwrap();
            let recorded: serde_json::Value = serde_json::from_str(&text).unwrap();
            let header = |name: &str| {
                let headers = recorded["headers"].as_array().unwrap();
                let found = headers.iter().find(|header| header[0] == name).unwrap();
                found[1].as_str().unwrap().to_owned()
            };
            let key = SigningKey::legacy(recorded["secret"].as_str().unwrap()).unwrap();
            let body = recorded["body_text"].as_str().unwrap().as_bytes();
            let timestamp = header("webhook-timestamp").parse().unwrap();
            assert_eq!(key.sign(&header("webhook-id"), timestamp, body), header("webhook-signature"));
        }
    }

    #[test]
    fn a_standard_secret_has_its_prefix_and_whole_base64() {
        for odd in ["polar_whs_AAEC", "whsec_AAE", "whsec_*AAA", "AAEC"] {
            assert!(SigningKey::standard(odd).is_none(), "{odd}");
        }
        let bytes: Vec<u8> = (0..32).collect();
        assert_eq!(standard_secret(&bytes), STANDARD);
    }
}
