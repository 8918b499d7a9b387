use anykey_http::read_json;

use super::*;

fn read(body: &str) -> Option<LicenseKey> {
    read_json(body.as_bytes()).map(|body| license(body, None))
}

#[test]
fn a_license_of_the_specification() {
    let key = read(
        r#"{"id":"lk_1","mode":"test","object":"license","product_id":"prod_1","status":"active",
        "key":"ABCDE-FGHIJ-KLMNO-PQRST-UVWXY","activation":2,"activation_limit":5,
        "expires_at":"2027-01-31T00:00:00.000Z","created_at":"2026-01-31T10:20:30.456Z",
        "instance":{"id":"inst_1","mode":"test","object":"license-instance","name":"Laptop","status":"active",
        "created_at":"2026-02-01T00:00:00.000Z"}}"#,
    )
    .unwrap();
    assert_eq!((key.id.as_str(), key.code.expose()), ("lk_1", "ABCDE-FGHIJ-KLMNO-PQRST-UVWXY"));
    assert_eq!((&key.status, &*key.status_word), (&LicenseStatus::Active, "active"));
    assert_eq!(key.activations.used, Some(2));
    assert_eq!(key.activations.limit, ActivationLimit::AtMost(5));
    assert_eq!(key.expiry, Expiry::At("2027-01-31T00:00:00Z".parse().unwrap()));
    assert_eq!(key.created_at, Some("2026-01-31T10:20:30.456Z".parse().unwrap()));
    assert_eq!((key.product, key.environment), (Some("prod_1".into()), Some(Environment::Sandbox)));
    assert_eq!((key.customer, key.usage), (None, None));
}

#[test]
fn a_license_with_the_required_members_only() {
    let key = read(r#"{"id":"lic_1","status":"inactive","key":"ABC123-XYZ456-XYZ456-XYZ456"}"#).unwrap();
    assert_eq!(key.status, LicenseStatus::Inactive);
    assert_eq!((key.activations.limit, key.expiry), (ActivationLimit::Unknown, Expiry::Unknown));
    assert_eq!((key.product, key.environment), (None, None));
    for incomplete in [
        r#"{"status":"active","key":"K"}"#,
        r#"{"id":"lic_1","status":"active"}"#,
        r#"{"id":"lic_1","key":"K"}"#,
        r#"{"id":"lic_1","status":null,"key":"K"}"#,
    ] {
        assert!(read(incomplete).is_none(), "{incomplete}");
    }
}

#[test]
fn null_is_no_limit_and_an_unknown_end() {
    let body = r#"{"id":"lic_1","status":"active","key":"K","activation_limit":null,"expires_at":null}"#;
    let key = read(body).unwrap();
    assert_eq!((key.activations.limit, key.expiry), (ActivationLimit::Unlimited, Expiry::Unknown));
    let odd = read(r#"{"id":"lic_1","status":"active","key":"K","activation_limit":-1,"activation":"many"}"#);
    assert_eq!(odd.unwrap().activations, ActivationUse { used: None, limit: ActivationLimit::Unknown });
}

#[test]
fn an_unknown_word_is_kept_and_is_no_verdict() {
    let key = read(r#"{"id":"lic_1","status":"paused","key":"K","mode":"local"}"#).unwrap();
    assert_eq!(key.status, LicenseStatus::Other("paused".into()));
    assert_eq!((key.status.verdict(), key.environment), (None, None));
    for (word, expected) in [
        ("Active", LicenseStatus::Active),
        ("expired", LicenseStatus::Expired),
        ("DISABLED", LicenseStatus::Disabled),
    ] {
        assert_eq!(status(word), expected);
    }
    for (word, expected) in [
        ("prod", Some(Environment::Live)),
        ("live", Some(Environment::Live)),
        ("test", Some(Environment::Sandbox)),
        ("sandbox", Some(Environment::Sandbox)),
        ("local", None),
    ] {
        assert_eq!(environment(word), expected, "{word}");
    }
}
