//! Keys and grants.

use anykey_core::{EventKind, Expiry, LicenseStatus, WebhookError};
use serde_json::{Value, json};

use super::signed::{delivered, grant};

#[test]
fn a_grant_brings_its_key_as_it_is_now() {
    let event = grant("entitlement_grant.delivered", |_| {}).unwrap();
    assert_eq!((&event.kind, event.key_id.as_ref()), (&EventKind::Granted, Some(&"lic_1".into())));
    assert_eq!(event.occurred_at.to_string(), "2026-11-02T10:00:00.25Z");
    assert_eq!(event.as_of.to_string(), "2026-11-02T09:59:59Z");
    assert_eq!(event.customer, Some("cus_1".into()));
    let origin = &event.origin;
    assert_eq!((origin.grant.as_deref(), origin.entitlement.as_deref()), (Some("entg_1"), Some("ent_1")));
    assert_eq!((origin.subscription.as_deref(), &origin.payment), (Some("sub_1"), &None));
    let key = event.key.as_ref().unwrap();
    assert_eq!((&key.status, &key.expiry), (&LicenseStatus::Active, &Expiry::FollowsSubscription));
    assert!(!format!("{event:?}").contains("planted"));
}

#[test]
fn the_state_of_the_grant_says_what_happened_and_not_a_type_that_is_late() {
    for (raw_type, status, expected) in [
        ("entitlement_grant.created", "Delivered", EventKind::Granted),
        ("entitlement_grant.delivered", "delivered", EventKind::Granted),
        ("entitlement_grant.delivered", "Revoked", EventKind::Revoked),
        ("entitlement_grant.revoked", "Revoked", EventKind::Revoked),
        ("entitlement_grant.revoked", "Delivered", EventKind::Granted),
        ("entitlement_grant.failed", "Failed", EventKind::Failed),
        ("entitlement_grant.created", "Failed", EventKind::Failed),
        ("entitlement_grant.created", "Pending", EventKind::Other("entitlement_grant.created".into())),
        ("entitlement_grant.paused", "Revoked", EventKind::Other("entitlement_grant.paused".into())),
    ] {
        let event = grant(raw_type, |data| data["status"] = json!(status)).unwrap();
        assert_eq!(event.kind, expected, "{raw_type} {status}");
    }
    for (raw_type, expected) in [
        ("entitlement_grant.delivered", EventKind::Granted),
        ("entitlement_grant.revoked", EventKind::Revoked),
        ("entitlement_grant.failed", EventKind::Failed),
    ] {
        let event = grant(raw_type, |data| data["status"] = Value::Null).unwrap();
        assert_eq!(event.kind, expected, "{raw_type} without a status");
    }
    let disabled = grant("entitlement_grant.delivered", |data| {
        data["license_key"]["status"] = json!("disabled");
    });
    assert_eq!(disabled.unwrap().kind, EventKind::Updated);
}

#[test]
fn a_reason_comes_in_dodos_own_word() {
    let revoked = grant("entitlement_grant.revoked", |data| {
        data["status"] = json!("Revoked");
        data["revocation_reason"] = json!("subscription_on_hold");
    });
    let revoked = revoked.unwrap();
    assert_eq!(revoked.reason.as_deref(), Some("subscription_on_hold"));
    assert_eq!(revoked.origin.revocation.as_deref(), Some("subscription_on_hold"));
    assert_eq!(revoked.key.unwrap().status, LicenseStatus::Disabled);

    let failed = grant("entitlement_grant.failed", |data| {
        data["status"] = json!("Failed");
        data["error_code"] = json!("no_stock");
        data["error_message"] = json!("planted");
    });
    let failed = failed.unwrap();
    assert_eq!(failed.reason.as_deref(), Some("no_stock"));
    assert!(!format!("{failed:?}").contains("planted"));
}

#[test]
fn a_grant_without_its_key_still_names_what_it_can() {
    let pending = grant("entitlement_grant.created", |data| {
        data["status"] = json!("Pending");
        data["license_key"] = Value::Null;
    });
    let pending = pending.unwrap();
    assert_eq!((&pending.key, &pending.key_id), (&None, &None));
    assert_eq!(pending.origin.grant.as_deref(), Some("entg_1"));

    let nameless = grant("entitlement_grant.delivered", |data| {
        data["license_key"] = json!({ "key": "planted", "activations_used": 0 });
    });
    assert_eq!(nameless.unwrap().key_id, Some("entg_1".into()), "as the provider names it");

    let codeless = grant("entitlement_grant.delivered", |data| {
        data["license_key"] = json!({ "id": "lic_1" });
    });
    let codeless = codeless.unwrap();
    assert_eq!((codeless.key, codeless.key_id), (None, Some("lic_1".into())));
}

#[test]
fn numbers_as_text_and_other_odd_members_do_not_lose_an_event() {
    let event = grant("entitlement_grant.delivered", |data| {
        data["license_key"]["activations_used"] = json!("1");
        data["license_key"]["activations_limit"] = json!("3");
        data["license_key"]["expires_at"] = json!("soon");
        data["metadata"] = Value::Null;
        data["payment_id"] = json!(17);
        data["updated_at"] = json!({});
        data["a_member_of_tomorrow"] = json!([{}]);
    });
    let event = event.unwrap();
    assert_eq!(event.as_of.to_string(), "2026-10-30T08:15:42Z", "the creation, for want of a change");
    let key = event.key.unwrap();
    assert_eq!(key.activations.used, Some(1));
    assert_eq!(key.activations.limit, anykey_core::ActivationLimit::AtMost(3));
    assert_eq!(event.origin.payment.as_deref(), Some("17"));
}

#[test]
fn a_new_key_comes_with_its_own_type_too() {
    let key = |status: &str| {
        json!({ "id": "lic_1", "key": "planted", "status": status, "instances_count": "2",
                "customer_id": "cus_1", "product_id": "pdt_1", "created_at": "2026-10-30T08:15:42Z" })
    };
    let event = delivered("license_key.created", &key("active")).unwrap();
    assert_eq!((&event.kind, &event.product), (&EventKind::Granted, &Some("pdt_1".into())));
    assert_eq!(event.key.unwrap().activations.used, Some(2));
    assert_eq!(delivered("license_key.created", &key("disabled")).unwrap().kind, EventKind::Updated);
    let unknown = delivered("license_key.renamed", &key("active")).unwrap().kind;
    assert_eq!(unknown, EventKind::Other("license_key.renamed".into()));
}

#[test]
fn what_is_not_about_keys_is_of_no_interest() {
    for raw_type in
        ["payment.succeeded", "refund.failed", "payout.success", "license_keys", "", "abandoned.checkout"]
    {
        let error = delivered(raw_type, &json!({})).unwrap_err();
        assert!(matches!(&error, WebhookError::NotOfInterest(it) if it.raw_type() == raw_type), "{error}");
    }
    let chat = grant("entitlement_grant.delivered", |data| {
        data["integration_type"] = json!("discord");
        data["license_key"] = Value::Null;
    });
    assert!(matches!(chat, Err(WebhookError::NotOfInterest(_))));
}
