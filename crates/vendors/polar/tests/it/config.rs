//! From the fields of a configuration to a provider: what is understood, and what each mistake says.

use std::io;
use std::path::Path;
use std::sync::Arc;

use anykey_core::adapter::{BuildContext, ProviderSettings};
use anykey_core::{
    Clock, ErrorKind, LicenseProvider, Operation, Result, SecretResolver, SecretString, Timestamp,
};
use anykey_polar::{PolarConfig, VENDOR};
use serde_json::{Value, json};

const ORGANIZATION: &str = "57a10a51-653a-449f-a259-1c70a3bbc826";

struct Secrets;

impl SecretResolver for Secrets {
    fn env(&self, name: &str) -> Option<SecretString> {
        match name {
            "OAT" => Some("polar_oat_planted".into()),
            "CST" => Some("polar_cst_planted\n".into()),
            _ => None,
        }
    }

    fn file(&self, _: &Path) -> io::Result<SecretString> {
        Ok("polar_mst_planted\n".into())
    }
}

fn settings(fields: Value) -> ProviderSettings {
    let Value::Object(mut fields) = fields else { panic!("fields are an object") };
    fields.entry("organization_id").or_insert(json!(ORGANIZATION));
    ProviderSettings::new(fields)
}

fn build(fields: Value) -> Result<Arc<dyn LicenseProvider>> {
    VENDOR.build(&settings(fields), &BuildContext::new("polar", &Secrets, Clock::new(Timestamp::now)))
}

#[cfg(feature = "reqwest")]
#[test]
fn what_the_fields_hold_chooses_the_plane() {
    use anykey_core::Capability;

    assert_eq!(VENDOR.name(), "polar");
    for (fields, lists, updates) in [
        (json!({}), false, false),
        (json!({"session_token": {"env": "CST"}}), true, false),
        (json!({"session_token": {"file": "/run/secrets/polar"}}), true, false),
        (json!({"token": {"env": "OAT"}}), true, true),
    ] {
        let provider = build(fields.clone()).unwrap();
        let able = |capability| provider.capabilities().contains(capability);
        assert_eq!(provider.name(), "polar");
        assert_eq!((able(Capability::List), able(Capability::SetExpiry)), (lists, updates), "{fields}");
        assert!(able(Capability::Activate) && !able(Capability::Create));
    }
}

#[cfg(feature = "reqwest")]
#[test]
fn every_field_is_understood() {
    let fields = json!({
        "environment": "sandbox",
        "base_url": "http://127.0.0.1:8000",
        "organization_id": ORGANIZATION.to_uppercase(),
        "token": {"env": "OAT"},
        "products": ["c891e6e8-fc0b-4c27-adc6-8002e2b10909"],
        "api_version": "2026-10",
        "raw": true,
        "pacing": false,
        "timeout": 5,
    });
    assert!(build(fields).is_ok());
}

#[test]
fn each_mistake_names_its_field_and_repeats_no_secret() {
    for (fields, named) in [
        (json!({"organisation_id": "x"}), "organisation_id"),
        (json!({"organization_id": "my-org"}), "`organization_id` is not a UUID"),
        (json!({"organization_id": 7}), "organization_id"),
        (json!({"environment": "staging"}), "environment"),
        (json!({"products": ["pro_1"]}), "`products`"),
        (json!({"base_url": "api.polar.sh"}), "base_url"),
        (json!({"api_version": "2026-10-01"}), "`api_version`"),
        (json!({"token": "polar_oat_planted"}), "token"),
        (json!({"token": {"env": "MISSING"}}), "MISSING"),
        (json!({"token": {"env": "CST"}}), "put it into `session_token`"),
        (json!({"session_token": {"env": "OAT"}}), "put it into `token`"),
        (json!({"token": {"env": "OAT"}, "session_token": {"env": "CST"}}), "both set"),
    ] {
        let error = build(fields.clone()).unwrap_err();
        assert_eq!((error.kind(), error.provider()), (ErrorKind::Config, Some("polar")), "{fields}: {error}");
        assert_eq!(error.operation(), Some(Operation::Configure), "{fields}: {error}");
        assert!(error.to_string().contains(named), "{fields}: {error}");
        assert!(!format!("{error} {error:?}").contains("planted"), "{fields}: {error}");
    }
    let missing = build(json!({"organization_id": null})).unwrap_err();
    assert!(missing.to_string().contains("organization_id"), "{missing}");
}

#[cfg(feature = "reqwest")]
#[test]
fn what_no_request_could_go_out_with_is_told_at_once() {
    for (fields, named) in [
        (json!({"base_url": "http://api.polar.sh"}), "base_url"),
        (json!({"base_url": "https://user:planted@api.polar.sh"}), "base_url"),
        (json!({"timeout": 0}), "zero"),
    ] {
        let error = build(fields).unwrap_err();
        assert_eq!((error.kind(), error.provider()), (ErrorKind::Config, Some("polar")), "{error}");
        assert!(error.to_string().contains(named) && !error.to_string().contains("planted"), "{error}");
    }
}

#[test]
fn neither_configuration_nor_builder_prints_a_token() {
    let config: PolarConfig = settings(json!({"token": {"env": "OAT"}})).read().unwrap();
    let builder = config.builder(&Secrets).unwrap();
    assert!(!format!("{config:?} {builder:?} {builder:#?}").contains("planted"));
    #[cfg(feature = "reqwest")]
    assert!(!format!("{:?}", builder.build().unwrap()).contains("planted"));
}

#[cfg(not(feature = "reqwest"))]
#[test]
fn without_a_transport_the_error_says_what_to_do() {
    let error = build(json!({})).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Config);
    assert!(error.to_string().contains("switch on the feature `reqwest`"), "{error}");
}
