//! Whatever a vendor's pages say, and however wrong they name the pages ahead: prefetching brings the same.

use std::time::Duration;

use anykey_core::{ErrorKind, LicenseProviderExt, ListQuery};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

use crate::book::{Book, Sheet, ids};

const PAGES: usize = 24;

/// Mostly a page like the next one in a book; sometimes empty, failing, leading elsewhere or lying.
fn sheet(page: usize) -> impl Strategy<Value = Sheet> {
    let first = page * 4;
    let overlapping =
        any::<bool>().prop_map(move |overlaps| if overlaps { first.saturating_sub(1) } else { first });
    let keys = prop_oneof![
        8 => overlapping.prop_map(move |from| (from..first + 4).collect()),
        1 => Just(Vec::new()),
        1 => vec(0..PAGES * 4, 0..5),
    ];
    let next = prop_oneof![
        16 => Just(Some(page + 1)),
        1 => Just(None),
        1 => (0..PAGES + 4).prop_map(Some),
    ];
    let overlap = prop_oneof![4 => Just(true), 1 => Just(false)];
    let ahead = prop_oneof![
        8 => (0..12_usize).prop_map(move |count| (page + 1..).take(count).collect()),
        1 => vec(0..PAGES + 4, 0..8),
    ];
    let kinds = prop::sample::select(&[ErrorKind::Unauthenticated, ErrorKind::Unavailable][..]);
    (keys, next, overlap, ahead, option::weighted(0.03, kinds)).prop_map(
        |(ids, next, overlap, ahead, fails)| Sheet {
            ids,
            next,
            overlap: next.filter(|_| overlap),
            ahead,
            fails,
            ..Sheet::default()
        },
    )
}

fn book() -> impl Strategy<Value = Vec<Sheet>> {
    (0..PAGES).map(sheet).collect::<Vec<_>>()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn keys_their_order_and_the_error_are_the_same(sheets in book(), window in 0..20_usize) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
        runtime.unwrap().block_on(async {
            let one_by_one = Book::new(sheets.clone());
            let expected = ids(one_by_one.keys(ListQuery::new()).prefetch(1)).await;
            let ahead = Book::new(sheets).after(Duration::from_millis(20));
            let read = ids(ahead.keys(ListQuery::new()).prefetch(window)).await;
            assert_eq!(read, expected);

            let needed = one_by_one.asked();
            let asked = ahead.asked();
            assert!(ahead.most_at_once() <= window.clamp(1, 16));
            // An error that passes is asked for twice.
            let most = needed.len() * 2 + 1;
            assert!(asked.len() <= most, "{} requests where {} are needed", asked.len(), needed.len());
            // What is needed was asked for, in this order.
            let mut asked = asked.into_iter();
            assert!(needed.iter().all(|needed| asked.any(|asked| asked == *needed)));
        });
    }
}
