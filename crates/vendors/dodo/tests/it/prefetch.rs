//! Pages in flight: how many requests are wasted, and that no rate limit is broken.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use anykey_core::{
    HttpTransport, LicenseKey, LicenseProvider, LicenseProviderExt, LicenseStatus, ListQuery, ManualClock,
    TransportError, async_trait,
};
use anykey_dodo::{DodoProvider, LicenseKeysApi};
use anykey_dodo_sim::{ApiKeyScope, DodoSim, KeySpec};
use anykey_http::Pacer;
use bytes::Bytes;
use futures_util::TryStreamExt;
use tokio::time::Instant;

const ROUND_TRIP: Duration = Duration::from_millis(20);

/// A vendor one round trip away, with the times and addresses of the requests.
#[derive(Clone, Debug)]
struct Distant(Arc<dyn HttpTransport>, Arc<Mutex<Vec<(Instant, String)>>>);

impl Distant {
    fn new(vendor: impl HttpTransport) -> Self {
        Self(Arc::new(vendor), Arc::default())
    }

    fn requests(&self) -> Vec<(Instant, String)> {
        self.1.lock().unwrap().clone()
    }
}

#[async_trait]
impl HttpTransport for Distant {
    async fn send(&self, request: http::Request<Bytes>) -> Result<http::Response<Bytes>, TransportError> {
        self.1.lock().unwrap().push((Instant::now(), request.uri().to_string()));
        tokio::time::sleep(ROUND_TRIP).await;
        self.0.send(request).await
    }
}

fn clock() -> ManualClock {
    ManualClock::at("2026-11-21T12:00:00Z".parse().unwrap())
}

fn provider(sim: &DodoSim, api: LicenseKeysApi, pacer: Option<Pacer>) -> (DodoProvider, Distant) {
    let distant = Distant::new(sim.clone());
    let mut builder = DodoProvider::builder()
        .base_url("http://localhost".parse().unwrap())
        .token(sim.api_key(ApiKeyScope::ReadWrite))
        .license_keys(api)
        .transport(Arc::new(distant.clone()));
    if let Some(pacer) = pacer {
        builder = builder.management_pacer(pacer);
    }
    (builder.build().unwrap(), distant)
}

fn sim_with(keys: usize) -> DodoSim {
    let sim = DodoSim::new(clock());
    sim.issue_many(keys, &KeySpec::default()).unwrap();
    sim
}

/// The listing, how many requests it cost, and how long it took.
async fn read(
    (provider, vendor): &(impl LicenseProvider, Distant),
    query: ListQuery,
    pages: usize,
) -> (Vec<LicenseKey>, usize, Duration) {
    let before = vendor.requests().len();
    let start = Instant::now();
    let keys = provider.keys(query).prefetch(pages).try_collect().await.unwrap();
    (keys, vendor.requests().len() - before, start.elapsed())
}

#[tokio::test(start_paused = true)]
async fn few_pages_past_the_end_are_requested() {
    for api in [LicenseKeysApi::Classic, LicenseKeysApi::Grants] {
        for keys in [0, 1, 99, 100, 101, 250, 1_234, 5_000] {
            let vendor = provider(&sim_with(keys), api, Some(Pacer::unlimited()));
            let (expected, needed, slow) = read(&vendor, ListQuery::new(), 1).await;
            let (found, sent, fast) = read(&vendor, ListQuery::new(), 8).await;
            assert_eq!(found.len(), keys);
            assert_eq!(found, expected);
            let wasted = sent - needed;
            assert!(wasted < 8 && wasted < needed, "{keys} keys: {wasted} of {sent} requests wasted");
            println!(
                "Dodo {api:?}, {keys} keys: {needed} requests, {slow:?} one by one; {sent}, {fast:?} with eight"
            );
            if keys == 5_000 {
                assert!(wasted == 7 && fast < slow / 4);
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn what_the_vendor_cannot_filter_is_read_one_page_at_a_time() {
    let vendor = provider(&sim_with(700), LicenseKeysApi::Grants, Some(Pacer::unlimited()));
    let filtered = || ListQuery::new().created_from("2020-01-01T00:00:00Z".parse().unwrap());
    for query in [filtered(), ListQuery::new().status(LicenseStatus::Disabled)] {
        let (expected, needed, _) = read(&vendor, query.clone(), 1).await;
        let (found, sent, _) = read(&vendor, query, 8).await;
        assert_eq!((found, sent), (expected, needed));
    }
}

#[tokio::test(start_paused = true)]
async fn small_entitlements_waste_no_request() {
    let sim = sim_with(1);
    for product in 0..12 {
        let product = Some(format!("pdt_{product}"));
        sim.issue_many(3, &KeySpec { product, ..KeySpec::default() }).unwrap();
    }
    let vendor = provider(&sim, LicenseKeysApi::Grants, Some(Pacer::unlimited()));
    let (expected, needed, _) = read(&vendor, ListQuery::new(), 1).await;
    let (found, sent, _) = read(&vendor, ListQuery::new(), 8).await;
    assert_eq!((found.len(), sent), (37, needed));
    assert_eq!(found, expected);
}

#[tokio::test(start_paused = true)]
async fn a_paced_listing_keeps_the_rate_limits() {
    const KEYS: usize = 6_000;
    const PAGE: u32 = 18;
    let vendor = provider(&sim_with(KEYS), LicenseKeysApi::Classic, None);
    let (found, sent, took) = read(&vendor, ListQuery::new().page_size(PAGE), 16).await;
    assert_eq!(found.len(), KEYS);
    let times: Vec<_> = vendor.1.requests().into_iter().map(|(at, _)| at).collect();
    for (limit, window) in [(40, Duration::from_secs(1)), (240, Duration::from_secs(60))] {
        for (first, at) in times.iter().enumerate() {
            let in_window = times[first..].iter().take_while(|later| **later - *at < window).count();
            assert!(in_window <= limit, "{in_window} requests in {window:?}");
        }
    }
    println!("Dodo at its pace: {KEYS} keys, {sent} requests in {took:?}");
    assert!(times.len() > 300, "more than one window is full");
    // Where the pace decides, most of the pages ahead wait in line when the end is found, and are never sent.
    let needed = read(&vendor, ListQuery::new().page_size(PAGE), 1).await.1;
    assert!(sent - needed <= 4, "{} requests wasted", sent - needed);
}

#[tokio::test(start_paused = true)]
async fn the_end_is_found_before_pages_past_it_use_up_the_limit() {
    for api in [LicenseKeysApi::Classic, LicenseKeysApi::Grants] {
        let vendor = provider(&sim_with(10_000), api, None);
        let (found, sent, took) = read(&vendor, ListQuery::new(), 16).await;
        println!("Dodo {api:?}: {} keys, {sent} requests in {took:?}", found.len());
        assert_eq!(found.len(), 10_000);
        assert!(took < Duration::from_millis(4_500), "{api:?}: {sent} requests in {took:?}");
    }
}
