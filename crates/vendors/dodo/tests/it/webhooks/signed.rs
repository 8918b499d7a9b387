//! Deliveries, signed by somebody else's implementation.

use anykey_core::{HeaderMap, LicenseEvent, SecretString, Timestamp, WebhookError, WebhookReceiver};
use anykey_dodo::DodoWebhooks;
use serde_json::{Value, json};
use standardwebhooks::Webhook;

pub const SECRET: &str = "whsec_ZXhhbXBsZS1vbmx5LXdlYmhvb2stc2VjcmV0LTAwMDE=";
pub const ID: &str = "msg_example0000000000001";
pub const SENT_AT: i64 = 1_793_348_142;

pub fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

pub fn receiver(secrets: &[&str]) -> DodoWebhooks {
    DodoWebhooks::new(secrets.iter().map(|secret| SecretString::from(*secret))).unwrap()
}

pub fn headers(signature: &str) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert("webhook-id", ID.parse().unwrap());
    headers.insert("webhook-timestamp", SENT_AT.to_string().parse().unwrap());
    headers.insert("webhook-signature", signature.parse().unwrap());
    headers
}

/// What the receiver makes of an authentic `body`.
pub fn received(body: &str) -> Result<LicenseEvent, WebhookError> {
    let signature = Webhook::new(SECRET).unwrap().sign(ID, SENT_AT, body.as_bytes()).unwrap();
    receiver(&[SECRET]).verify(&headers(&signature), body.as_bytes(), at(SENT_AT))
}

pub fn delivered(raw_type: &str, data: &Value) -> Result<LicenseEvent, WebhookError> {
    let body = json!({
        "business_id": "bus_1", "type": raw_type, "timestamp": "2026-11-02T10:00:00.25Z", "data": data
    });
    received(&body.to_string())
}

/// A grant as the contract shows it, with `change` made to it.
pub fn grant(raw_type: &str, change: impl FnOnce(&mut Value)) -> Result<LicenseEvent, WebhookError> {
    let mut data = json!({
        "payload_type": "EntitlementGrant", "id": "entg_1", "business_id": "bus_1", "brand_id": "bus_1",
        "entitlement_id": "ent_1", "customer_id": "cus_1", "integration_type": "license_key",
        "status": "Delivered", "revocation_reason": null,
        "license_key": {
            "id": "lic_1", "key": "planted-6f1c0a52", "status": "active",
            "activations_used": 1, "activations_limit": 3, "expires_at": null
        },
        "payment_id": null, "subscription_id": "sub_1", "metadata": {},
        "delivered_at": "2026-10-30T08:15:42Z", "revoked_at": null, "error_code": null, "error_message": null,
        "created_at": "2026-10-30T08:15:42Z", "updated_at": "2026-11-02T09:59:59Z"
    });
    change(&mut data);
    delivered(raw_type, &data)
}
