use std::path::Path;

use anykey_core::{ErrorKind, SecretResolver, SecretString};
use anykey_lemonsqueezy::LemonSqueezyConfig;
use serde_json::json;

struct Variables;

impl SecretResolver for Variables {
    fn env(&self, name: &str) -> Option<SecretString> {
        (name == "WEBHOOK").then(|| "whsec_planted".into())
    }

    fn file(&self, _: &Path) -> std::io::Result<SecretString> {
        Err(std::io::ErrorKind::NotFound.into())
    }
}

#[test]
fn unusable_settings_are_errors_at_the_start() {
    for (config, named) in [
        (json!({ "store_id": "my-shop" }), "store_id"),
        (json!({ "store_id": "" }), "store_id"),
        (json!({ "store_id": "1", "products": ["pdt_1"] }), "products"),
        (json!({ "store_id": "1", "variants": [" 5"] }), "variants"),
        (json!({ "store_id": "1", "token": { "env": "WEBHOOK" } }), "token"),
        (json!({ "store_id": "1", "token": { "env": "MISSING" } }), "MISSING"),
    ] {
        let read: LemonSqueezyConfig = serde_json::from_value(config.clone()).unwrap();
        let error = read.builder(&Variables).and_then(|builder| builder.build()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Config, "{config}");
        assert!(error.to_string().contains(named), "{error}");
        assert!(!error.to_string().contains("planted"), "{error}");
    }
}

#[test]
fn the_store_is_required_and_a_typo_is_an_error() {
    for config in [json!({}), json!({ "store_id": "1", "produts": [] })] {
        assert!(serde_json::from_value::<LemonSqueezyConfig>(config).is_err());
    }
}
