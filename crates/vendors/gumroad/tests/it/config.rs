use std::path::Path;

use anykey_core::{ErrorKind, SecretResolver, SecretString};
use anykey_gumroad::GumroadConfig;
use serde_json::json;

use crate::support::PRODUCT;

struct NoVariables;

impl SecretResolver for NoVariables {
    fn env(&self, _: &str) -> Option<SecretString> {
        None
    }

    fn file(&self, _: &Path) -> std::io::Result<SecretString> {
        Err(std::io::ErrorKind::NotFound.into())
    }
}

#[test]
fn unusable_settings_are_errors_at_the_start() {
    for (config, named) in [
        (json!({ "products": [] }), "products"),
        (json!({ "products": ["editor-pro"] }), "products"),
        (json!({ "products": [PRODUCT, "https://x.gumroad.com/l/y"] }), "products"),
        (json!({ "products": [PRODUCT], "token": { "env": "MISSING" } }), "MISSING"),
    ] {
        let read: GumroadConfig = serde_json::from_value(config.clone()).unwrap();
        let error = read.builder(&NoVariables).and_then(|builder| builder.build()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Config, "{config}");
        assert!(error.to_string().contains(named), "{error}");
    }
}

#[test]
fn a_product_is_required_and_a_typo_is_an_error() {
    for config in [json!({}), json!({ "products": [PRODUCT], "store_id": "1" })] {
        assert!(serde_json::from_value::<GumroadConfig>(config).is_err());
    }
}
