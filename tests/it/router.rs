//! The router in a configuration, over providers of the same configuration.

use anykey::sim::{IssueSpec, SimulatedSecrets};
use anykey::{
    ActivateRequest, Config, CreateRequest, ErrorKind, KeyCode, LicenseProvider, Providers, Registry,
    ValidateRequest, WebhookReceiver,
};
use anykey_tests::simulations;
use serde_json::json;

const TWO: &str = r#"
    default = "all"
    [providers.main]
    provider = "memory"
    aliases = ["before"]
    keys = [{ code = "M-1" }]
    [providers.legacy]
    provider = "memory"
    keys = [{ code = "L-1" }, { code = "X-1" }]
"#;

fn open(router: &str) -> anykey::Result<Providers> {
    Providers::open(&Config::from_toml(&format!("{TWO}[providers.all]\nprovider = \"router\"\n{router}"))?)
}

fn code(text: &str) -> KeyCode {
    KeyCode::parse(text).unwrap()
}

#[tokio::test]
async fn a_configuration_routes_between_its_providers() {
    let providers = open(
        "routes = [{ prefix = \"M-\", to = \"main\" }, { pattern = \"L-?\", to = \"legacy\" }]\n\
         chain = [\"main\", \"legacy\"]\ncreate = \"main\"",
    )
    .unwrap();
    let router = providers.default_provider().unwrap();
    assert_eq!((router.name(), router.vendor()), ("all", "router"));
    for (text, name) in [("M-1", "main"), ("L-1", "legacy"), ("X-1", "legacy")] {
        let seat = router.activate(ActivateRequest::new(code(text), "laptop")).await.unwrap();
        let (provider, own) = seat.id.as_str().split_once(':').unwrap();
        assert_eq!((provider, &*seat.key.unwrap().provider), (name, name));
        // The same provider, by its own name and in the vendor's ids.
        let request = ValidateRequest::new(code(text)).activation(own);
        assert!(providers.get(provider).unwrap().validate(request).await.unwrap().is_valid());
    }
    let created = router.create(CreateRequest::new(code("NEW-1"), "demo", "demo")).await.unwrap();
    assert_eq!(created.provider, "main");
    let former = created.id.as_str().replace("main:", "before:");
    assert_eq!(router.get(&former.into()).await.unwrap().id, created.id);
}

#[test]
fn the_default_provider_alone_may_be_a_router() {
    let config = format!("{TWO}[providers.all]\nprovider = \"router\"\nchain = [\"main\", \"legacy\"]");
    let router = Registry::builtin().build(&Config::from_toml(&config).unwrap()).unwrap();
    assert_eq!(router.name(), "all");
}

#[test]
fn a_wrong_reference_is_named_with_its_place() {
    for (router, expected) in [
        (
            "chain = [\"mian\"]",
            "providers.all: `chain[0]`: there is no provider called `mian`; there is `all`, `legacy`, `main`; did you mean `main`?",
        ),
        (
            "routes = [{ prefix = \"A\", to = \"before\" }]",
            "providers.all: `routes[0].to`: there is no provider called `before`",
        ),
        (
            "chain = [\"all\", \"main\"]",
            "providers.all: `chain[0]`: `all` would be built over itself: `all` → `all`",
        ),
        (
            "chain = [\"inner\"]\n[providers.inner]\nprovider = \"router\"\nchain = [\"all\"]",
            "`chain[0]`: `all` would be built over itself: `all` → `inner` → `all`",
        ),
        (
            "chain = [\"broken\"]\n[providers.broken]\nprovider = \"memory\"\ntokn = 1",
            "providers.broken: `tokn`: unknown field",
        ),
        ("chain = []", "providers.all: `chain` is empty"),
        ("chian = [\"main\"]", "did you mean `chain`?"),
    ] {
        let error = open(router).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Config);
        assert!(error.message().contains(expected), "{error}");
        assert_eq!(error.message().matches("providers.").count(), 1, "{error}");
    }
    let alone =
        Registry::builtin().build(&Config::from_toml("provider = \"router\"\nchain = [\"main\"]").unwrap());
    let error = alone.unwrap_err();
    assert!(error.message().contains("there is no provider called `main`; there is `router`"), "{error}");
}

/// Each vendor's deliveries, at one endpoint.
#[test]
fn one_receiver_verifies_the_deliveries_of_all_providers() {
    let (mut tables, mut names, mut deliveries) = (String::new(), Vec::new(), Vec::new());
    let mut secrets = SimulatedSecrets::default();
    for simulation in simulations() {
        let vendor = simulation.vendor.vendor();
        let endpoint = simulation.vendor.add_webhook_endpoint("https://app.example.com/hook", None);
        let Some(endpoint) = endpoint.filter(|_| Registry::builtin().vendor(vendor).unwrap().has_webhooks())
        else {
            continue;
        };
        let (plane, name) = (simulation.device_plane(), format!("shop-{vendor}"));
        let received = endpoint.received_by(plane.clone(), json!({ "env": name }));
        tables += &format!("[providers.{name}]\nprovider = \"{vendor}\"\n{}", received.to_toml());
        secrets = secrets.and(plane.secrets).with(name.as_str(), endpoint.secret);
        let _ = simulation.issue(IssueSpec::new());
        let sent = simulation.vendor.webhooks().due_deliveries();
        deliveries.extend(
            sent.into_iter().map(|delivery| (name.clone(), delivery.request, simulation.clock.now())),
        );
        names.push(format!("\"{name}\""));
    }
    assert!(names.len() > 1);
    let config = format!(
        "default = \"all\"\n{tables}[providers.all]\nprovider = \"router\"\nchain = [{}]",
        names.join(", ")
    );
    let config = Config::from_toml(&config).unwrap();
    let registry = Registry::builtin().with_secrets(secrets);
    let receiver = registry.webhooks(&config).unwrap();
    assert_eq!(receiver.provider(), "all");
    let mut about_keys = 0;
    for (name, request, now) in deliveries {
        let own = registry.build_webhooks(&name, config.provider(&name).unwrap()).unwrap();
        let verify = |receiver: &dyn WebhookReceiver| receiver.verify(request.headers(), request.body(), now);
        match (verify(&*receiver), verify(&*own)) {
            (Ok(event), Ok(same)) => {
                assert_eq!((&*event.provider, &event.id), (name.as_str(), &same.id));
                for (id, same) in event.key_ids().zip(same.key_ids()) {
                    assert_eq!(id.as_str(), format!("{name}:{same}"));
                    about_keys += 1;
                }
            }
            (event, same) => assert_eq!(event, same),
        }
        let mut changed = request.body().to_vec();
        changed.push(b' ');
        assert!(!receiver.verify(request.headers(), &changed, now).unwrap_err().is_authentic());
    }
    assert!(about_keys > 1);
}

#[test]
fn the_app_of_two_vendors_is_short_and_branches_on_none() {
    let app = include_str!("../../examples/two_vendors.rs");
    assert!(app.lines().count() < 100);
    let (_, app) = app.split_once("struct Customer").unwrap();
    let (app, _) = app.split_once("async fn main").unwrap();
    for name in ["\"main\"", "\"legacy\"", "vendor()"].into_iter().chain(Registry::builtin().names()) {
        assert!(!app.contains(name), "{name}");
    }
    assert_eq!(app.matches("match ").count(), 1, "the answer of a validation");
}
