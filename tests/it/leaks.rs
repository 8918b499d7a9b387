//! Secrets are planted wherever one can be, everything public is printed, and none may show.

use anykey::adapter::ProviderSettings;
use anykey::sim::{IssueSpec, SimulatedPlane};
use anykey::{
    ActivateRequest, Activation, Config, CreateRequest, DeactivateRequest, EventKind, HeaderMap,
    InMemoryProvider, KeyCode, LicenseEvent, LicenseKey, LicensePatch, LicenseProvider, LicenseStatus,
    ListQuery, Page, Providers, RawBody, RawJson, Registry, SeatClaim, SecretSource, Timestamp,
    UnreadableDelivery, ValidateRequest, Validation, WebhookError, WebhookReceiver,
};
use anykey_dodo::DodoConfig;
use anykey_http::{ApiRequest, BearerToken, PathSegment, ReqwestTransport};
use anykey_lemonsqueezy::LemonSqueezyConfig;
use anykey_polar::PolarConfig;
use anykey_testkit::transport::{Answer, RecordingTransport, ScriptedTransport};
use anykey_tests::secret::{self, PLANTED, assert_debug_silent, assert_error_silent, assert_silent};
use anykey_tests::{Simulation, TestSecrets, provider, simulations};

fn code() -> KeyCode {
    KeyCode::parse(PLANTED).unwrap()
}

fn key() -> LicenseKey {
    let mut key = LicenseKey::new("acme", "key_1".into(), code(), LicenseStatus::Active);
    key.raw = Some(RawJson::new(format!("{{\"email\":\"{PLANTED}@example.com\"}}")));
    key
}

#[test]
fn the_model_and_the_requests() {
    let mut activation = Activation::new("act_1".into(), "laptop");
    activation.key = Some(Box::new(key()));
    assert_debug_silent(&code());
    assert_debug_silent(&key());
    assert_debug_silent(&RawJson::new(PLANTED));
    assert_debug_silent(&Page::last(vec![key()]));
    assert_debug_silent(&Validation::valid().with_key(key()).with_activation(activation));
    assert_debug_silent(&ValidateRequest::new(code()));
    assert_debug_silent(&ActivateRequest::new(code(), "laptop"));
    assert_debug_silent(&DeactivateRequest::new(code(), "act_1"));
    assert_debug_silent(&CreateRequest::new(code(), "cus_1", "pdt_1"));
    assert_debug_silent(&LicensePatch::new());
    assert_debug_silent(&SeatClaim::new(code(), "laptop", "ak-1a2b3c4d5e6f".parse().unwrap()));
    assert_debug_silent(&ListQuery::new());
    assert_silent("a mask", &code().masked().to_string());
}

#[test]
fn the_configuration_and_what_it_builds() {
    let fields = serde_json::json!({ "token": PLANTED, "nested": { "token": [PLANTED] } });
    assert_debug_silent(&ProviderSettings::new(fields.as_object().unwrap().clone()));
    assert_debug_silent(&SecretSource::Env(format!("token_{PLANTED}").into()));
    assert_debug_silent(&BearerToken::new(PLANTED).unwrap());
    for (registry, text) in good_configurations() {
        let config = Config::from_toml(&text).unwrap();
        assert_debug_silent(&config);
        assert_debug_silent(&registry);
        assert_debug_silent(&*registry.build(&config).unwrap());
        assert_debug_silent(&Providers::open_with(&registry, &config).unwrap());
    }
    let secrets = TestSecrets::new(&[("BROKEN", &format!("{PLANTED}\u{7}"))]);
    let memory =
        format!("provider = \"memory\"\nkeys = [{{ code = \"a\", activation_limit = \"{PLANTED}\" }}]");
    assert_error_silent(&provider(&memory, &secrets).unwrap_err());
    for simulation in simulations() {
        let credential = simulation.credential_field();
        for wrong in [
            format!("{credential} = \"{PLANTED}\""),
            format!("{credential} = {{ env = \"BROKEN\" }}"),
            format!("{credential} = {{ env = \"{PLANTED}\" }}"),
            format!("base_url = \"https://user:{PLANTED}@example.com\""),
            format!("raw = \"{PLANTED}\""),
            format!("products = \"{PLANTED}\""),
            format!("{credential} = {PLANTED}"),
        ] {
            let mut plane = simulation.device_plane();
            plane.fields.remove(wrong.split_once(' ').unwrap().0);
            let text = format!("{}{wrong}", toml(&simulation, &plane));
            assert_error_silent(&provider(&text, &secrets.clone().with_those_of(&plane)).unwrap_err());
        }
    }
}

/// The configuration of every plane of every vendor, with the secret in its credentials, and of the embedded provider.
fn good_configurations() -> Vec<(Registry, String)> {
    let mut configurations =
        vec![(Registry::builtin(), format!("provider = \"memory\"\nkeys = [{{ code = \"{PLANTED}\" }}]"))];
    for simulation in simulations() {
        for plane in simulation.vendor.planes() {
            let plane = secret::plant(plane);
            let text = toml(&simulation, &plane);
            configurations.push((Registry::builtin().with_secrets(plane.secrets), text));
        }
    }
    configurations
}

fn toml(simulation: &Simulation, plane: &SimulatedPlane) -> String {
    format!("provider = \"{}\"\n{}", simulation.vendor.vendor(), plane.to_toml())
}

#[test]
fn a_base_url_in_a_configuration() {
    let url = format!("https://user:{PLANTED}@api.example.com/{PLANTED}?token={PLANTED}");
    let settings = |rest: serde_json::Value| {
        let mut fields = ProviderSettings::new(rest.as_object().unwrap().clone());
        fields.set("base_url", url.as_str());
        fields
    };
    assert_debug_silent(&settings(serde_json::json!({})).read::<DodoConfig>().unwrap());
    let seller = serde_json::json!({ "organization_id": "57a10a51-653a-449f-a259-1c70a3bbc826" });
    assert_debug_silent(&settings(seller).read::<PolarConfig>().unwrap());
    let seller = serde_json::json!({ "store_id": "12345" });
    assert_debug_silent(&settings(seller).read::<LemonSqueezyConfig>().unwrap());
}

#[test]
fn the_base_url_of_every_vendor_has_the_type_that_prints_no_more_than_the_host() {
    let mut with_base_url = 0;
    for vendor in Registry::builtin().vendors() {
        let schema = vendor.schema().unwrap();
        if let Some(field) = schema["properties"].get("base_url") {
            assert_eq!(field["title"], "Base URL", "{}: not an `anykey_http::BaseUrl`", vendor.name());
            with_base_url += 1;
        }
    }
    assert!(with_base_url > 0);
}

#[test]
fn webhook_secrets_and_deliveries() {
    let secrets = TestSecrets::new(&[
        ("TEXT", &format!("{PLANTED}-{PLANTED}")),
        ("STANDARD", "whsec_cGxhbnRlZC00ZjFjLXNlY3JldA=="),
        ("BROKEN", &format!("whsec_{PLANTED}")),
    ]);
    let registry = Registry::builtin().with_secrets(secrets);
    let receiver = |text: &str| registry.webhooks(&Config::from_toml(text).unwrap());
    for simulation in simulations().filter(Simulation::has_webhook_secrets) {
        let with = |secrets: &str| {
            let text = toml(&simulation, &simulation.device_plane());
            receiver(&format!("{text}webhook_secrets = {secrets}"))
        };
        let mut receivers = 0;
        // A vendor takes a text of its own, one of Standard Webhooks, or both.
        for built in ["TEXT", "STANDARD", "BROKEN"].map(|name| with(&format!("[{{ env = \"{name}\" }}]"))) {
            match built {
                Ok(receiver) => {
                    assert_rejections_are_silent(&*receiver);
                    receivers += 1;
                }
                Err(error) => assert_error_silent(&error),
            }
        }
        assert!(receivers > 0, "{} has no receiver", simulation.vendor.vendor());
        for wrong in
            [format!("[\"{PLANTED}\"]"), format!("\"{PLANTED}\""), format!("[{{ env = \"{PLANTED}\" }}]")]
        {
            assert_error_silent(&with(&wrong).unwrap_err());
        }
    }
    let memory = format!("provider = \"memory\"\nkeys = [{{ code = \"{PLANTED}\" }}]");
    assert_error_silent(&receiver(&memory).unwrap_err());

    let now = Timestamp::now();
    let mut event = LicenseEvent::new("acme", "msg_1", EventKind::Granted, "license.granted", now);
    event.key = Some(key());
    event.raw = RawBody::new(PLANTED.as_bytes());
    assert_debug_silent(&event);
    let unreadable = UnreadableDelivery::new("msg_1", now, "no JSON", PLANTED.as_bytes());
    assert_silent_error(&WebhookError::Unreadable(unreadable));
}

/// Asserts that no rejection of an unsigned delivery prints the secret.
fn assert_rejections_are_silent(receiver: &dyn WebhookReceiver) {
    assert_debug_silent(receiver);
    let mut headers = HeaderMap::new();
    let rejected = |headers: &HeaderMap| {
        let error = receiver.verify(headers, PLANTED.as_bytes(), Timestamp::now()).unwrap_err();
        assert_silent_error(&error);
    };
    for name in ["webhook-id", "webhook-timestamp", "webhook-signature", "x-signature"] {
        rejected(&headers);
        headers.insert(name, "1".parse().unwrap());
    }
    for name in ["webhook-signature", "x-signature"] {
        headers.insert(name, format!("v1,{PLANTED}").parse().unwrap());
    }
    rejected(&headers);
}

#[track_caller]
fn assert_silent_error(error: &WebhookError) {
    assert_debug_silent(error);
    assert_silent("a webhook's error", &error.to_string());
}

#[test]
fn the_http_layer_and_the_test_kit() {
    let scripted = ScriptedTransport::new().then(Answer::json(200, PLANTED).header("x-echo", PLANTED));
    assert_debug_silent(&scripted);
    assert_debug_silent(&RecordingTransport::new(scripted));
    assert_debug_silent(&ReqwestTransport::builder().build().unwrap());
    assert_debug_silent(&PathSegment::new("license key id", PLANTED).unwrap());
    let request = ApiRequest::get(anykey::Operation::List).query("key", PLANTED).json(&PLANTED);
    assert_debug_silent(&request);
}

#[tokio::test]
async fn the_simulators_and_the_embedded_provider() {
    for simulation in simulations() {
        assert_debug_silent(&simulation.issue(IssueSpec::new().code(PLANTED)));
        assert_debug_silent(&simulation.vendor);
        for plane in simulation.vendor.planes() {
            for (_, credential) in plane.secrets.iter() {
                assert!(!format!("{:?}", simulation.vendor).contains(credential));
            }
            assert_debug_silent(&secret::plant(plane));
        }
    }

    let memory = InMemoryProvider::new(Timestamp::now);
    memory.insert(CreateRequest::new(code(), "cus_1", "pdt_1")).unwrap();
    assert_debug_silent(&memory);
    let conflict = memory.create(CreateRequest::new(code(), "cus_1", "pdt_1")).await.unwrap_err();
    assert_error_silent(&conflict);
}
