//! Verification of signatures and timestamps.

use anykey_core::{HeaderMap, NotAuthentic, Timestamp, WebhookError};
use http::{HeaderName, HeaderValue};
use standardwebhooks::Webhook;

use crate::signed::{BODY, ID, OTHER_SECRET, SECRET, SENT_AT, Signed, at, signature, signed, verifier};

#[test]
fn an_authentic_delivery_has_its_id_and_time() {
    let authentic = signed().verify().unwrap();
    assert_eq!((&*authentic.id, authentic.sent_at), (ID, at(SENT_AT)));
}

#[test]
fn header_names_are_case_insensitive() {
    let mut headers = HeaderMap::new();
    for (name, value) in &signed().headers {
        let uppercase = name.as_str().to_ascii_uppercase();
        headers.insert(HeaderName::from_bytes(uppercase.as_bytes()).unwrap(), value.clone());
    }
    let signed = Signed { headers, body: BODY.into() };
    assert!(signed.verify().is_ok());
}

#[test]
fn any_change_is_a_signature_mismatch() {
    let value: serde_json::Value = serde_json::from_str(BODY).unwrap();
    let sorted = serde_json::to_vec(&value).unwrap();
    assert_ne!(sorted, BODY.as_bytes());
    for body in [sorted, serde_json::to_vec_pretty(&value).unwrap(), Vec::new(), format!("{BODY}\n").into()] {
        let changed = Signed { body, ..signed() };
        assert_eq!(changed.verify(), Err(NotAuthentic::SignatureMismatch));
    }
    for (name, value) in [
        ("webhook-id", "msg_another"),
        ("webhook-timestamp", "1790000001"),
        ("webhook-timestamp", "01790000000"),
        ("webhook-signature", "v1,"),
        ("webhook-signature", "v1"),
        ("webhook-signature", " "),
        ("webhook-signature", "v1,dGhpcyBpcyBubyBzaWduYXR1cmUgb2Ygb3VycyEhISE="),
    ] {
        let mut changed = signed();
        changed.set(name, value);
        assert_eq!(changed.verify(), Err(NotAuthentic::SignatureMismatch), "{name}: {value:?}");
    }
}

#[test]
fn the_timestamp_may_differ_by_exactly_five_minutes() {
    let signed = signed();
    let verify = |now| verifier(&[SECRET]).verify(&signed.headers, &signed.body, now);
    for (second, refused) in [
        (SENT_AT + 300, None),
        (SENT_AT - 300, None),
        (SENT_AT + 301, Some(NotAuthentic::TooOld)),
        (SENT_AT - 301, Some(NotAuthentic::TooNew)),
        (0, Some(NotAuthentic::TooNew)),
    ] {
        assert_eq!(verify(at(second)).err(), refused, "{second}");
    }
    assert_eq!(verify(Timestamp::MAX), Err(NotAuthentic::TooOld));
    assert_eq!(verify(Timestamp::MIN), Err(NotAuthentic::TooNew));
}

#[test]
fn a_forgery_with_an_old_timestamp_is_a_signature_mismatch() {
    let mut forged = signed();
    forged.set("webhook-timestamp", "1");
    assert_eq!(forged.verify(), Err(NotAuthentic::SignatureMismatch));
}

#[test]
fn each_header_is_required_exactly_once_as_text() {
    for name in ["webhook-id", "webhook-timestamp", "webhook-signature"] {
        let mut missing = signed();
        missing.headers.remove(name);
        assert_eq!(missing.verify(), Err(NotAuthentic::MissingHeader(name)));

        let mut repeated = signed();
        let value = repeated.headers[name].clone();
        repeated.headers.append(name, value);
        assert_eq!(repeated.verify(), Err(NotAuthentic::RepeatedHeader(name)));

        for bytes in [&b"caf\xe9"[..], "é".as_bytes(), b""] {
            let mut malformed = signed();
            malformed.headers.insert(name, HeaderValue::from_bytes(bytes).unwrap());
            assert_eq!(malformed.verify(), Err(NotAuthentic::MalformedHeader(name)), "{bytes:?}");
        }
    }
    for no_time in
        ["now", "-1790000000", "+1790000000", " 1790000000", "1790000000.0", "99999999999999999999"]
    {
        let mut malformed = signed();
        malformed.set("webhook-timestamp", no_time);
        assert_eq!(malformed.verify(), Err(NotAuthentic::MalformedHeader("webhook-timestamp")), "{no_time}");
    }
}

#[test]
fn one_valid_signature_among_several_is_sufficient() {
    let good = signature(SECRET, ID, SENT_AT, BODY);
    let other = signature(OTHER_SECRET, ID, SENT_AT, BODY);
    for (header, is_good) in [
        (format!("{other} {good}"), true),
        (format!("{good} {other}"), true),
        (format!("v1a,AAAA nonsense , {good}"), true),
        (other.clone(), false),
        (good.replacen("v1,", "v1a,", 1), false),
        (good.replacen("v1,", "v2,", 1), false),
        (good.replacen("v1,", "V1,", 1), false),
        (good.replacen("v1,", "", 1), false),
        (format!("{other},{good}"), false),
    ] {
        let mut several = signed();
        several.set("webhook-signature", &header);
        assert_eq!(several.verify().is_ok(), is_good, "{header}");
    }
}

#[test]
fn several_secrets_are_accepted() {
    for secrets in [&[SECRET, OTHER_SECRET][..], &[OTHER_SECRET, SECRET]] {
        assert!(signed().verify_with(secrets).is_ok());
    }
    assert_eq!(signed().verify_with(&[OTHER_SECRET]), Err(NotAuthentic::SignatureMismatch));
    assert_eq!(signed().verify_with(&[]), Err(NotAuthentic::SignatureMismatch));
}

#[test]
fn the_text_of_a_secret_is_not_its_key() {
    let literal = Webhook::from_bytes(SECRET.as_bytes().to_vec()).unwrap();
    let mut wrong_scheme = signed();
    wrong_scheme.set("webhook-signature", &literal.sign(ID, SENT_AT, BODY.as_bytes()).unwrap());
    assert_eq!(wrong_scheme.verify(), Err(NotAuthentic::SignatureMismatch));
}

#[test]
fn a_large_body_is_verified() {
    let body = format!(r#"{{"type":"a.b","data":"{}"}}"#, "x".repeat(4 << 20));
    let mut giant = signed();
    giant.set("webhook-signature", &signature(SECRET, ID, SENT_AT, &body));
    giant.body = body.into();
    assert!(giant.verify().is_ok());
    giant.body.push(b' ');
    assert_eq!(giant.verify(), Err(NotAuthentic::SignatureMismatch));
}

#[test]
fn an_authentic_delivery_without_an_envelope_is_unreadable_and_keeps_its_bytes() {
    let deep = "[".repeat(100_000);
    for body in ["", "planted", "[]", "{}", r#"{"type":7}"#, r#"{"type":"a","type":"b"}"#, &deep] {
        let mut odd = signed();
        odd.set("webhook-signature", &signature(SECRET, ID, SENT_AT, body));
        let error = verifier(&[SECRET]).open(&odd.headers, body.as_bytes(), at(SENT_AT)).unwrap_err();
        let WebhookError::Unreadable(delivery) = &error else { panic!("{error}") };
        assert_eq!((delivery.id(), delivery.body().expose()), (ID, body.as_bytes()));
        assert!(!format!("{error} {error:?}").contains("planted"));
    }
}

#[test]
fn only_the_type_is_required_in_an_envelope() {
    for (body, data) in [
        (r#"{"type":"a.b"}"#, "null"),
        (r#"{"type":"a.b","timestamp":null,"data":null}"#, "null"),
        (r#"{"type":"a.b","timestamp":1790000000,"data":[1, 2]}"#, "[1, 2]"),
        (r#"{"new":{},"data":{"n":1.0},"timestamp":"soon","type":"a\u002eb"}"#, r#"{"n":1.0}"#),
    ] {
        let mut odd = signed();
        odd.set("webhook-signature", &signature(SECRET, ID, SENT_AT, body));
        let delivery = verifier(&[SECRET]).open(&odd.headers, body.as_bytes(), at(SENT_AT)).unwrap();
        assert_eq!((&*delivery.raw_type, delivery.data, delivery.occurred_at), ("a.b", data, None));
    }
}
