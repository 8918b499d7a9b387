//! What each kind of delivery is answered with, and what stays of it.
#![allow(missing_docs, clippy::unwrap_used, clippy::indexing_slicing)]

use std::sync::Arc;
use std::sync::atomic::{AtomicU16, AtomicUsize, Ordering};

use anykey::webhook::sqlx::{self, SqlitePool};
use anykey::{
    Config, LicenseProvider, LicenseProviderExt, ManualClock, Registry, SignedDuration, async_trait,
};
use anykey_dodo_sim::kit::WebhookSender;
use anykey_dodo_sim::{DodoSim, EndpointSpec as DodoEndpoint, KeySpec};
use anykey_example_webhook_receiver::{App, Store, router};
use anykey_http::{HttpTransport, ReqwestTransport, TransportError};
use anykey_polar_sim::{
    BenefitSpec, CustomerSpec, EndpointSpec as PolarEndpoint, GrantSpec, PolarSim, Scope,
};
use anykey_testkit::LoopbackServer;
use bytes::Bytes;
use http::{Request, Response, StatusCode};
use serde_json::json;
use tempfile::TempDir;

/// The receiver of two simulated vendors.
struct Setup {
    clock: ManualClock,
    dodo: DodoSim,
    polar: PolarSim,
    polar_api: Arc<PolarApi>,
    /// Polar, as the seller's own programs use it.
    seller: Arc<dyn LicenseProvider>,
    address: String,
    pool: SqlitePool,
    _folder: TempDir,
    _server: LoopbackServer,
}

/// Polar's API, which may fail while its deliveries still come.
#[derive(Debug)]
struct PolarApi {
    sim: PolarSim,
    /// What it answers with; zero for what the simulator says.
    failure: AtomicU16,
    /// How many requests the simulator answers before all others get 503.
    answers_left: AtomicUsize,
    at_once: AtomicUsize,
    most_at_once: AtomicUsize,
    answered: AtomicUsize,
}

impl PolarApi {
    fn new(sim: PolarSim) -> Self {
        Self {
            sim,
            failure: AtomicU16::new(0),
            answers_left: AtomicUsize::new(usize::MAX),
            at_once: AtomicUsize::new(0),
            most_at_once: AtomicUsize::new(0),
            answered: AtomicUsize::new(0),
        }
    }

    async fn answer(&self, request: Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
        let is_left =
            self.answers_left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1));
        if is_left.is_err() {
            return Ok(Response::builder().status(503).body(Bytes::new()).unwrap());
        }
        self.answered.fetch_add(1, Ordering::SeqCst);
        self.sim.send(request).await
    }
}

/// One request, counted until its answer is here or nobody waits for it any more.
struct InFlight<'a>(&'a AtomicUsize);

impl Drop for InFlight<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

#[async_trait]
impl HttpTransport for PolarApi {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
        match self.failure.load(Ordering::SeqCst) {
            0 => {
                let at_once = self.at_once.fetch_add(1, Ordering::SeqCst) + 1;
                self.most_at_once.fetch_max(at_once, Ordering::SeqCst);
                let _until_answered_or_dropped = InFlight(&self.at_once);
                // Lets the other requests arrive.
                for _ in 0..100 {
                    tokio::task::yield_now().await;
                }
                self.answer(request).await
            }
            failure => {
                let body = json!({"error": "ResourceNotFound", "detail": "Not found"}).to_string();
                let answer = Response::builder().status(failure).header("content-type", "application/json");
                Ok(answer.body(body.into()).unwrap())
            }
        }
    }
}

impl Setup {
    async fn start() -> Self {
        let clock = ManualClock::at("2026-11-02T10:00:00Z".parse().unwrap());
        let (dodo, polar) = (DodoSim::new(clock.clone()), PolarSim::new(clock.clone()));
        let dodo_secret =
            dodo.add_webhook_endpoint(DodoEndpoint::new("http://shop.test/dodo")).unwrap().secret;
        let polar_secret =
            polar.add_webhook_endpoint(PolarEndpoint::new("http://shop.test/polar")).unwrap().secret;
        let organization = polar.organization_id();
        let token = polar
            .organization_token(organization, [Scope::LicenseKeysRead, Scope::LicenseKeysWrite])
            .unwrap();
        let polar_api = Arc::new(PolarApi::new(polar.clone()));
        let api: Arc<dyn HttpTransport> = polar_api.clone();
        let server = LoopbackServer::start(api).await.unwrap();

        let folder = tempfile::tempdir().unwrap();
        let secret = |name: &str, text: &str| {
            let path = folder.path().join(name);
            std::fs::write(&path, text).unwrap();
            format!("{{ file = {path:?} }}")
        };
        let config = format!(
            "default = \"main\"\n\
             [providers.main]\nprovider = \"dodo\"\nwebhook_secrets = [{}]\n\
             [providers.other]\nprovider = \"polar\"\norganization_id = \"{organization}\"\n\
             base_url = \"{}\"\ntoken = {}\nwebhook_secrets = [{}]\ntimeout = 1\npacing = false\n",
            secret("dodo", &dodo_secret),
            server.url(),
            secret("token", &token),
            secret("polar", &polar_secret),
        );
        let path = folder.path().join("license-keys.db");
        let store = Store::open(&path).await.unwrap();
        let pool = SqlitePool::connect(path.to_str().unwrap()).await.unwrap();
        let config = Config::from_toml(&config).unwrap();
        let seller = Registry::builtin().build_provider("other", config.provider("other").unwrap()).unwrap();
        let app = App::new(&Registry::builtin(), &config, store, clock.clone().into()).unwrap();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        tokio::spawn(async move { axum::serve(listener, router(app)).await.unwrap() });
        Self { clock, dodo, polar, polar_api, seller, address, pool, _folder: folder, _server: server }
    }

    async fn post(&self, provider: &str, request: Request<Bytes>) -> StatusCode {
        let (mut parts, body) = request.into_parts();
        parts.uri = format!("http://{}/webhooks/{provider}", self.address).parse().unwrap();
        let transport = ReqwestTransport::builder().no_proxy().build().unwrap();
        transport.send(Request::from_parts(parts, body)).await.unwrap().status()
    }

    /// Brings `customer.state_changed`, and loses everything else on the way.
    async fn only_the_list(&self) {
        let list = self.next_list();
        assert_eq!(self.post("other", list).await, StatusCode::OK);
    }

    /// The next `customer.state_changed`; everything else is lost on the way.
    fn next_list(&self) -> Request<Bytes> {
        self.clock.advance(SignedDuration::from_mins(1));
        let mut lists = Vec::new();
        while let Some(delivery) = self.polar.next_delivery() {
            self.polar.answered(delivery.id, Some(StatusCode::OK));
            if delivery.event_type == "customer.state_changed" {
                lists.push(delivery.request);
            }
        }
        assert_eq!(lists.len(), 1);
        lists.remove(0)
    }

    /// Brings the next delivery of this type before and after Polar's replica is up to date, and loses the others.
    async fn only_after_the_replica(&self, event_type: &str) {
        self.clock.advance(SignedDuration::from_secs(10));
        let mut deliveries = std::iter::from_fn(|| self.polar.next_delivery());
        let delivery = deliveries.find(|delivery| delivery.event_type == event_type).unwrap();
        assert_eq!(self.post("other", delivery.request.clone()).await, StatusCode::SERVICE_UNAVAILABLE);
        self.polar.sync_replica();
        assert_eq!(self.post("other", delivery.request).await, StatusCode::OK);
        self.polar.answered(delivery.id, Some(StatusCode::OK));
        while let Some(lost) = self.polar.next_delivery() {
            self.polar.answered(lost.id, Some(StatusCode::OK));
        }
    }

    async fn execute(&self, statement: &'static str) {
        sqlx::query(statement).execute(&self.pool).await.unwrap();
    }

    async fn count(&self, query: &str) -> i64 {
        sqlx::query_scalar(query).fetch_one(&self.pool).await.unwrap()
    }
}

#[tokio::test]
async fn what_is_not_proven_or_not_for_us_leaves_nothing_behind() {
    let setup = Setup::start().await;
    setup.dodo.issue(KeySpec::default()).unwrap();
    let genuine = setup.dodo.next_delivery().unwrap().request;
    let bare = Request::post("/").body(genuine.body().clone()).unwrap();
    let mut changed = genuine.clone();
    *changed.body_mut() = [genuine.body(), &b" "[..]].concat().into();

    assert_eq!(setup.post("main", bare).await, StatusCode::BAD_REQUEST);
    assert_eq!(setup.post("main", changed).await, StatusCode::UNAUTHORIZED);
    assert_eq!(setup.post("other", genuine.clone()).await, StatusCode::UNAUTHORIZED);
    assert_eq!(setup.post("nobody", genuine.clone()).await, StatusCode::NOT_FOUND);
    assert_eq!(setup.count("SELECT count(*) FROM events").await, 0);
    assert_eq!(setup.count("SELECT count(*) FROM unreadable").await, 0);

    assert_eq!(setup.post("main", genuine).await, StatusCode::OK);
    assert_eq!(
        setup.count("SELECT count(*) FROM license_keys WHERE provider = 'main' AND in_force").await,
        1
    );
}

#[tokio::test]
async fn an_unreadable_delivery_is_kept_as_it_came_and_another_matter_is_not() {
    let setup = Setup::start().await;
    setup.dodo.announce("license_key.created", json!({"planted": 1}));
    setup.dodo.announce("payment.succeeded", json!({"planted": 2}));
    let [unreadable, other] = [(); 2].map(|()| setup.dodo.next_delivery().unwrap().request);
    for request in [&unreadable, &unreadable, &other] {
        assert_eq!(setup.post("main", request.clone()).await, StatusCode::OK);
    }
    let kept: Vec<Vec<u8>> =
        sqlx::query_scalar("SELECT body FROM unreadable").fetch_all(&setup.pool).await.unwrap();
    assert_eq!(kept, [unreadable.body().to_vec()]);
    assert_eq!(setup.count("SELECT count(*) FROM events").await, 0);
}

#[tokio::test]
async fn a_vendor_that_does_not_answer_is_asked_again_when_it_delivers_again() {
    let setup = Setup::start().await;
    let customer = setup.polar.add_customer(CustomerSpec::default()).unwrap();
    let benefit = setup.polar.add_benefit(BenefitSpec::default()).unwrap();
    setup.polar.grant(GrantSpec::order(benefit, customer)).unwrap();
    let delivery = setup.polar.next_delivery().unwrap().request;

    setup.polar_api.failure.store(503, Ordering::SeqCst);
    assert_eq!(setup.post("other", delivery.clone()).await, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(setup.count("SELECT count(*) FROM events").await, 0);

    setup.polar_api.failure.store(0, Ordering::SeqCst);
    for _ in 0..2 {
        assert_eq!(setup.post("other", delivery.clone()).await, StatusCode::OK);
    }
    assert_eq!(setup.count("SELECT count(*) FROM events").await, 1);
    assert_eq!(setup.count("SELECT deliveries FROM license_keys WHERE in_force").await, 1);
}

#[tokio::test]
async fn a_customers_complete_list_makes_up_for_deliveries_that_never_came() {
    let setup = Setup::start().await;
    let customer = setup.polar.add_customer(CustomerSpec::default()).unwrap();
    let benefit = setup.polar.add_benefit(BenefitSpec::default()).unwrap();
    let keys = [(); 2].map(|()| setup.polar.grant(GrantSpec::order(benefit, customer)).unwrap().id);
    setup.only_the_list().await;
    assert_eq!(setup.count("SELECT count(*) FROM license_keys WHERE in_force").await, 2);

    setup.polar.end_grant(keys[0]).unwrap();
    setup.only_the_list().await;
    assert_eq!(setup.count("SELECT count(*) FROM license_keys WHERE in_force").await, 1);
    assert_eq!(setup.count("SELECT count(*) FROM license_keys WHERE status = 'revoked'").await, 1);
}

#[tokio::test]
async fn a_list_with_disabled_keys_is_applied_at_once() {
    let setup = Setup::start().await;
    let customer = setup.polar.add_customer(CustomerSpec::default()).unwrap();
    let benefit = setup.polar.add_benefit(BenefitSpec::default()).unwrap();
    let keys = [(); 3].map(|()| setup.polar.grant(GrantSpec::order(benefit, customer)).unwrap().id);
    setup.only_the_list().await;

    for key in &keys[..2] {
        setup.seller.disable(&key.to_string().into()).await.unwrap();
    }
    // As after an edit of the benefit: the grants have changed after their keys.
    setup.clock.advance(SignedDuration::from_secs(30));
    let changed_at = setup.clock.now().to_string();
    let granted = keys.map(|key| {
        json!({"id": key, "created_at": "2026-11-02T10:00:00Z", "modified_at": changed_at, "benefit_id": benefit,
            "benefit_type": "license_keys", "properties": {"license_key_id": key}})
    });
    setup.polar.announce("customer.state_changed", &json!({"id": customer, "granted_benefits": granted}));
    let list = setup.polar.next_delivery().unwrap().request;
    assert_eq!(setup.post("other", list).await, StatusCode::OK);
    assert_eq!(setup.count("SELECT count(*) FROM license_keys WHERE status = 'disabled'").await, 2);
    assert_eq!(setup.count("SELECT count(*) FROM license_keys WHERE in_force").await, 1);
}

#[tokio::test]
async fn a_long_list_is_read_side_by_side_and_goes_on_where_it_was_interrupted() {
    const KEYS: usize = 400;
    let setup = Setup::start().await;
    let customer = setup.polar.add_customer(CustomerSpec::default()).unwrap();
    let benefit = setup.polar.add_benefit(BenefitSpec::default()).unwrap();
    for _ in 0..KEYS {
        setup.polar.grant(GrantSpec::order(benefit, customer)).unwrap();
    }
    let list = setup.next_list();
    setup.polar_api.answers_left.store(KEYS / 2, Ordering::SeqCst);
    assert_eq!(setup.post("other", list.clone()).await, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(setup.count("SELECT count(*) FROM events").await, 0, "the delivery is not applied");
    let kept = usize::try_from(setup.count("SELECT count(*) FROM license_keys").await).unwrap();
    assert!(kept > KEYS / 4, "{kept} of {} keys that were read are stored", KEYS / 2);

    setup.polar_api.answers_left.store(usize::MAX, Ordering::SeqCst);
    setup.polar_api.answered.store(0, Ordering::SeqCst);
    assert_eq!(setup.post("other", list).await, StatusCode::OK);
    assert_eq!(setup.count("SELECT count(*) FROM license_keys WHERE in_force").await, 400);
    assert_eq!(setup.count("SELECT count(*) FROM events").await, 1);
    assert_eq!(setup.polar_api.answered.load(Ordering::SeqCst), KEYS - kept, "only the others are read");
    let most = setup.polar_api.most_at_once.load(Ordering::SeqCst);
    assert!((2..=16).contains(&most), "{most} reads at once");
}

#[tokio::test]
async fn a_store_that_fails_half_way_keeps_nothing_of_the_delivery() {
    let setup = Setup::start().await;
    setup.dodo.issue(KeySpec::default()).unwrap();
    let delivery = setup.dodo.next_delivery().unwrap().request;

    setup.execute("ALTER TABLE license_keys RENAME TO away").await;
    assert_eq!(setup.post("main", delivery.clone()).await, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(setup.count("SELECT count(*) FROM anykey_deliveries").await, 0);
    assert_eq!(setup.count("SELECT count(*) FROM events").await, 0);

    setup.execute("ALTER TABLE away RENAME TO license_keys").await;
    assert_eq!(setup.post("main", delivery).await, StatusCode::OK);
    assert_eq!(setup.count("SELECT count(*) FROM license_keys WHERE in_force").await, 1);
}

#[tokio::test]
async fn a_replica_that_lags_behind_is_asked_again() {
    let setup = Setup::start().await;
    let customer = setup.polar.add_customer(CustomerSpec::default()).unwrap();
    let benefit = setup.polar.add_benefit(BenefitSpec::default()).unwrap();
    setup.polar.lag_replica();
    let key = setup.polar.grant(GrantSpec::order(benefit, customer)).unwrap().id;
    setup.only_after_the_replica("benefit_grant.created").await;
    assert_eq!(setup.count("SELECT count(*) FROM license_keys WHERE in_force").await, 1);

    setup.clock.advance(SignedDuration::from_mins(1));
    setup.polar.end_grant(key).unwrap();
    setup.only_after_the_replica("benefit_grant.revoked").await;
    assert_eq!(setup.count("SELECT count(*) FROM license_keys WHERE status = 'revoked'").await, 1);

    setup.clock.advance(SignedDuration::from_mins(1));
    setup.polar.grant(GrantSpec::order(benefit, customer)).unwrap();
    setup.only_after_the_replica("customer.state_changed").await;
    assert_eq!(setup.count("SELECT count(*) FROM license_keys WHERE in_force").await, 1);
}

#[tokio::test]
async fn a_key_that_the_vendor_no_longer_has_stays_in_the_table_and_out_of_force() {
    let setup = Setup::start().await;
    let customer = setup.polar.add_customer(CustomerSpec::default()).unwrap();
    let benefit = setup.polar.add_benefit(BenefitSpec::default()).unwrap();
    let key = setup.polar.grant(GrantSpec::order(benefit, customer)).unwrap().id;
    let delivery = setup.polar.next_delivery().unwrap().request;
    assert_eq!(setup.post("other", delivery).await, StatusCode::OK);

    setup.clock.advance(SignedDuration::from_mins(1));
    setup.polar.end_grant(key).unwrap();
    setup.polar_api.failure.store(404, Ordering::SeqCst);
    while let Some(delivery) = setup.polar.next_delivery() {
        assert_eq!(setup.post("other", delivery.request).await, StatusCode::OK);
        setup.polar.answered(delivery.id, Some(StatusCode::OK));
    }
    assert_eq!(setup.count("SELECT count(*) FROM license_keys").await, 1);
    let gone = "SELECT count(*) FROM license_keys WHERE status = 'gone' AND NOT in_force";
    assert_eq!(setup.count(gone).await, 1);
}
