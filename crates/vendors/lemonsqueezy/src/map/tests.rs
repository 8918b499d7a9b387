use std::sync::Arc;

use anykey_core::Change;

use super::*;

const FAR_FUTURE: &str = "2030-01-24T14:15:07.000000Z";

fn read(json: &str) -> Option<LicenseKey> {
    license(serde_json::from_str(json).unwrap(), MetaBody::default(), None)
}

#[test]
fn every_member_of_a_license_is_kept() {
    let license_key = format!(
        r#"{{"id":1,"status":"inactive","key":"38b1460a-5104-4067-a91d-77b872934d51","activation_limit":1,
            "activation_usage":5,"created_at":"2021-03-25T11:10:18.000000Z","expires_at":"{FAR_FUTURE}","test_mode":true}}"#
    );
    let meta = r#"{"store_id":1,"order_id":2,"order_item_id":3,"product_id":4,"product_name":"P","variant_id":5,
        "variant_name":"V","customer_id":6,"customer_name":"C","customer_email":"planted@example.com"}"#;
    let meta = serde_json::from_str(meta).unwrap();
    let key = license(serde_json::from_str(&license_key).unwrap(), meta, None).unwrap();
    assert_eq!((key.id.as_str(), key.status_word.as_ref()), ("1", "inactive"));
    assert_eq!((&key.status, key.environment), (&LicenseStatus::Inactive, Some(Environment::Sandbox)));
    assert_eq!(key.activations.used, Some(5));
    assert_eq!(key.activations.limit, ActivationLimit::AtMost(1));
    assert_eq!(key.expiry, Expiry::At(FAR_FUTURE.parse().unwrap()));
    assert_eq!(key.origin.seller.as_deref(), Some("1"));
    assert_eq!(key.origin.order.as_deref(), Some("2"));
    assert_eq!(key.product, Some("4".into()));
    assert_eq!(key.customer, Some("6".into()));
    assert!(!format!("{key:?}").contains("planted"));
}

#[test]
fn what_is_missing_or_odd_is_unknown() {
    let key =
        read(r#"{"id":1,"key":"k","status":"paused","activation_limit":-1,"expires_at":7e300}"#).unwrap();
    assert_eq!(key.status, LicenseStatus::Other("paused".into()));
    assert_eq!((key.activations.limit, key.expiry), (ActivationLimit::Unknown, Expiry::Unknown));
    assert_eq!((key.environment, key.activations.used), (None, None));
    let unlimited = read(r#"{"id":1,"key":"k","status":"active","activation_limit":null,"expires_at":null}"#);
    let unlimited = unlimited.unwrap();
    assert_eq!(
        (unlimited.activations.limit, unlimited.expiry),
        (ActivationLimit::Unlimited, Expiry::Unknown)
    );
    for unnamed in
        [r#"{"key":"k","status":"active"}"#, r#"{"id":1,"status":"active"}"#, r#"{"id":1,"key":"k"}"#]
    {
        assert!(read(unnamed).is_none(), "{unnamed}");
    }
}

#[test]
fn a_disabled_key_is_disabled_in_either_spelling() {
    for (disabled, status, expected) in [
        ("true", "active", LicenseStatus::Disabled),
        ("1", "inactive", LicenseStatus::Disabled),
        ("0", "active", LicenseStatus::Active),
        ("false", "disabled", LicenseStatus::Disabled),
        ("true", "expired", LicenseStatus::Expired),
    ] {
        let json = format!(
            r#"{{"type":"license-keys","id":"1","attributes":{{"key":"k","status":"{status}","disabled":{disabled}}}}}"#
        );
        assert_eq!(license_key(serde_json::from_str(&json).unwrap(), None).status, expected, "{json}");
    }
}

#[test]
fn a_patch_names_only_what_changes() {
    let written = |change: &LicensePatch| serde_json::to_string(&patch(change).unwrap()).unwrap();
    assert_eq!(written(&LicensePatch::new()), "{}");
    assert_eq!(written(&LicensePatch::new().activation_limit(3)), r#"{"activation_limit":3}"#);
    assert_eq!(
        written(&LicensePatch::new().activation_limit(ActivationLimit::Unlimited).clear_expiry()),
        r#"{"activation_limit":null,"expires_at":null}"#
    );
    assert_eq!(written(&LicensePatch::new().status(StatusChange::Enable)), r#"{"disabled":false}"#);
    let end: Timestamp = "2027-01-31T18:00:00.5Z".parse().unwrap();
    assert_eq!(written(&LicensePatch::new().expiry(end)), r#"{"expires_at":"2027-01-31T18:00:00.5Z"}"#);
    for refused in [
        LicensePatch::new().activation_limit(ActivationLimit::NotAllowed),
        LicensePatch::new().status(StatusChange::Revoke),
    ] {
        assert_eq!(patch(&refused).unwrap_err().kind(), anykey_core::ErrorKind::Unsupported, "{refused:?}");
    }
    assert!(matches!(LicensePatch::new().expiry, Change::Keep));
}

#[test]
fn a_key_of_a_list_shares_the_texts_that_are_those_of_the_key_before_it() {
    let key = |before: Option<&LicenseKey>, store: u32, product: u32| {
        let json = format!(
            r#"{{"type":"license-keys","id":"1","attributes":{{"key":"k","status":"active","store_id":{store},"product_id":{product}}}}}"#
        );
        following(before, serde_json::from_str(&json).unwrap(), None)
    };
    let named = |key: &LicenseKey| (key.origin.seller.as_deref().map(str::to_owned), key.product.clone());
    let first = key(None, 1, 4);
    let second = key(Some(&first), 1, 4);
    let third = key(Some(&second), 2, 5);
    assert_eq!(named(&first), named(&second));
    assert_eq!(named(&third), (Some("2".to_owned()), Some("5".into())));
    let sellers = first.origin.seller.as_ref().zip(second.origin.seller.as_ref());
    assert!(sellers.is_some_and(|(first, second)| Arc::ptr_eq(first, second)));
}
