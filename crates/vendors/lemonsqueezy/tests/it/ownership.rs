//! The License API knows the keys of every store and mode, so the adapter compares store and mode.

use anykey_core::KeyCode;
use anykey_core::{
    ActivateRequest, DeactivateRequest, Environment, ErrorKind, LicensePatch, LicenseProvider, ListQuery,
    RefusalReason, ValidateRequest,
};
use anykey_lemonsqueezy::LemonSqueezyProvider;
use anykey_lemonsqueezy_sim::kit::{Fault, Rule, SimulatedVendor};
use anykey_lemonsqueezy_sim::{IssuedKey, KeySpec, Mode};
use anykey_testkit::transport::{Answer, ScriptedTransport};

use crate::support::*;

fn typed(key: &IssuedKey) -> KeyCode {
    KeyCode::parse(&key.key).unwrap()
}

/// The reason for which a key is refused, by a validation and an activation. No seat stays taken.
async fn refused(fixture: &Fixture, provider: &LemonSqueezyProvider, key: &IssuedKey) -> RefusalReason {
    let validation = provider.validate(ValidateRequest::new(typed(key))).await.unwrap();
    let reason = validation.refusal().expect("refused").reason;
    let foreign = matches!(reason, RefusalReason::UnknownKey | RefusalReason::WrongEnvironment);
    assert!(!foreign || validation.key.is_none(), "nothing of a foreign key is shown");
    let error = provider.activate(ActivateRequest::new(typed(key), "Laptop")).await.unwrap_err();
    assert_eq!(error.refusal().unwrap().reason, reason);
    assert!(!error.may_have_taken_effect());
    assert!(fixture.sim().instances(key.id).is_empty(), "the seat was given back");
    reason
}

#[tokio::test]
async fn a_key_of_another_store_is_unknown() {
    let fixture = Fixture::new();
    let live = || KeySpec { mode: Mode::Live, ..KeySpec::default() };
    let provider = fixture.builder().build().unwrap();
    for store in [fixture.sim().other_merchant(), fixture.sim().second_store()] {
        let key = store.issue(live()).unwrap();
        assert_eq!(refused(&fixture, &provider, &key).await, RefusalReason::UnknownKey);
        store.disable(key.id);
        let validation = provider.validate(ValidateRequest::new(typed(&key))).await.unwrap();
        assert_eq!(validation.refusal().unwrap().reason, RefusalReason::UnknownKey);
    }
}

#[tokio::test]
async fn a_live_provider_refuses_a_test_key() {
    let fixture = Fixture::new();
    let test = fixture.sim().issue(KeySpec::default()).unwrap();
    let live = fixture.sim().issue(KeySpec { mode: Mode::Live, ..KeySpec::default() }).unwrap();
    let provider = fixture.builder().build().unwrap();
    assert_eq!(refused(&fixture, &provider, &test).await, RefusalReason::WrongEnvironment);
    assert!(provider.validate(ValidateRequest::new(typed(&live))).await.unwrap().is_valid());
    let sandbox = fixture.builder().environment(Environment::Sandbox).build().unwrap();
    assert_eq!(refused(&fixture, &sandbox, &live).await, RefusalReason::WrongEnvironment);
    assert!(sandbox.validate(ValidateRequest::new(typed(&test))).await.unwrap().is_valid());
}

#[tokio::test]
async fn a_key_without_its_mode_is_accepted() {
    let fixture = Fixture::new();
    fixture.sim().change_quirks(|quirks| quirks.omit_test_mode = true);
    let key = fixture.sim().issue(KeySpec::default()).unwrap();
    let validation =
        fixture.builder().build().unwrap().validate(ValidateRequest::new(typed(&key))).await.unwrap();
    assert!(validation.is_valid());
    assert_eq!(validation.key.unwrap().environment, None);
}

#[tokio::test]
async fn products_and_variants_are_compared() {
    let fixture = Fixture::new();
    let other = fixture.sim().add_product("Viewer");
    let spec = |product| KeySpec { product: Some(product), mode: Mode::Live, ..KeySpec::default() };
    let editor = fixture.sim().issue(spec(fixture.sim().add_product("Editor"))).unwrap();
    let viewer = fixture.sim().issue(spec(other)).unwrap();
    let id = |number: u64| number.to_string();
    let by_product = fixture.builder().product(id(editor.product_id)).build().unwrap();
    let by_variant = fixture.builder().variant(id(editor.variant_id)).build().unwrap();
    for provider in [by_product, by_variant] {
        assert!(provider.validate(ValidateRequest::new(typed(&editor))).await.unwrap().is_valid());
        assert_eq!(refused(&fixture, &provider, &viewer).await, RefusalReason::WrongProduct);
    }
}

#[tokio::test]
async fn a_seat_that_cannot_be_freed_is_reported() {
    let fixture = Fixture::new();
    let key =
        fixture.sim().other_merchant().issue(KeySpec { mode: Mode::Live, ..KeySpec::default() }).unwrap();
    fixture
        .vendor
        .faults()
        .inject(Rule::always(Fault::unavailable(503)).when(|_, path| path.ends_with("/deactivate")));
    let provider = fixture.builder().retry(anykey_http::RetryPolicy::none()).build().unwrap();
    let error = provider.activate(ActivateRequest::new(typed(&key), "Laptop")).await.unwrap_err();
    assert_eq!(error.refusal().unwrap().reason, RefusalReason::UnknownKey);
    assert!(error.may_have_taken_effect());
    assert!(std::error::Error::source(&error).is_some());
    assert_eq!(fixture.sim().instances(key.id).len(), 1);
}

#[tokio::test]
async fn a_success_without_the_deciding_members_is_no_answer() {
    for (from, to) in [
        ("\"store_id\":1,", ""),
        ("\"store_id\":1", "\"store_id\":null"),
        ("\"product_id\":4,", ""),
        ("\"variant_id\":5,", ""),
        ("\"status\":\"active\"", "\"status\":\"paused\""),
        ("\"key\":\"38b1460a", "\"key\":\"48b1460a"),
        ("\"license_key\"", "\"license\""),
    ] {
        let transport = ScriptedTransport::new().then(yes("valid", "null", &[(from, to)]));
        let provider = builder(&transport).product("4").variant("5").build().unwrap();
        let error = provider.validate(ValidateRequest::new(code())).await.unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Decode | ErrorKind::Unrecognized), "{from}: {error}");
        assert!(!format!("{error} {error:?}").contains("planted@example.com"));
    }
    let transport = ScriptedTransport::new().then(yes("valid", "null", &[]));
    let request = ValidateRequest::new(code()).activation(SEAT);
    let error = device(&transport).validate(request).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unrecognized, "a yes without the instance is about the key only");
}

/// A cache or a proxy that mixes up two answers must not lock a customer out.
#[tokio::test]
async fn a_refusal_about_another_key_is_no_answer() {
    let refused = |flag: &str, key: &str| {
        let body = format!(
            r#"{{"{flag}":false,"error":"This license key is disabled.","license_key":{{"id":9,"status":"disabled","key":"{key}","activation_limit":5,"activation_usage":1}},"meta":{{"store_id":1}}}}"#
        );
        Answer::json(400, body)
    };
    let another = CODE.replace("38b1460a", "48b1460a");
    let own = CODE.to_uppercase();
    for (key, expected) in [(own, Ok(RefusalReason::Disabled)), (another, Err(ErrorKind::Unrecognized))] {
        let transport = ScriptedTransport::new()
            .then(refused("valid", &key))
            .then(refused("activated", &key))
            .then(refused("deactivated", &key));
        let provider = device(&transport);
        let validation = provider.validate(ValidateRequest::new(code()).activation(SEAT)).await;
        let reason = validation.map(|validation| validation.refusal().unwrap().reason);
        assert_eq!(reason.map_err(|error| error.kind()), expected, "{key}");
        let activated = provider.activate(ActivateRequest::new(code(), "Laptop")).await.unwrap_err();
        let deactivated = provider.deactivate(DeactivateRequest::new(code(), SEAT)).await.unwrap_err();
        for error in [activated, deactivated] {
            assert_eq!(error.refusal().map(|refusal| refusal.reason), expected.ok(), "{key}");
            assert_eq!(error.may_have_taken_effect(), expected.is_err(), "what the request did is not known");
        }
    }
}

#[tokio::test]
async fn a_requirement_that_the_answer_cannot_be_compared_with_is_no_refusal() {
    for (from, to, product, expected) in [
        ("\"customer_id\":6,", "", true, Err(ErrorKind::Decode)),
        ("\"customer_id\":6", "\"customer_id\":{}", true, Err(ErrorKind::Decode)),
        ("\"product_id\":4,", "", true, Err(ErrorKind::Decode)),
        ("\"product_id\":4,", "", false, Ok(None)),
        ("\"customer_id\":6", "\"customer_id\":7", true, Ok(Some(RefusalReason::WrongCustomer))),
        ("\"product_id\":4", "\"product_id\":5", true, Ok(Some(RefusalReason::WrongProduct))),
    ] {
        let transport = ScriptedTransport::new().then(yes("valid", "null", &[(from, to)]));
        let request = ValidateRequest::new(code()).customer("6");
        let request = if product { request.product("4") } else { request };
        let validation = device(&transport).validate(request).await;
        let reason = validation.map(|validation| validation.refusal().map(|refusal| refusal.reason));
        assert_eq!(reason.map_err(|error| error.kind()), expected, "{from} {to}");
    }
}

#[tokio::test]
async fn only_keys_of_the_store_are_returned_and_changed() {
    let fixture = Fixture::new();
    let second = fixture.sim().second_store().issue(KeySpec::default()).unwrap();
    let own = fixture.sim().issue(KeySpec::default()).unwrap();
    let token = fixture.sim().api_key(Mode::Test);
    let provider = fixture.builder().environment(Environment::Sandbox).token(token).build().unwrap();
    let listed = provider.list(ListQuery::new()).await.unwrap();
    assert_eq!(listed.items.iter().map(|key| key.id.as_str()).collect::<Vec<_>>(), [own.id.to_string()]);
    let id = second.id.to_string().into();
    let patch = LicensePatch::new().activation_limit(9);
    for error in [
        provider.get(&id).await.unwrap_err(),
        provider.activations(&id).await.unwrap_err(),
        provider.update(&id, patch).await.unwrap_err(),
    ] {
        assert_eq!(error.kind(), ErrorKind::NotFound, "{error}");
    }
    let unchanged = fixture.builder().environment(Environment::Sandbox).build().unwrap();
    let validation = unchanged.validate(ValidateRequest::new(typed(&second))).await.unwrap();
    assert!(!validation.is_valid());
}

#[tokio::test]
async fn a_listed_record_of_another_store_or_mode_is_unreadable_and_hides_no_other() {
    let record = |id: &str, from: &str, to: &str| {
        let record = key_resource().replace(r#""id":"9""#, &format!(r#""id":"{id}""#));
        assert!(record.contains(from), "{from}");
        record.replace(from, to)
    };
    let store = r#""store_id":1"#;
    let records = [
        record("10", store, r#""store_id":2"#),
        record("11", store, store),
        record("12", r#""test_mode":false"#, r#""test_mode":true"#),
        record("13", store, r#""store_id":null"#),
        record("14", store, store),
    ];
    let page = format!(
        r#"{{"meta":{{"page":{{"currentPage":1,"lastPage":1,"total":5}}}},"links":{{"first":"u"}},"data":[{}]}}"#,
        records.join(",")
    );
    let transport = ScriptedTransport::new().then(Answer::json(200, page));
    let page = management(&transport).list(ListQuery::new()).await.unwrap();
    assert_eq!(page.items.iter().map(|key| key.id.as_str()).collect::<Vec<_>>(), ["11", "14"]);
    let unreadable: Vec<_> = page.unreadable.iter().map(|one| (one.position, one.id.as_deref())).collect();
    assert_eq!(unreadable, [(0, Some("10")), (2, Some("12")), (3, Some("13"))]);
}

#[tokio::test]
async fn an_activation_of_another_key_makes_the_whole_list_an_error() {
    let instance = |key: u64| {
        format!(
            r#"{{"type":"license-key-instances","id":"{key}","attributes":{{"license_key_id":{key},"identifier":"seat-{key}","name":"laptop"}}}}"#
        )
    };
    for (keys, expected) in
        [(&[9][..], Ok(1)), (&[9, 10], Err(ErrorKind::Unrecognized)), (&[10], Err(ErrorKind::Unrecognized))]
    {
        let instances: Vec<_> = keys.iter().map(|key| instance(*key)).collect();
        let list = format!(
            r#"{{"meta":{{"page":{{"currentPage":1,"lastPage":1}}}},"links":{{"first":"u"}},"data":[{}]}}"#,
            instances.join(",")
        );
        let transport = ScriptedTransport::new()
            .then(Answer::json(200, format!(r#"{{"data":{}}}"#, key_resource())))
            .then(Answer::json(200, list));
        let listed = management(&transport).activations(&"9".into()).await;
        assert_eq!(listed.map(|seats| seats.len()).map_err(|error| error.kind()), expected, "{keys:?}");
    }
}

#[tokio::test]
async fn a_token_of_the_other_mode_is_explained() {
    let fixture = Fixture::new();
    let key = fixture.sim().issue(KeySpec::default()).unwrap();
    let provider = fixture.builder().token(fixture.sim().api_key(Mode::Test)).build().unwrap();
    for error in [
        provider.list(ListQuery::new()).await.unwrap_err(),
        provider.get(&key.id.to_string().into()).await.unwrap_err(),
    ] {
        assert_eq!(error.kind(), ErrorKind::Config);
        assert!(error.to_string().contains("test mode"), "{error}");
    }
}
