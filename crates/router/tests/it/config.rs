use std::path::Path;
use std::sync::Arc;

use anykey_core::adapter::{BuildContext, ErrorExt as _, ProviderSettings, Siblings};
use anykey_core::{
    Clock, Error, ErrorKind, LicenseProvider, Result, SecretResolver, SecretString, Timestamp, WebhookFeed,
    WebhookReceiver,
};
use anykey_router::VENDOR;
use serde_json::{Value, json};

use crate::feed::Feed;
use crate::vendor::Vendor;

struct NoSecrets;

impl SecretResolver for NoSecrets {
    fn env(&self, _: &str) -> Option<SecretString> {
        None
    }

    fn file(&self, _: &Path) -> std::io::Result<SecretString> {
        Err(std::io::ErrorKind::NotFound.into())
    }
}

struct TwoVendors;

impl Siblings for TwoVendors {
    fn provider(&self, name: &str) -> Result<Arc<dyn LicenseProvider>> {
        match name {
            "main" => Ok(Arc::new(Vendor::new("main"))),
            "legacy" => Ok(Arc::new(Vendor::new("legacy"))),
            "broken" => Err(Error::new(ErrorKind::Config, "`token` is missing").with_provider("broken")),
            _ => Err(Error::new(ErrorKind::Config, format!("there is no provider called `{name}`"))),
        }
    }

    fn aliases(&self, _: &str) -> &[String] {
        &[]
    }

    fn receiver(&self, _: &str) -> Result<Option<Arc<dyn WebhookReceiver>>> {
        Ok(None)
    }

    fn feed(&self, name: &str) -> Result<Option<Arc<dyn WebhookFeed>>> {
        match name {
            "legacy" => Ok(Some(Arc::new(Feed::with(&["evt_1"])))),
            "broken" => Err(Error::new(ErrorKind::Config, "`token` is missing").with_provider("broken")),
            _ => Ok(None),
        }
    }
}

fn settings(fields: &Value) -> ProviderSettings {
    ProviderSettings::new(fields.as_object().unwrap().clone())
}

fn build(fields: &Value) -> Result<Arc<dyn LicenseProvider>> {
    let context = BuildContext::new("all", &NoSecrets, Clock::new(Timestamp::now));
    VENDOR.build(&settings(fields), &context.with_siblings(&TwoVendors))
}

fn good() -> Value {
    json!({
        "routes": [{ "prefix": "ACME-", "to": "main" }, { "pattern": "uuid", "to": "legacy" }],
        "chain": ["main", "legacy"],
        "create": "main",
        "remembered_codes": 5,
    })
}

#[test]
fn the_fields_of_a_configuration_make_a_router() {
    let router = build(&good()).unwrap();
    assert_eq!((router.name(), router.vendor()), ("all", "router"));
    let printed = format!("{router:?}");
    for part in
        ["ACME-", "to main", "Uuid", "to legacy", r#"chain: ["main", "legacy"]"#, r#"create: Some("main")"#]
    {
        assert!(printed.contains(part), "{part}: {printed}");
    }
}

#[test]
fn keys_are_imported_with_the_mapping_of_the_table() {
    let mut fields = good();
    fields["import_on_activate"] = json!(["legacy"]);
    fields["mapping"] = json!({ "products": { "a": "b" }, "default_customer": "c", "default_limit": 3 });
    let printed = format!("{:?}", build(&fields).unwrap());
    assert!(printed.contains(r#"import_on_activate: Some(["legacy"])"#), "{printed}");
    fields["import_on_activate"] = json!(["main"]);
    let error = build(&fields).unwrap_err();
    assert!(error.message().contains("`import_on_activate[0]`: `main` is `create`"), "{error}");
    fields["import_on_activate"] = json!(["other"]);
    let error = build(&fields).unwrap_err();
    assert!(
        error.message().contains("`import_on_activate[0]`: there is no provider called `other`"),
        "{error}"
    );
}

#[test]
fn an_error_names_the_field() {
    let with = |field: &str, value: Value| {
        let mut fields = good();
        fields[field] = value;
        fields
    };
    for (fields, expected) in [
        (
            with("routes", json!([{ "prefix": "A", "to": "mian" }])),
            "`routes[0].to`: there is no provider called `mian`",
        ),
        (with("chain", json!(["main", "other"])), "`chain[1]`: there is no provider called `other`"),
        (with("create", json!("other")), "`create`: there is no provider called `other`"),
        (
            with("routes", json!([{ "pattern": "planted", "to": "main" }])),
            "`routes[0].pattern`: a pattern is `uuid`",
        ),
        (with("routes", json!([{ "to": "main" }])), "`routes[0]` describes no code"),
        (with("routes", json!([{ "prefix": "A" }])), "missing field `to`"),
        (with("routes", json!([{ "prefix": "A", "too": "main" }])), "unknown field `too`"),
        (with("routes", json!("main")), "`routes`"),
        (with("chain", json!([])), "`chain` is empty"),
        (with("chian", json!(["main"])), "unknown field `chian`"),
        (json!({}), "there is no route, and no `chain` either"),
        (with("import_on_activate", json!(["legacy"])), "`mapping`: it is missing"),
        (with("mapping", json!({})), "`mapping` has no effect"),
        (with("mapping", json!({ "prodcts": {} })), "unknown field `prodcts`"),
        (with("mapping", json!({ "unknown_expiry": "soon" })), "`mapping.unknown_expiry`"),
    ] {
        let error = build(&fields).unwrap_err();
        assert_eq!((error.kind(), error.provider()), (ErrorKind::Config, Some("all")), "{error}");
        assert!(error.message().contains(expected), "{error}");
        assert!(!format!("{error} {error:?}").contains("planted"), "{error:?}");
        assert_eq!(error.message().matches('`').count() % 2, 0, "{error}");
    }
    let error = build(&with("chain", json!(["main", "broken"]))).unwrap_err();
    assert_eq!(
        (error.message(), error.provider()),
        ("`token` is missing", Some("broken")),
        "it is the other's field"
    );
}

#[test]
fn a_router_alone_and_one_without_webhooks_say_what_is_missing() {
    let context = BuildContext::new("all", &NoSecrets, Clock::new(Timestamp::now));
    let error = VENDOR.build(&settings(&good()), &context).unwrap_err();
    assert!(error.message().contains("[providers.NAME]"), "{error}");
    let error = VENDOR.build_receiver(&settings(&good()), &context.with_siblings(&TwoVendors)).unwrap_err();
    assert!(error.message().contains("`webhook_secrets`"), "{error}");
}

#[tokio::test]
async fn the_feed_of_a_router_is_that_of_each_provider_once() {
    let context =
        || BuildContext::new("all", &NoSecrets, Clock::new(Timestamp::now)).with_siblings(&TwoVendors);
    let feed = VENDOR.build_feed(&settings(&good()), &context()).unwrap().unwrap();
    let ids: Vec<_> = feed.pending().await.unwrap().into_iter().map(|delivery| delivery.id).collect();
    assert_eq!(ids, ["legacy:evt_1".into()]);
    let without = VENDOR.build_feed(&settings(&json!({ "chain": ["main"] })), &context()).unwrap();
    assert!(without.is_none());
    let error =
        VENDOR.build_feed(&settings(&json!({ "chain": ["main", "broken"] })), &context()).unwrap_err();
    assert_eq!(error.provider(), Some("broken"));
}
