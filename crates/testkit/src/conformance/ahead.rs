//! Pages named ahead, and pages in flight.
//!
//! Pages ahead save time only, so a wrong one must never change what is listed.

use anykey_core::{LicenseKey, LicenseProviderExt, ListQuery};
use futures_util::TryStreamExt;

use super::Subject;
use super::check::{Checked, ensure, equal, works};
use super::listing::{ids, issue_in_a_row, whole};

/// Enough for several pages, also where small ones grow to overlap.
const KEYS: usize = 60;
/// No divisor of the number of keys, so that the last page is short.
const PAGE_SIZE: u32 = 7;

/// None are named unless asked for, never more than asked for, and each is the page that really follows. Where the
/// total is known, none is past the end.
pub(super) async fn the_pages_ahead_are_those_that_follow(subject: &dyn Subject) -> Checked {
    let issued = issue_in_a_row(subject, KEYS).await?;
    let provider = subject.provider();
    let mut query = whole(subject, &issued).page_size(PAGE_SIZE);
    let unasked = works(provider.list(query.clone()).await, "the first page")?;
    ensure(unasked.ahead.is_empty(), "no pages ahead unless the query asks for them")?;
    let greedy = works(provider.list(query.clone().pages_ahead(usize::MAX)).await, "the first page")?;
    ensure(greedy.ahead.len() <= ListQuery::MAX_PAGES_AHEAD, "no more pages ahead than the maximum")?;

    query = query.pages_ahead(3);
    let mut presumed = Vec::new();
    let mut size = 0;
    for _ in 0..KEYS {
        let page = works(provider.list(query.clone()).await, "one more page")?;
        ensure(page.ahead.len() <= 3, "no more pages ahead than asked for")?;
        let Some(next) = page.overlap.or(page.next) else {
            return ensure(page.ahead.is_empty(), "no pages ahead of the last page");
        };
        let is_presumed = presumed.first().is_none_or(|presumed| *presumed == next);
        // The listing of a vendor without a total has ended, and that of another one follows.
        let ends_a_part = page.total.is_none() && page.items.len() < size;
        ensure(is_presumed || ends_a_part, "the listing goes on as the page before presumed")?;
        size = page.items.len();
        let first = page.ahead.first().is_none_or(|first| *first == next);
        ensure(first, "the first page ahead is the one where the listing goes on")?;
        if let Some(last) = page.ahead.last().filter(|_| page.total.is_some()) {
            let last = works(provider.list(query.clone().page(last.clone())).await, "the last page ahead")?;
            ensure(!last.items.is_empty(), "no pages ahead past the end of a listing whose total is known")?;
        }
        presumed = page.ahead.into_iter().skip(1).collect();
        query.page = Some(next);
    }
    ensure(false, "the listing of a few keys ends")
}

/// Two and eight pages at once return the same keys in the same order as single pages.
pub(super) async fn the_stream_is_the_same_with_pages_in_flight(subject: &dyn Subject) -> Checked {
    let issued = issue_in_a_row(subject, KEYS).await?;
    let provider = subject.provider();
    let keys = || provider.keys(whole(subject, &issued).page_size(PAGE_SIZE));
    let one_by_one: Vec<LicenseKey> = works(keys().try_collect().await, "the stream of all keys")?;
    for pages in [2, 8] {
        let ahead = keys().prefetch(pages).try_collect().await;
        let ahead: Vec<LicenseKey> = works(ahead, "the stream with pages in flight")?;
        equal(&ids(&ahead), &ids(&one_by_one), "the keys of the stream with pages in flight")?;
    }
    Ok(())
}
