//! A listing is complete or says that it is not, whatever the vendor does with its keys meanwhile.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Mutex;

use anykey_core::adapter::{KeyCodeExt as _, PageTokenExt as _, Paging};
use anykey_core::{
    Capabilities, Capability, ErrorKind, KeyCode, LicenseKey, LicenseProvider, LicenseProviderExt,
    LicenseStatus, ListQuery, Page, PageToken, Result, Timestamp, UnreadableRecord, ValidateRequest,
    Validation, async_trait,
};
use futures_util::{StreamExt, TryStreamExt};
use proptest::prelude::*;

const MOST: u32 = 100;

/// What happens to the vendor's keys before each request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Change {
    Nothing,
    /// The first key that may go is removed.
    Removal,
    /// A key is added in front.
    Insertion,
}

/// A vendor that orders keys by their time of creation, and those of one time differently on every page.
#[derive(Debug)]
struct Vendor {
    keys: Mutex<Vec<(i64, u32)>>,
    asked: Mutex<u64>,
    change: Change,
    has_total: bool,
    /// It counts so many keys too many.
    miscounts: u64,
    overlaps: bool,
    unreadable: HashSet<u32>,
}

impl Vendor {
    /// Keys in groups of one time of creation each, of the given sizes.
    fn with_ties(groups: &[u32]) -> Self {
        let mut keys = Vec::new();
        for (time, size) in (0_i64..).zip(groups) {
            for _ in 0..*size {
                keys.push((time, u32::try_from(keys.len()).unwrap()));
            }
        }
        Self {
            keys: Mutex::new(keys),
            asked: Mutex::new(0),
            change: Change::Nothing,
            has_total: true,
            miscounts: 0,
            overlaps: true,
            unreadable: HashSet::new(),
        }
    }

    fn of(keys: u32) -> Self {
        Self::with_ties(&vec![1; usize::try_from(keys).unwrap()])
    }

    fn ids(&self) -> HashSet<u32> {
        self.keys.lock().unwrap().iter().map(|(_, id)| *id).collect()
    }

    fn asked(&self) -> u64 {
        *self.asked.lock().unwrap()
    }

    fn page(&self, number: u64, size: u32) -> (Vec<(i64, u32)>, u64) {
        let mut keys = self.keys.lock().unwrap();
        let mut asked = self.asked.lock().unwrap();
        *asked += 1;
        match self.change {
            Change::Nothing => {}
            Change::Removal => {
                if let Some(first) = keys.iter().position(|(_, id)| id % 2 == 1) {
                    keys.remove(first);
                }
            }
            Change::Insertion => {
                let id = 1_000_000 + u32::try_from(*asked).unwrap();
                keys.insert(0, (-i64::try_from(*asked).unwrap(), id));
            }
        }
        let order = |id: u32| {
            let mut hasher = DefaultHasher::new();
            (id, number, size).hash(&mut hasher);
            hasher.finish()
        };
        let mut sorted = keys.clone();
        sorted.sort_by_key(|(time, id)| (*time, order(*id)));
        let skipped = usize::try_from(number * u64::from(size)).unwrap();
        let page = sorted.iter().skip(skipped).take(usize::try_from(size).unwrap()).copied().collect();
        (page, u64::try_from(sorted.len()).unwrap())
    }
}

fn key(time: i64, id: u32) -> LicenseKey {
    let mut key = LicenseKey::new(
        "vendor",
        id.to_string().into(),
        KeyCode::verbatim(id.to_string()),
        LicenseStatus::Active,
    );
    key.created_at = Some(Timestamp::from_second(time).unwrap());
    key
}

#[async_trait]
impl LicenseProvider for Vendor {
    fn vendor(&self) -> &str {
        "vendor"
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities::of(&[Capability::List, Capability::ListAll])
    }

    async fn list(&self, query: ListQuery) -> Result<Page<LicenseKey>> {
        let (number, size) = match &query.page {
            Some(token) => token.as_numbered("vendor")?,
            None => (0, Paging::new(&query, MOST).page_size()),
        };
        let (records, count) = self.page(number, size);
        let (mut keys, mut unreadable) = (Vec::new(), Vec::new());
        for (position, (time, id)) in records.iter().enumerate() {
            if self.unreadable.contains(id) {
                let name = (id % 2 == 0).then(|| id.to_string().into());
                unreadable.push(UnreadableRecord::new(position, &id.to_string(), "odd").with_id(name));
            } else {
                keys.push(key(*time, *id));
            }
        }
        let token = |(number, size)| PageToken::numbered("vendor", number, size);
        let is_last = (number + 1) * u64::from(size) >= count;
        let overlap = (!is_last && (self.overlaps || query.overlapping))
            .then(|| Paging::new(&query, MOST).overlap_of_ties(&keys, number, size))
            .flatten();
        let ahead: Vec<_> = overlap
            .map(|first| Paging::new(&query, MOST).pages_from(first, &keys, Some(count)).map(token).collect())
            .unwrap_or_default();
        Ok(Page::last(keys)
            .with_unreadable(unreadable)
            .with_next((!is_last).then(|| token((number + 1, size))))
            .with_overlap(overlap.map(token))
            .with_ahead(ahead)
            .with_total(self.has_total.then_some(count + self.miscounts)))
    }

    async fn validate(&self, _: ValidateRequest) -> Result<Validation> {
        panic!("a listing validates nothing")
    }
}

/// The ids that were read, each asserted to come once, and the error at the end.
async fn read(vendor: &Vendor, query: ListQuery) -> (HashSet<u32>, Option<ErrorKind>) {
    let mut keys = vendor.keys(query);
    let mut ids = HashSet::new();
    while let Some(key) = keys.next().await {
        match key {
            Ok(key) => assert!(ids.insert(key.id.as_str().parse().unwrap()), "{} came twice", key.id),
            Err(error) => return (ids, Some(error.kind())),
        }
    }
    (ids, None)
}

fn run<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(work)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn ties_within_a_page_lose_nothing_and_need_no_error(
        groups in proptest::collection::vec(prop_oneof![6 => Just(1_u32), 1 => 2_u32..40], 1..120),
        has_total: bool, overlaps: bool, size in 60_u32..=100,
    ) {
        let vendor = Vendor { has_total, overlaps: overlaps || !has_total, ..Vendor::with_ties(&groups) };
        let (ids, error) = run(read(&vendor, ListQuery::new().page_size(size)));
        prop_assert_eq!(error, None);
        prop_assert_eq!(ids, vendor.ids());
    }

    #[test]
    fn a_counted_listing_with_any_ties_is_complete_or_an_error(
        groups in proptest::collection::vec(prop_oneof![Just(1_u32), 2_u32..150], 1..8),
        overlaps: bool, size in 20_u32..=100,
    ) {
        let vendor = Vendor { overlaps, ..Vendor::with_ties(&groups) };
        let (ids, error) = run(read(&vendor, ListQuery::new().page_size(size)));
        prop_assert!(error.is_some() || ids == vendor.ids(), "{} of {}", ids.len(), vendor.ids().len());
    }

    #[test]
    fn what_stays_is_listed_while_keys_are_removed_or_added(
        keys in 1_u32..900, removal: bool, has_total: bool, size in 10_u32..=100,
    ) {
        let change = if removal { Change::Removal } else { Change::Insertion };
        let vendor = Vendor { change, has_total, ..Vendor::of(keys) };
        let (ids, error) = run(read(&vendor, ListQuery::new().page_size(size)));
        let stayed: Vec<_> = (0..keys).filter(|id| id % 2 == 0).filter(|id| !ids.contains(id)).collect();
        prop_assert!(error.is_some() || stayed.is_empty(), "missing: {stayed:?}");
        prop_assert_eq!(error, None);
        let pages = u64::from(keys / size) + 1;
        prop_assert!(vendor.asked() <= 64 + 12 * pages, "{} requests for {pages} pages", vendor.asked());
    }

    #[test]
    fn one_unreadable_record_takes_no_other_along(
        keys in 1_u32..400, odd in proptest::collection::hash_set(0_u32..400, 0..6), overlaps: bool,
    ) {
        let vendor = Vendor { unreadable: odd, overlaps, ..Vendor::of(keys) };
        run(async {
            let mut stream = vendor.keys(ListQuery::new());
            let mut read = HashSet::new();
            while let Some(key) = stream.try_next().await.unwrap() {
                read.insert(key.id.as_str().parse::<u32>().unwrap());
            }
            let unreadable = vendor.unreadable.iter().filter(|id| **id < keys).count();
            assert_eq!(stream.unreadable().len(), unreadable, "each once");
            assert_eq!(read.len() + unreadable, usize::try_from(keys).unwrap());

            let strict: Vec<_> = vendor.keys(ListQuery::new()).strict().collect().await;
            let first = (0..keys).find(|id| vendor.unreadable.contains(id));
            let before = usize::try_from(first.unwrap_or(keys)).unwrap();
            assert_eq!(strict.iter().take_while(|key| key.is_ok()).count(), before);
            assert_eq!(strict.len(), before + usize::from(first.is_some()));
        });
    }
}

#[tokio::test]
async fn steady_removal_costs_about_two_requests_a_page() {
    let vendor = Vendor { change: Change::Removal, has_total: false, ..Vendor::of(1_450) };
    let (ids, error) = read(&vendor, ListQuery::new()).await;
    assert_eq!(error, None);
    assert!((0..1_450).filter(|id| id % 2 == 0).all(|id| ids.contains(&id)));
    assert!(vendor.asked() < 50, "{} requests", vendor.asked());
}

#[tokio::test]
async fn a_listing_that_comes_out_short_of_its_total_is_an_error_after_all_its_keys() {
    let vendor = Vendor { miscounts: 1, ..Vendor::of(250) };
    let (ids, error) = read(&vendor, ListQuery::new()).await;
    assert_eq!((ids.len(), error), (250, Some(ErrorKind::Decode)));
    let mut keys = vendor.keys(ListQuery::new());
    let error = loop {
        if let Err(error) = keys.try_next().await {
            break error;
        }
    };
    assert!(error.to_string().contains("counts 251 keys, and 250 were listed"), "{error}");
}

#[tokio::test]
async fn a_quiet_counted_listing_costs_nothing_beside_its_overlap() {
    for overlaps in [false, true] {
        let vendor = Vendor { overlaps, ..Vendor::of(1_000) };
        assert_eq!(read(&vendor, ListQuery::new()).await, (vendor.ids(), None));
        assert_eq!(vendor.asked(), if overlaps { 12 } else { 10 });
    }
}

#[tokio::test]
async fn a_search_among_unreadable_records_says_that_it_may_have_missed_the_key() {
    let vendor = Vendor { unreadable: HashSet::from([7]), ..Vendor::of(20) };
    assert!(vendor.find(&KeyCode::verbatim("8")).await.unwrap().is_some());
    let error = vendor.find(&KeyCode::verbatim("7")).await.unwrap_err();
    assert_eq!((error.kind(), error.provider()), (ErrorKind::Decode, Some("vendor")));
}

#[tokio::test]
async fn dropping_the_wait_for_a_key_loses_none() {
    let vendor = Vendor::of(250);
    let mut keys = vendor.keys(ListQuery::new());
    let mut read = Vec::new();
    loop {
        drop(keys.next());
        match futures_util::future::poll_immediate(keys.next()).await {
            Some(Some(key)) => read.push(key.unwrap().id),
            Some(None) => break,
            None => tokio::task::yield_now().await,
        }
    }
    assert_eq!(read.len(), 250);
}
