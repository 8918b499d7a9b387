//! What the server would change silently: refused before anything is sent, and noticed when it happens nevertheless.

use anykey_core::{
    ActivateRequest, ActivationLimit, CreateRequest, ErrorKind, Expiry, LicensePatch, LicenseProvider,
    Metadata, MetadataValue, StatusChange, Timestamp,
};
use anykey_testkit::transport::ScriptedTransport;

use crate::support::{CODE, Recorded, code, data, key, management};

fn create() -> CreateRequest {
    CreateRequest::new(code(CODE), "2", "55")
}

fn at(text: &str) -> Expiry {
    Expiry::At(text.parse().unwrap())
}

#[tokio::test]
async fn nothing_is_sent_that_the_server_would_change() {
    let transport = ScriptedTransport::new();
    let server = management(&transport);
    let mut wrong = Vec::new();
    // A negative limit becomes positive, 0 unlimited, and 2^32 the largest one (recorded).
    for limit in [0, 1 << 32, u64::MAX] {
        wrong.push(server.create(create().activation_limit(limit)).await.err());
        wrong.push(server.update(&"1".into(), LicensePatch::new().activation_limit(limit)).await.err());
    }
    // Dates that the database does not keep become "never".
    for end in ["-000001-01-01T00:00:00Z", "0999-12-31T23:59:59Z"] {
        wrong.push(server.create(create().expiry(at(end))).await.err());
        let end: Timestamp = end.parse().unwrap();
        wrong.push(server.update(&"1".into(), LicensePatch::new().expiry(end)).await.err());
    }
    // Codes lose blanks and markup, and those with other characters cannot be named again.
    for text in [" DLM-1", "DLM-<b>1</b>", "DLM.1", "DLM-%41", "CL\u{c9}", "17", "hashed-1"] {
        wrong.push(server.create(CreateRequest::new(code(text), "2", "55")).await.err());
    }
    wrong.push(server.create(CreateRequest::new(code(CODE), "alice", "55")).await.err());
    for label in ["0070", "1e5", "<b>lab</b>top", "a\0b", " laptop", "a  b", "\u{1f511}", "a\\b", "%41"] {
        wrong.push(server.activate(ActivateRequest::new(code(CODE), label)).await.err());
    }
    let values: [(&str, MetadataValue); 9] = [
        ("name", "O'Brien".into()),
        ("name", "say \"hi\"".into()),
        ("path", "C:\\n".into()),
        ("name", "caf\u{e9}".into()),
        ("zip", "0070".into()),
        ("version", "1.10".into()),
        ("on", "true".into()),
        ("value", "x".into()),
        ("a[b]", "x".into()),
    ];
    for (name, value) in values {
        let metadata = Metadata::from([(name.to_owned(), value)]);
        let request = ActivateRequest::new(code(CODE), "laptop").metadata(metadata);
        wrong.push(server.activate(request).await.err());
    }
    for (number, error) in wrong.iter().enumerate() {
        let kind = error.as_ref().map(anykey_core::Error::kind);
        assert_eq!(kind, Some(ErrorKind::InvalidRequest), "{number}: {error:?}");
    }
    assert!(transport.requests().is_empty());
}

/// The recorded exchanges in which the server stored something else than it was sent.
#[tokio::test]
async fn a_value_that_was_stored_in_another_form_is_an_error_that_may_have_taken_effect() {
    for (name, change) in [
        ("create-expires-feb-31", create().expiry(at("2027-02-28T00:00:00Z"))),
        ("create-expires-zero", create().expiry(at("2027-01-01T00:00:00Z"))),
        ("create-limit-negative", create().activation_limit(4)),
        ("create-limit-2pow32", create().activation_limit(4)),
        ("create-key-markup", create()),
        ("create-key-surrounding-spaces", create()),
    ] {
        let recorded = Recorded::all().into_iter().find(|one| one.name == name).unwrap();
        let transport = ScriptedTransport::new().then(recorded.answer());
        let error = management(&transport).create(change).await.unwrap_err();
        assert_eq!(
            (error.kind(), error.may_have_taken_effect()),
            (ErrorKind::Decode, true),
            "{name}: {error}"
        );
    }
    let end: Timestamp = "2031-05-06T07:08:09Z".parse().unwrap();
    let patches = [
        LicensePatch::new().activation_limit(5),
        LicensePatch::new().activation_limit(ActivationLimit::Unlimited),
        LicensePatch::new().expiry(end),
        LicensePatch::new().status(StatusChange::Disable),
    ];
    let stored = key(&[
        (r#""activations_limit":2"#, r#""activations_limit":7"#),
        (r#""expires_at":null"#, r#""expires_at":"0000-00-00 00:00:00""#),
    ]);
    for patch in patches {
        let transport = ScriptedTransport::new().then(data(&stored));
        let what = format!("{patch:?}");
        let error = management(&transport).update(&"1".into(), patch).await.unwrap_err();
        assert!(error.may_have_taken_effect() && error.refusal().is_none(), "{what}: {error}");
    }
}
