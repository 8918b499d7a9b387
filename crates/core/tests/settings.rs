//! Reading a provider's configuration: every mistake names its place, no value is repeated.
#![allow(missing_docs, clippy::unwrap_used)]

use std::path::Path;

use anykey_core::adapter::ProviderSettings;
use anykey_core::{ErrorKind, SecretResolver, SecretSource, SecretString};
use serde::Deserialize;
use serde_json::json;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Example {
    token: Option<SecretSource>,
    #[serde(default)]
    products: Vec<String>,
}

struct Secrets;

impl SecretResolver for Secrets {
    fn env(&self, name: &str) -> Option<SecretString> {
        (name == "TOKEN").then(|| SecretString::from(" planted \n"))
    }

    fn file(&self, path: &Path) -> std::io::Result<SecretString> {
        if path.ends_with("empty") {
            Ok(SecretString::from("\n"))
        } else {
            Err(std::io::ErrorKind::NotFound.into())
        }
    }
}

fn settings(fields: serde_json::Value) -> ProviderSettings {
    ProviderSettings::new(fields.as_object().unwrap().clone())
}

fn fault(fields: serde_json::Value) -> String {
    let error = settings(fields).read::<Example>().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Config);
    assert!(!format!("{error} {error:?}").contains("planted"));
    error.message().to_owned()
}

#[test]
fn a_mistake_names_its_field_and_no_value() {
    assert!(
        fault(json!({"tokn": "planted"}))
            .ends_with("unknown field `tokn`, expected `token` or `products`; did you mean `token`?")
    );
    assert!(fault(json!({"port": "planted"})).ends_with("expected `token` or `products`"));
    assert!(fault(json!({"products": [1, 2]})).starts_with("`products[0]`: invalid type, expected a string"));
    assert!(fault(json!({"products": "planted"})).starts_with("`products`: invalid type"));
    for pasted in [json!("planted"), json!({"env": "A", "file": "b"}), json!({}), json!(7)] {
        assert!(fault(json!({"token": pasted})).starts_with("`token`: write a secret as { env ="));
    }
}

#[test]
fn a_pasted_secret_is_not_repeated_wherever_it_stands() {
    #[derive(Debug, Deserialize)]
    #[serde(rename_all = "lowercase")]
    enum Mode {
        Live,
        Sandbox,
    }
    #[derive(Debug, Deserialize)]
    struct Chosen {
        #[expect(dead_code, reason = "only its error matters")]
        mode: Mode,
    }
    let error = settings(json!({"mode": "planted"})).read::<Chosen>().unwrap_err();
    assert_eq!(error.message(), "`mode`: unknown value, expected `live` or `sandbox`");
    let name = format!("planted_{}", "0".repeat(40));
    assert!(fault(json!({ name: 1 })).contains("its name is not printed"));
}

#[test]
fn a_secret_is_read_trimmed_from_where_it_is_kept() {
    use secrecy::ExposeSecret;
    let fields = json!({"token": {"env": "TOKEN"}, "products": ["a"]});
    let example: Example = settings(fields).read().unwrap();
    assert_eq!(example.products, ["a"]);
    let secret = example.token.as_ref().unwrap().resolve("token", &Secrets).unwrap();
    assert_eq!(secret.expose_secret(), "planted");
    assert!(!format!("{example:?}").contains("planted"));
}

#[test]
fn a_secret_that_is_not_there_names_where_it_should_be() {
    let fault = |source: SecretSource| source.resolve("token", &Secrets).unwrap_err().message().to_owned();
    assert_eq!(
        fault(SecretSource::Env("OTHER".into())),
        "`token`: the environment variable OTHER is not set"
    );
    assert_eq!(
        fault(SecretSource::File("gone".into())),
        "`token`: the file gone cannot be read: entity not found"
    );
    assert_eq!(fault(SecretSource::File("empty".into())), "`token`: the file empty is empty");
}

#[test]
fn a_token_pasted_as_a_variables_name_is_not_printed() {
    let pasted = SecretSource::Env("acme_oat_planted".into());
    let error = pasted.resolve("token", &Secrets).unwrap_err();
    assert!(!format!("{error} {error:?} {pasted:?}").contains("planted"), "{error}");
}
