//! The keys of the two signature schemes. Both sign `id.timestamp.body` with HMAC-SHA256; they differ in what the
//! secret is.

use anykey_sim_kit::SigningKey;

/// The key of the scheme until 7 September 2026, and of all secrets of sellers: the bytes of the whole text,
/// including the prefix.
pub(super) fn legacy_key(secret: &str) -> Option<SigningKey> {
    SigningKey::from_bytes(secret.as_bytes())
}

/// The key of the scheme since then, which is that of Standard Webhooks: the decoded base64 after the prefix.
pub(super) fn standard_key(secret: &str) -> Option<SigningKey> {
    SigningKey::from_base64(secret.strip_prefix("whsec_")?)
}

#[cfg(test)]
mod tests {
    use anykey_sim_kit::standard_secret;

    use super::*;

    const BODY: &str = r#"{"type":"benefit_grant.created","timestamp":"2026-09-21T13:33:20.000000Z","data":{"id":"d322132c-a9d0-4e0d-b8d3-d81ad021a3a9"}}"#;
    const STANDARD: &str = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

    fn signature(key: Option<SigningKey>) -> String {
        key.unwrap().sign("2f1c7a52-9a3e-4a3d-8a7e-5d0f6f2b9c11", 1_790_000_000, BODY.as_bytes())
    }

    #[test]
    fn signatures_equal_independently_computed_ones() {
        assert_eq!(BODY.len(), 127);
        for (key, expected) in [
            (
                legacy_key("whsec_ovyN6cPrTv56AApvzCaJno08SSmGJmgbWilb33N2JuK"),
                "v1,XrmND4HC6n1ijZy7AZz+I0qB3UCxRe9h9Rny+xDX/j0=",
            ),
            (
                legacy_key("polar_whs_ovyN6cPrTv56AApvzCaJno08SSmGJmgbWilb33N2JuK"),
                "v1,GyvlCiYPwphkyQ/0QQd5ElChmu5+13CfVTfmddgQu7E=",
            ),
            (standard_key(STANDARD), "v1,gREsSMl+SQmimZvViOsN9kMIo+bOh+A8eIlH59a8J/U="),
            (legacy_key(STANDARD), "v1,rQTVeGUF8KHgUAvYAQzY6hQL9M7eDc4PmmElDdC2i2U="),
        ] {
            assert_eq!(signature(key), expected);
        }
    }

    #[test]
    fn signatures_equal_recorded_ones() {
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
            let key = legacy_key(recorded["secret"].as_str().unwrap()).unwrap();
            let body = recorded["body_text"].as_str().unwrap().as_bytes();
            let timestamp = header("webhook-timestamp").parse().unwrap();
            assert_eq!(key.sign(&header("webhook-id"), timestamp, body), header("webhook-signature"));
        }
    }

    #[test]
    fn a_standard_secret_has_its_prefix_and_padded_base64() {
        for odd in ["polar_whs_AAEC", "whsec_AAE", "whsec_*AAA", "AAEC"] {
            assert!(standard_key(odd).is_none(), "{odd}");
        }
        let bytes: Vec<u8> = (0..32).collect();
        assert_eq!(standard_secret(&bytes), STANDARD);
    }
}
