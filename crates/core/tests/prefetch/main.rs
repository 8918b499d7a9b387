//! Pages in flight: the same keys in the same order, sooner, with a bounded number of wasted requests.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod any_pages;
mod book;

use std::sync::Arc;
use std::sync::atomic::Ordering::SeqCst;
use std::time::Duration;

use anykey_core::adapter::KeyCodeExt as _;
use anykey_core::{
    CreateRequest, ErrorKind, InMemoryProvider, KeyCode, Keys, LicenseProvider, LicenseProviderExt,
    ListQuery, Timestamp,
};
use book::{Book, Sheet, ids};
use futures_util::{StreamExt, TryStreamExt};
use tokio::time::Instant;

const ROUND_TRIP: Duration = Duration::from_millis(20);

async fn time<T>(work: impl Future<Output = T>) -> (T, Duration) {
    let start = Instant::now();
    (work.await, start.elapsed())
}

#[tokio::test(start_paused = true)]
async fn eight_pages_in_flight_take_an_eighth_of_the_time() {
    let one_by_one = Book::of_full_pages(160).after(ROUND_TRIP);
    let (expected, slow) = time(ids(one_by_one.keys(ListQuery::new()).prefetch(1))).await;
    let ahead = Book::of_full_pages(160).after(ROUND_TRIP);
    let (read, fast) = time(ids(ahead.keys(ListQuery::new()).prefetch(8))).await;
    println!("160 pages: {slow:?} one by one, {fast:?} with eight in flight");
    assert_eq!(read, expected);
    assert_eq!((slow, one_by_one.most_at_once()), (160 * ROUND_TRIP, 1));
    // 1 + 2 + 4 pages in the first three round trips, 8 in each of the others.
    assert_eq!((fast, ahead.most_at_once()), ((3 + 20) * ROUND_TRIP, 8));
}

#[tokio::test(start_paused = true)]
async fn sixteen_pages_are_in_flight_where_nobody_says_otherwise() {
    let book = Book::of_full_pages(160).after(ROUND_TRIP);
    assert_eq!(ids(book.keys(ListQuery::new())).await.0.len(), 1_600);
    assert_eq!((book.asked().len(), book.most_at_once()), (160, 16));
    let book = Book::of_full_pages(160).after(ROUND_TRIP);
    let first: Vec<_> = book.keys(ListQuery::new()).take(10).try_collect().await.unwrap();
    assert_eq!((first.len(), book.asked().len()), (10, 1), "one page until a second is wanted");
}

#[tokio::test(start_paused = true)]
async fn one_at_a_time_asks_for_nothing_ahead() {
    for pages in [0, 1] {
        let book = Book::of_full_pages(5).after(ROUND_TRIP);
        let keys = book.keys(ListQuery::new()).prefetch(pages);
        assert_eq!(ids(keys).await.0.len(), 5 * 10);
        assert_eq!((book.asked().len(), book.most_at_once()), (5, 1));
        assert!(book.queries().iter().all(|query| query.pages_ahead == 0));
    }
}

#[tokio::test(start_paused = true)]
async fn the_window_is_capped() {
    for (pages, most) in
        [(3, 3), (Keys::MAX_PREFETCH + 1, Keys::MAX_PREFETCH), (usize::MAX, Keys::MAX_PREFETCH)]
    {
        let mut book = Book::of_full_pages(200).after(ROUND_TRIP);
        (0..200).for_each(|page| book.sheet(page).names_all = true);
        assert_eq!(ids(book.keys(ListQuery::new()).prefetch(pages)).await.0.len(), 2_000);
        assert_eq!(book.most_at_once(), most);
    }
}

#[tokio::test(start_paused = true)]
async fn the_overrun_grows_with_the_listing_and_ends_at_the_window() {
    for (pages, overrun) in [(1, 0), (2, 1), (3, 2), (7, 6), (8, 7), (9, 7), (40, 7)] {
        let book = Book::of_full_pages(pages).after(ROUND_TRIP).without_known_end();
        assert_eq!(ids(book.keys(ListQuery::new()).prefetch(8)).await.0.len(), pages * 10);
        assert_eq!(book.asked().len(), pages + overrun, "{pages} pages");
        let known = Book::of_full_pages(pages).after(ROUND_TRIP);
        ids(known.keys(ListQuery::new()).prefetch(8)).await;
        assert_eq!(known.asked().len(), pages, "{pages} pages, the end is known");
    }
}

#[tokio::test(start_paused = true)]
async fn a_provider_that_names_no_pages_ahead_is_read_page_by_page() {
    let book = Book::of_full_pages(9).after(ROUND_TRIP).silent();
    assert_eq!(ids(book.keys(ListQuery::new()).prefetch(8)).await.0.len(), 90);
    assert_eq!((book.asked().len(), book.most_at_once()), (9, 1));
}

#[tokio::test(start_paused = true)]
async fn who_stops_within_the_first_page_has_asked_for_no_other() {
    let book = Book::of_full_pages(9).after(ROUND_TRIP);
    let first: Vec<_> = book.keys(ListQuery::new()).prefetch(8).take(10).try_collect().await.unwrap();
    assert_eq!((first.len(), book.asked().len()), (10, 1));
    let found = book.find(&KeyCode::verbatim("9")).await.unwrap();
    assert_eq!((found.unwrap().id.as_str(), book.asked().len()), ("9", 2));
}

#[tokio::test(start_paused = true)]
async fn a_search_has_four_pages_in_flight() {
    let book = Book::of_full_pages(40).after(ROUND_TRIP).without_known_end();
    assert!(book.find(&KeyCode::verbatim("399")).await.unwrap().is_some());
    assert_eq!((book.asked().len(), book.most_at_once()), (43, 4));
}

#[tokio::test(start_paused = true)]
async fn dropping_the_stream_gives_up_what_is_in_flight() {
    let book = Book::of_full_pages(40).after(ROUND_TRIP);
    let mut keys = book.keys(ListQuery::new()).prefetch(8);
    for _ in 0..(1 + 2 + 4 + 8) * 10 {
        keys.try_next().await.unwrap().unwrap();
    }
    tokio::time::timeout(ROUND_TRIP / 2, keys.try_next()).await.unwrap_err();
    assert_eq!(book.0.in_flight.load(SeqCst), 8);
    drop(keys);
    assert_eq!(book.0.in_flight.load(SeqCst), 0);
    let asked = book.asked().len();
    tokio::time::sleep(ROUND_TRIP * 100).await;
    assert_eq!(book.asked().len(), asked);
}

#[tokio::test(start_paused = true)]
async fn the_end_gives_up_what_is_in_flight() {
    let book = Book::of_full_pages(10).after(ROUND_TRIP).without_known_end();
    let mut keys = book.keys(ListQuery::new()).prefetch(8);
    for _ in 0..91 {
        keys.try_next().await.unwrap().unwrap();
    }
    assert_eq!(book.0.in_flight.load(SeqCst), 0, "while the last page's keys are handed out");
}

#[tokio::test(start_paused = true)]
async fn pages_move_on_while_the_keys_of_another_are_handed_out() {
    let book = Book::of_full_pages(41).after(ROUND_TRIP);
    let mut keys = book.keys(ListQuery::new()).prefetch(2);
    let per_key = ROUND_TRIP / 10;
    let ((), taken) = time(async {
        while keys.try_next().await.unwrap().is_some() {
            tokio::time::sleep(per_key).await;
        }
    })
    .await;
    // What the keys take themselves, the first two pages and no more: each further one has come meanwhile.
    assert_eq!(taken, 410 * per_key + 2 * ROUND_TRIP);
}

#[tokio::test(start_paused = true)]
async fn an_error_comes_after_the_keys_before_it_and_ends_the_stream() {
    for kind in [ErrorKind::Unauthenticated, ErrorKind::Unavailable] {
        let mut book = Book::of_full_pages(40).after(ROUND_TRIP);
        book.sheet(17).fails = Some(kind);
        let mut keys = book.keys(ListQuery::new()).prefetch(8);
        let mut read = 0;
        let error = loop {
            match keys.next().await.unwrap() {
                Ok(_) => read += 1,
                Err(error) => break error,
            }
        };
        assert_eq!((read, error.kind()), (17 * 10, kind));
        assert_eq!(book.0.in_flight.load(SeqCst), 0);
        assert!(keys.next().await.is_none() && keys.next().await.is_none());
    }
}

#[tokio::test(start_paused = true)]
async fn an_error_past_the_end_is_never_shown() {
    let mut book = Book::of_full_pages(10).after(ROUND_TRIP).without_known_end();
    for past in 10..30 {
        book.sheet(past).fails = Some(ErrorKind::Unauthenticated);
    }
    assert_eq!(ids(book.keys(ListQuery::new()).prefetch(8)).await, ((0..100).collect(), None));
}

#[tokio::test(start_paused = true)]
async fn a_page_ahead_that_fails_in_passing_is_asked_for_again_in_its_turn() {
    for (kind, is_passing) in [(ErrorKind::RateLimited, true), (ErrorKind::PermissionDenied, false)] {
        let mut book = Book::of_full_pages(40).after(ROUND_TRIP);
        book.sheet(17).fails_when_crowded = Some(kind);
        let (read, error) = ids(book.keys(ListQuery::new()).prefetch(8)).await;
        assert_eq!((read.len(), error), if is_passing { (400, None) } else { (170, Some(kind)) });
    }
}

#[tokio::test]
async fn every_kind_of_provider_prefetches() {
    fn is_what_it_should_be<T: Send + Unpin + std::fmt::Debug>(_: &T) {}
    let memory = InMemoryProvider::new(Timestamp::now);
    for number in 0..500 {
        let code = KeyCode::verbatim(number.to_string());
        memory.insert(CreateRequest::new(code, "cus_1", "pdt_1")).unwrap();
    }
    let expected: Vec<_> = memory.keys(ListQuery::new()).try_collect().await.unwrap();
    let shared: Arc<dyn LicenseProvider> = Arc::new(memory.clone());
    let object: &dyn LicenseProvider = &memory;
    for keys in [memory.keys(ListQuery::new()), object.keys(ListQuery::new()), shared.keys(ListQuery::new())]
    {
        let keys = keys.prefetch(8);
        is_what_it_should_be(&keys);
        assert_eq!(keys.try_collect::<Vec<_>>().await.unwrap(), expected);
    }
}

#[tokio::test(start_paused = true)]
async fn a_listing_that_goes_on_elsewhere_is_followed() {
    let mut book = Book::of_full_pages(40).after(ROUND_TRIP);
    *book.sheet(10) = Sheet { next: Some(30), ..book.sheet(10).clone() };
    let (read, error) = ids(book.keys(ListQuery::new()).prefetch(8)).await;
    assert_eq!((read, error), ((0..110).chain(300..400).collect(), None));
}

#[tokio::test(start_paused = true)]
async fn a_page_that_contradicts_what_is_in_flight_names_nothing_further() {
    let mut book = Book::of_full_pages(40).after(ROUND_TRIP);
    book.sheet(10).ahead = [11].into_iter().chain(1_000..1_100).collect();
    assert_eq!(ids(book.keys(ListQuery::new()).prefetch(8)).await, ((0..400).collect(), None));
    assert_eq!(book.asked().len(), 40);
}
