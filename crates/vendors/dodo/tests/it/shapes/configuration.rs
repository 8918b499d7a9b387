use std::io;
use std::path::Path;
use std::sync::Arc;

use anykey_core::adapter::ProviderSettings;
use anykey_core::{Capability, ErrorKind, LicenseProvider, Result, SecretResolver, SecretString};
use anykey_dodo::{DodoConfig, DodoProvider, LicenseKeysApi};
use serde_json::{Value, json};

use super::bench::Bench;

struct Token;

impl SecretResolver for Token {
    fn env(&self, _: &str) -> Option<SecretString> {
        Some("secret-api-key".into())
    }

    fn file(&self, _: &Path) -> io::Result<SecretString> {
        Err(io::ErrorKind::NotFound.into())
    }
}

fn provider(license_keys: Value) -> Result<DodoProvider> {
    let mut settings = ProviderSettings::default();
    settings.set("token", json!({ "env": "TOKEN" }));
    if !license_keys.is_null() {
        settings.set("license_keys", license_keys);
    }
    let config: DodoConfig = settings.read()?;
    config.builder(&Token)?.transport(Arc::new(Bench::new().sim)).build()
}

#[test]
fn the_shape_is_a_word_in_the_configuration_and_auto_by_default() {
    for (word, revokes) in
        [(Value::Null, false), (json!("auto"), false), (json!("classic"), false), (json!("grants"), true)]
    {
        let declared = provider(word.clone()).unwrap().capabilities();
        assert_eq!(declared.contains(Capability::Revoke), revokes, "{word}");
    }
    let config: DodoConfig = serde_json::from_value(json!({})).unwrap();
    assert_eq!(config.license_keys, LicenseKeysApi::Auto);
}

#[test]
fn another_word_is_an_error_that_names_the_field() {
    for word in [json!("both"), json!("Classic"), json!(""), json!(1)] {
        let error = provider(word).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Config);
        assert!(error.to_string().contains("`license_keys`"), "{error}");
    }
}

#[tokio::test]
async fn without_a_token_either_shape_is_unsupported() {
    for api in [LicenseKeysApi::Auto, LicenseKeysApi::Classic, LicenseKeysApi::Grants] {
        let transport = Arc::new(Bench::new().sim);
        let device = DodoProvider::builder().license_keys(api).transport(transport).build().unwrap();
        assert!(!device.capabilities().contains(Capability::Create));
        for error in [
            device.list(Default::default()).await.unwrap_err(),
            device.get(&"lic_1".into()).await.unwrap_err(),
            device.update(&"lic_1".into(), Default::default()).await.unwrap_err(),
            device.activations(&"lic_1".into()).await.unwrap_err(),
        ] {
            assert_eq!(error.kind(), ErrorKind::Unsupported);
            assert!(error.to_string().contains("set `token`"), "{error}");
        }
    }
}
