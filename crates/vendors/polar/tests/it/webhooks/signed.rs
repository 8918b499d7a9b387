//! Deliveries, signed by somebody else's implementation.

use anykey_core::{HeaderMap, LicenseEvent, SecretString, Timestamp, WebhookError, WebhookReceiver};
use anykey_polar::PolarWebhooks;
use serde_json::Value;
use standardwebhooks::Webhook;

pub const SECRET: &str = "whsec_ovyN6cPrTv56AApvzCaJno08SSmGJmgbWilb33N2JuK";
pub const ID: &str = "2f1c7a52-9a3e-4a3d-8a7e-5d0f6f2b9c11";
pub const SENT_AT: i64 = 1_790_000_000;

pub fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

pub fn receiver(secrets: &[&str]) -> PolarWebhooks {
    PolarWebhooks::new(secrets.iter().map(|secret| SecretString::from(*secret))).unwrap()
}

pub fn headers(signature: &str) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert("webhook-id", ID.parse().unwrap());
    headers.insert("webhook-timestamp", SENT_AT.to_string().parse().unwrap());
    headers.insert("webhook-signature", signature.parse().unwrap());
    headers
}

/// Signs with the bytes of `key` themselves: what Polar calls legacy.
pub fn signature(key: &[u8], body: &str) -> String {
    Webhook::from_bytes(key.to_vec()).unwrap().sign(ID, SENT_AT, body.as_bytes()).unwrap()
}

/// What the receiver makes of an authentic `body`.
pub fn received(body: &str) -> Result<LicenseEvent, WebhookError> {
    let headers = headers(&signature(SECRET.as_bytes(), body));
    receiver(&[SECRET]).verify(&headers, body.as_bytes(), at(SENT_AT))
}

/// A grant of a license key as the contract shows it, with `change` made to the whole delivery.
pub fn grant(raw_type: &str, change: impl FnOnce(&mut Value)) -> Result<LicenseEvent, WebhookError> {
    let mut body = serde_json::json!({
        "type": raw_type,
        "timestamp": "2026-10-02T13:33:20.123456Z",
        "data": {
            "id": "d322132c-a9d0-4e0d-b8d3-d81ad021a3a9",
            "created_at": "2026-10-02T13:33:19.900000Z", "modified_at": null,
            "granted_at": "2026-10-02T13:33:20.100000Z", "is_granted": true,
            "revoked_at": null, "is_revoked": false,
            "subscription_id": null, "order_id": "57107b74-8400-4d80-a2fc-54c2b4239cb3",
            "customer_id": "992fae2a-2a17-4b7a-8d9e-e287cf90131b", "member_id": null,
            "benefit_id": "397a17aa-15cf-4cb4-9333-18040203cf98", "error": null,
            "customer": { "email": "planted@example.com", "organization_id": "fda84e25-7b55-4d67-916d-60ead04ff61f" },
            "benefit": { "type": "license_keys", "organization_id": "fda84e25-7b55-4d67-916d-60ead04ff61f" },
            "properties": {
                "license_key_id": "508176f7-065a-4b5d-b524-4e9c8a11ed63", "display_key": "****-E304DA",
                "user_provided_key": "planted-key"
            },
            "previous_properties": {}
        }
    });
    change(&mut body);
    received(&body.to_string())
}
