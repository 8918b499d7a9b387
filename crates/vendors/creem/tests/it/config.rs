use std::path::Path;

use anykey_core::{
    Capability, ErrorKind, LicenseProvider, ListQuery, SecretResolver, SecretString, ValidateRequest,
};
use anykey_creem::{CreemConfig, CreemProvider};
use anykey_testkit::transport::ScriptedTransport;
use serde_json::json;

use crate::support::{code, provider, sent};

struct Variables;

impl SecretResolver for Variables {
    fn env(&self, name: &str) -> Option<SecretString> {
        match name {
            "WEBHOOK" => Some("whsec_planted".into()),
            "TEST" => Some("creem_test_planted".into()),
            "LIVE" => Some("creem_planted".into()),
            _ => None,
        }
    }

    fn file(&self, _: &Path) -> std::io::Result<SecretString> {
        Err(std::io::ErrorKind::NotFound.into())
    }
}

#[test]
fn unusable_settings_are_errors_at_the_start() {
    for (config, named) in [
        (json!({}), "`token` is missing"),
        (json!({ "token": { "env": "MISSING" } }), "MISSING"),
        (json!({ "token": { "env": "WEBHOOK" } }), "webhook secret"),
        (json!({ "token": { "env": "TEST" } }), "`environment` is `live`"),
        (json!({ "token": { "env": "LIVE" }, "environment": "sandbox" }), "`environment` is `sandbox`"),
    ] {
        let read: CreemConfig = serde_json::from_value(config.clone()).unwrap();
        let error = read.builder(&Variables).and_then(|builder| builder.build()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Config, "{config}");
        assert!(error.to_string().contains(named), "{error}");
        assert!(!error.to_string().contains("planted"), "{error}");
    }
}

#[test]
fn a_missing_token_is_explained() {
    let error = CreemConfig::default().builder(&Variables).unwrap_err();
    for part in ["no call without an API key", "must not be in an app", "a server of yours"] {
        assert!(error.to_string().contains(part), "{error}");
    }
}

#[test]
fn a_typo_is_an_error() {
    assert!(serde_json::from_value::<CreemConfig>(json!({ "produts": [] })).is_err());
}

/// What Creem does not have is said before anything is sent, with what helps.
#[tokio::test]
async fn what_is_missing_is_said_with_what_helps() {
    let transport = ScriptedTransport::new();
    let provider = provider(&transport);
    let alone = provider.validate(ValidateRequest::new(code())).await.unwrap_err();
    assert_eq!(alone.capability(), Some(Capability::ValidateWithoutSeat));
    assert!(alone.to_string().contains("activate the key first"), "{alone}");
    let all = provider.list(ListQuery::new()).await.unwrap_err();
    assert!(all.to_string().contains("name the customer"), "{all}");
    let get = provider.get(&"lk_1".into()).await.unwrap_err();
    assert!(get.to_string().contains("checkout.completed"), "{get}");
    let customer = ValidateRequest::new(code()).activation("inst_1").customer("cust_1");
    assert!(provider.validate(customer).await.unwrap_err().to_string().contains("do not name the customer"));
    assert_eq!(sent(&transport), [""; 0]);
}

#[test]
fn a_provider_stays_below_the_documented_limits() {
    let paced = CreemProvider::builder("creem_1").build().unwrap();
    let text = format!("{paced:?}");
    assert!(text.contains("100") && text.contains("1000"), "{text}");
    assert!(!text.contains("creem_1"), "{text}");
}
