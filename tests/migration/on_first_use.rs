//! Keys that a router imports when their customers next activate: each vendor that says what a key is, to each that
//! takes given codes.

use std::sync::Arc;

use anykey::adapter::Named;
use anykey::guard::{Guard, Installation, MemoryStore};
use anykey::router::{KeyShape, Router};
use anykey::sim::{self, IssueSpec, IssuedKey, Simulator, Which};
use anykey::{
    ActivateRequest, ActivationLimit, Capability, DeactivateRequest, HttpTransport, LicenseKey,
    LicenseProvider, SignedDuration, StatusChange, TransportError, ValidateRequest, async_trait,
};
use anykey_tests::{Simulation, simulators_with_seats};
use bytes::Bytes;
use futures_util::future::join;

use crate::every_pair::{faults, faults_of};
use crate::pair::{Pair, targets};

/// The simulators whose keys can be recognised without a credential and without a seat.
fn sources() -> Vec<Simulator> {
    let mut simulators = simulators_with_seats();
    simulators.retain(|simulator| {
        let simulation = Simulation::of(*simulator);
        let provider = simulation.provider(&simulation.device_plane());
        provider.capabilities().contains(Capability::ValidateWithoutSeat)
    });
    simulators
}

/// Every pair, and whether the source returns the key with its yes.
async fn pairs() -> Vec<(Pair, bool)> {
    let mut pairs = Vec::new();
    for source in sources() {
        for target in targets() {
            let pair = Pair::new(source, target);
            let key = pair.seed(1).remove(0);
            let validation = device(&pair).validate(ValidateRequest::new(key.code)).await.unwrap();
            pairs.push((pair, validation.key.is_some()));
        }
    }
    pairs
}

/// The source as an installed app sees it: its seller may have no right to export.
fn device(pair: &Pair) -> Arc<dyn LicenseProvider> {
    pair.source.provider(&pair.source.device_plane())
}

fn router(pair: &Pair) -> Router {
    router_on(pair, pair.target.vendor.transport())
}

fn router_on(pair: &Pair, transport: Arc<dyn HttpTransport>) -> Router {
    let target = pair.target.provider_on(&pair.target_plane(), transport);
    let mut mapping = pair.mapping.clone();
    mapping.default_customer = mapping.customers.values().next().cloned();
    Router::builder("all")
        .provider(Arc::new(Named::new("old", device(pair))))
        .provider(Arc::new(Named::new("new", target)))
        .chain(["new", "old"])
        .create("new")
        .import_on_activate(["old"], mapping)
        .build()
        .unwrap()
}

fn laptop(key: &IssuedKey) -> ActivateRequest {
    ActivateRequest::new(key.code.clone(), "laptop")
}

fn issue(pair: &Pair, code: &str, spec: IssueSpec) -> IssuedKey {
    pair.source.vendor.issue(spec.clone().code(code)).unwrap_or_else(|| pair.source.issue(spec))
}

/// The key of the target with this code; there is at most one.
async fn at_target(pair: &Pair, key: &IssuedKey) -> Option<LicenseKey> {
    let mut keys = Pair::keys(&pair.target, None).await;
    keys.retain(|found| found.code == key.code);
    assert!(keys.len() < 2, "the code is there twice");
    keys.pop()
}

#[tokio::test(start_paused = true)]
async fn a_key_arrives_with_its_terms_at_its_next_activation_and_its_old_seat_stays() {
    let mut imported = 0;
    for (pair, is_told) in pairs().await {
        let names = format!("{} to {}", pair.source.vendor.vendor(), pair.target.vendor.vendor());
        let end = pair.source.vendor.now() + SignedDuration::from_hours(240);
        let spec = IssueSpec::new().activation_limit(ActivationLimit::AtMost(2)).expires_at(end);
        let key = issue(&pair, "FIRST-USE-0001", spec);
        let other = issue(&pair, "FIRST-USE-0002", IssueSpec::new());
        let old_seat = pair.source.vendor.activate(&key.id, "old laptop").unwrap();
        let router = router(&pair);

        let seat = router.activate(laptop(&key)).await.unwrap();
        let found = at_target(&pair, &key).await;
        if !is_told {
            // Nothing is guessed: the source stays in force.
            assert!(seat.id.as_str().starts_with("old:") && found.is_none(), "{names}: {seat:?}");
            continue;
        }
        assert!(seat.id.as_str().starts_with("new:"), "{names}: {seat:?}");
        let found = found.unwrap();
        assert_eq!(found.activations.limit, ActivationLimit::AtMost(2), "{names}");
        assert_eq!(found.expiry, anykey::Expiry::At(end), "{names}");
        assert_eq!(found.product.as_ref(), pair.mapping.products.get(key.product.as_str()), "{names}");
        assert_eq!(pair.target.vendor.activations(&found.id).len(), 1, "{names}");
        assert!(at_target(&pair, &other).await.is_none(), "{names}: only what is activated is imported");

        let request = ValidateRequest::new(key.code.clone());
        assert!(router.validate(request.clone().activation(seat.id.clone())).await.unwrap().is_valid());
        let id = format!("old:{old_seat}");
        assert!(router.validate(request.activation(id.as_str())).await.unwrap().is_valid(), "{names}");
        assert_eq!(pair.source.vendor.activations(&key.id).len(), 1, "{names}");
        router.deactivate(DeactivateRequest::new(key.code.clone(), id)).await.unwrap();
        assert!(pair.source.vendor.activations(&key.id).is_empty(), "{names}");

        // The vendor does not exist any more.
        pair.source.vendor.faults().inject(sim::Rule::always(sim::Fault::unavailable(503)));
        assert!(router.activate(laptop(&key)).await.is_ok(), "{names}");
        assert_eq!(pair.target.vendor.activations(&found.id).len(), 2, "{names}");
        imported += 1;
    }
    assert!(imported > 5, "{imported}");
}

#[tokio::test(start_paused = true)]
async fn what_the_source_refuses_is_not_created() {
    for (pair, _) in pairs().await {
        let key = issue(&pair, "FIRST-USE-0001", IssueSpec::new());
        pair.source.vendor.set_status(&key.id, StatusChange::Disable).unwrap();
        let past = pair.source.vendor.now() - SignedDuration::from_hours(1);
        let ended = issue(&pair, "FIRST-USE-0002", IssueSpec::new().expires_at(past));
        let unmapped = issue(&pair, "FIRST-USE-0003", IssueSpec::new().product(Which::Second));
        let mut without = pair.mapping.clone();
        without.products.remove(unmapped.product.as_str());
        without.default_product = None;
        let pair = Pair { mapping: without, ..pair };
        let router = router(&pair);
        for key in [key, ended] {
            let error = router.activate(laptop(&key)).await.unwrap_err();
            assert!(error.refusal().is_some(), "{error:?}");
        }
        let seat = router.activate(laptop(&unmapped)).await.unwrap();
        assert!(seat.id.as_str().starts_with("old:"), "{seat:?}");
        assert_eq!(pair.target.vendor.key_count().unwrap(), pair.before);
    }
}

/// A vendor some round trips away, so that others get a turn.
#[derive(Debug)]
struct Slow(Arc<dyn HttpTransport>);

#[async_trait]
impl HttpTransport for Slow {
    async fn send(&self, request: http::Request<Bytes>) -> Result<http::Response<Bytes>, TransportError> {
        tokio::task::yield_now().await;
        let answer = self.0.send(request).await;
        tokio::task::yield_now().await;
        answer
    }
}

#[tokio::test(start_paused = true)]
async fn two_servers_that_import_a_key_at_once_create_one() {
    for (pair, is_told) in pairs().await {
        if !is_told {
            continue;
        }
        let server = || router_on(&pair, Arc::new(Slow(pair.target.vendor.transport())));
        let (one, other) = (server(), server());
        let key = issue(&pair, "FIRST-USE-0001", IssueSpec::new());
        let (first, second) = join(one.activate(laptop(&key)), other.activate(laptop(&key))).await;
        for seat in [first.unwrap(), second.unwrap()] {
            assert!(seat.id.as_str().starts_with("new:"), "{seat:?}");
        }
        assert_eq!(pair.target.vendor.key_count().unwrap(), pair.before + 1);
    }
}

#[tokio::test(start_paused = true)]
async fn with_lost_answers_rate_limits_and_outages_nobody_is_refused_and_no_key_is_there_twice() {
    const KEYS: usize = 12;
    for (number, (pair, is_told)) in (0..).zip(pairs().await) {
        let names = format!("{} to {}", pair.source.vendor.vendor(), pair.target.vendor.vendor());
        let router = router(&pair);
        let spec = || IssueSpec::new().activation_limit(ActivationLimit::AtMost(100));
        let keys: Vec<_> =
            (0..KEYS).map(|number| issue(&pair, &format!("FIRST-USE-{number:04}"), spec())).collect();
        pair.source.vendor.faults().inject(faults(number));
        pair.target.vendor.faults().inject(faults_of(100 + number, 0.4));
        let mut arrived = 0;
        for key in &keys {
            let mut attempts = 0;
            let seat = loop {
                match router.activate(laptop(key)).await {
                    Ok(seat) => break seat,
                    Err(error) => assert!(error.refusal().is_none(), "{names}: {error:?}"),
                }
                attempts += 1;
                assert!(attempts < 50, "{names}");
            };
            arrived += usize::from(seat.id.as_str().starts_with("new:"));
        }
        pair.source.vendor.faults().clear();
        pair.target.vendor.faults().clear();
        assert_eq!(arrived > 0, is_told, "{names}");
        // Those whose import had no answer are there after the next activation, and no other one.
        for key in &keys {
            let seat = router.activate(laptop(key)).await.unwrap();
            assert_eq!(seat.id.as_str().starts_with("new:"), is_told, "{names}: {seat:?}");
        }
        pair.assert_each_once([], if is_told { KEYS } else { 0 }).await;
    }
}

#[tokio::test(start_paused = true)]
async fn the_guard_of_an_installed_app_takes_the_new_seat_and_gives_the_old_one_back() {
    for (pair, is_told) in pairs().await {
        if !is_told {
            continue;
        }
        let names = format!("{} to {}", pair.source.vendor.vendor(), pair.target.vendor.vendor());
        // It has one seat, and keeps it until it has the new one.
        let key =
            issue(&pair, "FIRST-USE-0001", IssueSpec::new().activation_limit(ActivationLimit::AtMost(1)));
        let store = MemoryStore::new(Installation::from_identity("com.example.app", "machine-1").unwrap());
        let former: Arc<dyn LicenseProvider> = Arc::new(Named::new("old", device(&pair)));
        let clock = || pair.source.clock.clone();
        let guard = Guard::builder(store.clone(), Arc::clone(&former)).clock(clock()).open().unwrap();
        assert!(guard.activate(key.code.clone()).await.unwrap().is_allowed());
        drop(guard);
        assert_eq!(pair.source.vendor.activations(&key.id).len(), 1);

        let guard = Guard::builder(store, Arc::new(router(&pair)))
            .former_provider(former)
            .clock(clock())
            .open()
            .unwrap();
        assert!(guard.access().is_allowed(), "{names}");
        assert!(guard.refresh().await.unwrap().is_allowed(), "{names}");
        let found = at_target(&pair, &key).await.unwrap();
        assert_eq!(pair.target.vendor.activations(&found.id).len(), 1, "{names}");
        assert!(pair.source.vendor.activations(&key.id).is_empty(), "{names}");
    }
}

#[test]
fn a_target_that_takes_no_given_code_is_refused_when_the_router_is_built() {
    let mut refused = 0;
    for target in simulators_with_seats().into_iter().map(Simulation::of) {
        let source = Simulation::of(sources()[0]);
        let mut mapping = anykey::migrate::Mapping::default();
        (mapping.default_product, mapping.default_customer) = (Some("p".into()), Some("c".into()));
        let old = Named::new("old", source.provider(&source.device_plane()));
        let new = Named::new("new", target.provider(&target.seller_plane()));
        let router = Router::builder("all")
            .provider(Arc::new(old))
            .provider(Arc::new(new))
            .chain(["old"])
            .route(KeyShape::prefix("NEW-"), "new")
            .create("new")
            .import_on_activate(["old"], mapping)
            .build();
        match target.seller_can(Capability::Create) {
            true => drop(router.unwrap()),
            false => {
                let error = router.unwrap_err();
                assert!(error.message().contains("no key can be imported to `new`"), "{error}");
                refused += 1;
            }
        }
    }
    assert!(refused > 1);
}
