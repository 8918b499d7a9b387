//! Keys come and go while they are listed: those that are there all the time come once each.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex};

use anykey::adapter::{KeyCodeExt as _, PageTokenExt as _, Paging};
use anykey::sim::{IssueSpec, simulators};
use anykey::{
    Capabilities, Capability, KeyCode, LicenseKey, LicenseProvider, LicenseProviderExt, LicenseStatus,
    ListQuery, Page, PageToken, Result, SignedDuration, StatusChange, ValidateRequest, Validation,
    async_trait,
};
use anykey_http::{HttpTransport, TransportError};
use anykey_tests::Simulation;
use bytes::Bytes;
use futures_util::TryStreamExt;
use rand::rngs::SmallRng;
use rand::{RngExt, SeedableRng};

fn assert_each_once<'a>(all_the_time: impl IntoIterator<Item = &'a str>, read: &[LicenseKey], what: &str) {
    let mut times: HashMap<&str, u32> = HashMap::new();
    for key in read {
        *times.entry(key.id.as_str()).or_default() += 1;
    }
    for id in all_the_time {
        assert_eq!(times.get(id), Some(&1), "{what}: the key {id}");
    }
    assert!(times.values().all(|times| *times == 1), "{what}: a key came twice");
}

/// How many pages are in flight at most.
const IN_FLIGHT: [usize; 2] = [1, 8];

/// A vendor that counts pages, and whose shelf is changed before each of them.
struct Shelf(Mutex<Stock>);

struct Stock {
    dice: SmallRng,
    keys: Vec<u64>,
    made: u64,
    asked: u64,
    storm: usize,
}

/// Keys with even numbers stay; the others come and go.
const fn stays(key: u64) -> bool {
    key.is_multiple_of(2)
}

impl Stock {
    fn change(&mut self) {
        for _ in 0..self.dice.random_range(0..=self.storm) {
            let place = self.dice.random_range(0..=self.keys.len());
            match self.keys.get(place) {
                Some(key) if !stays(*key) && self.dice.random_bool(0.6) => drop(self.keys.remove(place)),
                _ => {
                    self.made += 2;
                    let new = self.made + 1;
                    let place = [0, place, self.keys.len()][self.dice.random_range(0..3)];
                    self.keys.insert(place, new);
                }
            }
        }
    }
}

impl Shelf {
    const NAME: &str = "shelf";
    const MOST: u32 = 100;

    fn new(seed: u64, size: u64, storm: usize) -> Self {
        let keys = (0..size).collect();
        Self(Mutex::new(Stock {
            dice: SmallRng::seed_from_u64(seed),
            keys,
            made: size + 1000,
            asked: 0,
            storm,
        }))
    }
}

impl fmt::Debug for Shelf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Shelf")
    }
}

#[async_trait]
impl LicenseProvider for Shelf {
    fn vendor(&self) -> &str {
        Self::NAME
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities::of(&[Capability::List, Capability::ListAll])
    }

    async fn list(&self, query: ListQuery) -> Result<Page<LicenseKey>> {
        let mut stock = self.0.lock().unwrap();
        stock.asked += 1;
        stock.change();
        let paging = Paging::new(&query, Self::MOST);
        let (number, size) = match &query.page {
            Some(token) => token.as_numbered(Self::NAME)?,
            None => (0, paging.page_size()),
        };
        let skipped = usize::try_from(number).unwrap() * usize::try_from(size).unwrap();
        let items: Vec<_> = stock.keys.iter().skip(skipped).take(size.try_into().unwrap()).collect();
        let items: Vec<_> = items
            .into_iter()
            .map(|key| {
                let code = KeyCode::verbatim(key.to_string());
                LicenseKey::new(Self::NAME, key.to_string().as_str().into(), code, LicenseStatus::Active)
            })
            .collect();
        if items.len() < usize::try_from(size).unwrap() {
            return Ok(Page::last(items));
        }
        let token = |(number, size)| PageToken::numbered(Self::NAME, number, size);
        let overlap = paging.overlap(number, size).map(token);
        let page = Page::last(items).with_next(token((number + 1, size))).with_overlap(overlap);
        Ok(page.with_ahead(paging.pages_after(number, size, None).map(token)))
    }

    async fn validate(&self, _: ValidateRequest) -> Result<Validation> {
        panic!("a listing validates nothing")
    }
}

#[tokio::test]
async fn whatever_comes_and_goes_anywhere() {
    let (mut listings, mut requests, mut keys) = (0, 0, 0);
    for seed in 0..1_200 {
        let in_flight = IN_FLIGHT[usize::try_from(seed).unwrap() / 600];
        let size = 150 + seed % 700;
        let page_size = [1, 2, 3, 7, 10, 50, 99, 100][usize::try_from(seed).unwrap() % 8];
        let storm = if page_size < 10 { 3 } else { 25 };
        let shelf = Shelf::new(seed, size, storm);
        let query = ListQuery::new().page_size(page_size);
        let read: Vec<_> = shelf.keys(query).prefetch(in_flight).try_collect().await.unwrap();
        let all_the_time: Vec<String> =
            (0..size).filter(|key| stays(*key)).map(|key| key.to_string()).collect();
        let what = format!("seed {seed}, pages of {page_size}, {in_flight} in flight");
        assert_each_once(all_the_time.iter().map(String::as_str), &read, &what);
        listings += 1;
        requests += shelf.0.lock().unwrap().asked;
        keys += read.len();
    }
    println!("paging under change: {listings} listings, {requests} requests, {keys} keys");
}

#[tokio::test]
async fn a_quiet_listing_costs_few_requests_more() {
    for in_flight in IN_FLIGHT {
        let shelf = Shelf::new(1, 10_000, 0);
        let read: Vec<_> = shelf.keys(ListQuery::new()).prefetch(in_flight).try_collect().await.unwrap();
        let asked = shelf.0.lock().unwrap().asked;
        println!("paging without change: {} keys in {asked} requests, {in_flight} in flight", read.len());
        assert_eq!(read.len(), 10_000);
        assert!(asked < 125, "{asked} requests for 100 pages");
    }
}

#[tokio::test]
async fn a_stored_token_goes_on_where_it_stopped() {
    let shelf = Shelf::new(1, 500, 0);
    let first = shelf.list(ListQuery::new()).await.unwrap();
    for (token, missing) in [(first.next.unwrap(), 0), (first.overlap.unwrap(), 1)] {
        let stored = PageToken::from(token.to_string());
        for in_flight in IN_FLIGHT {
            let query = ListQuery::new().page(stored.clone());
            let rest: Vec<_> = shelf.keys(query).prefetch(in_flight).try_collect().await.unwrap();
            assert_eq!(rest.len(), 400 + missing);
        }
    }
}

/// Changes the vendor's stock before each of the provider's requests.
struct Restless<F> {
    vendor: Arc<dyn HttpTransport>,
    change: F,
}

impl<F> fmt::Debug for Restless<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Restless")
    }
}

#[async_trait]
impl<F: Fn() + Send + Sync + 'static> HttpTransport for Restless<F> {
    async fn send(&self, request: http::Request<Bytes>) -> Result<http::Response<Bytes>, TransportError> {
        (self.change)();
        self.vendor.send(request).await
    }
}

#[tokio::test]
async fn keys_of_every_vendor_are_disabled_enabled_and_sold() {
    for simulator in simulators() {
        for seed in 0..24 {
            let in_flight = IN_FLIGHT[usize::try_from(seed).unwrap() / 12];
            let simulation = Simulation::of(simulator);
            let needed = [Capability::ListAll, Capability::FilterByStatus, Capability::Get];
            let declared = simulation.provider(&simulation.seller_plane()).capabilities();
            if !needed.iter().all(|capability| declared.contains(*capability)) {
                continue;
            }
            let (vendor, clock) = (simulation.vendor.clone(), simulation.clock.clone());
            let sell = move || {
                clock.advance(SignedDuration::from_secs(1));
                vendor.issue(IssueSpec::new()).unwrap().id
            };
            let sold: Vec<_> = (0..350).map(|_| sell()).collect();
            let (changing, staying): (Vec<_>, Vec<_>) =
                sold.into_iter().enumerate().partition(|(n, _)| n % 3 == 0);
            // A key that was sold and not activated is `inactive` at one vendor and `active` at another.
            let seller = simulation.provider(&simulation.seller_plane());
            let fresh = seller.get(&staying[0].1).await.unwrap().status;
            let dice = Mutex::new(SmallRng::seed_from_u64(seed));
            let vendor = simulation.vendor.clone();
            let change = move || {
                let mut dice = dice.lock().unwrap();
                for _ in 0..dice.random_range(0..6) {
                    let (_, id) = &changing[dice.random_range(0..changing.len())];
                    let change =
                        if dice.random_bool(0.7) { StatusChange::Disable } else { StatusChange::Enable };
                    vendor.set_status(id, change).unwrap();
                }
                if dice.random_bool(0.5) {
                    sell();
                }
            };
            let transport = Restless { vendor: simulation.vendor.transport(), change };
            let provider = simulation.provider_on(&simulation.seller_plane(), Arc::new(transport));
            let size = [10, 25, 50, 100][usize::try_from(seed).unwrap() % 4];
            let mut query = ListQuery::new().page_size(size);
            if simulation.seller_can(Capability::FilterByStatus) {
                query = query.status(fresh.clone());
            }
            let read: Vec<_> = provider.keys(query).prefetch(in_flight).try_collect().await.unwrap();
            let what = format!("{}, seed {seed}", simulator.vendor);
            assert_each_once(staying.iter().map(|(_, id)| id.as_str()), &read, &what);
        }
    }
}
