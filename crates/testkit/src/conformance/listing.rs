//! Pages, their sizes and their tokens.

use std::collections::HashSet;

use anykey_core::adapter::PageTokenExt as _;
use anykey_core::{
    Capability, ErrorKind, LicenseKey, LicenseKeyId, LicenseProvider, LicenseProviderExt, ListQuery, Page,
    PageToken, SignedDuration,
};
use futures_util::TryStreamExt;

use super::check::{Checked, ensure, equal, equal_if_known, failed, fails, issue, skip, works};
use super::{IssueSpec, IssuedKey, Subject};

/// A vendor without keys has one empty page and no next one.
pub(super) async fn an_empty_listing_ends(subject: &dyn Subject) -> Checked {
    let keys = read_all(&*subject.provider(), ListQuery::new()).await?;
    equal(&keys.len(), &0, "keys of a vendor without keys")
}

/// A page size below, at and above the number of keys. A different order would lose keys between pages.
pub(super) async fn pages_of_any_size_hold_every_key_once_in_one_order(subject: &dyn Subject) -> Checked {
    let issued = issue_in_a_row(subject, 5).await?;
    let provider = subject.provider();
    let mut orders = Vec::new();
    for size in [1, 2, 4, 5, 6] {
        orders.push(ids(&read_all(&*provider, whole(subject, &issued).page_size(size)).await?));
    }
    orders.push(ids(&read_all(&*provider, whole(subject, &issued)).await?));
    for order in &orders {
        holds_each_once(order, &issued)?;
        ensure(orders.first() == Some(order), "the same order whatever the page size")?;
    }
    Ok(())
}

/// [`keys`](LicenseProviderExt::keys) with small pages.
pub(super) async fn the_stream_holds_every_key_once(subject: &dyn Subject) -> Checked {
    let issued = issue_in_a_row(subject, 5).await?;
    let provider = subject.provider();
    let read: Result<Vec<_>, _> = provider.keys(ListQuery::new().page_size(2)).try_collect().await;
    holds_each_once(&ids(&works(read, "the stream of all keys")?), &issued)
}

/// Zero counts as one, since no vendor makes empty pages.
pub(super) async fn a_page_size_of_zero_reads_one_by_one(subject: &dyn Subject) -> Checked {
    let issued = issue_in_a_row(subject, 3).await?;
    let provider = subject.provider();
    let pages = read_pages(&*provider, whole(subject, &issued).page_size(0)).await?;
    ensure(pages.iter().all(|page| page.items.len() <= 1), "one key a page")?;
    holds_each_once(&ids(&joined(pages)), &issued)
}

/// One key more than a page holds is issued, so the first page is full and the second has one.
pub(super) async fn a_huge_page_size_is_the_vendors_maximum(subject: &dyn Subject) -> Checked {
    const MORE_THAN_A_USUAL_PAGE: u32 = 101;
    if lists_by_address_only(subject) {
        return skip("listing that has its full page size without an e-mail address");
    }
    let rules = subject.rules();
    let most = if rules.has_pages() { rules.max_page_size } else { MORE_THAN_A_USUAL_PAGE };
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    let issued = issue_in_a_row(subject, most.saturating_add(usize::from(rules.has_pages()))).await?;
    let provider = subject.provider();
    let whole = whole(subject, &issued);
    for query in [whole.clone().page_size(u32::MAX), whole] {
        let pages = read_pages(&*provider, query).await?;
        let first = pages.first().map_or(0, |page| page.items.len());
        equal(&first, &most, "keys on the first page")?;
        holds_each_once(&ids(&joined(pages)), &issued)?;
    }
    Ok(())
}

/// On every page; an unknown total is absent.
pub(super) async fn a_reported_total_is_right(subject: &dyn Subject) -> Checked {
    let issued = issue_in_a_row(subject, 3).await?;
    let provider = subject.provider();
    for page in read_pages(&*provider, whole(subject, &issued).page_size(2)).await? {
        equal_if_known(page.total.as_ref(), &3, "the listing's total")?;
    }
    Ok(())
}

/// An app stores the token as text, such as in a link. It keeps its page size.
pub(super) async fn a_stored_page_token_goes_on_where_it_was(subject: &dyn Subject) -> Checked {
    let issued = issue_in_a_row(subject, 5).await?;
    let provider = subject.provider();
    let query = whole(subject, &issued);
    let all = ids(&read_all(&*provider, query.clone().page_size(2)).await?);
    let first = works(provider.list(query.clone().page_size(2)).await, "the first page")?;
    let Some(token) = first.next else { return failed("expected: a page after two of five keys") };

    let stored = token.to_string();
    let rest = read_pages(&*provider, query.page(PageToken::from(stored))).await?;
    ensure(rest.iter().all(|page| page.items.len() <= 2), "the token keeps the page size it was made with")?;
    let rest = ids(&joined(rest));
    equal(&rest.as_slice(), &all.get(2..).unwrap_or_default(), "the keys after the stored token")
}

/// Tokens come back from an app's URLs, so anybody may have changed them.
pub(super) async fn a_foreign_or_damaged_page_token_is_an_invalid_request(subject: &dyn Subject) -> Checked {
    let issued = issue_in_a_row(subject, 1).await?;
    let provider = subject.provider();
    let foreign = PageToken::numbered("somebody-else", 1, 10).to_string();
    let bare = format!("{}:", provider.name());
    let nonsense = format!("{}:no page:\u{e9}", provider.name());
    for text in [foreign, bare, nonsense, "1".to_owned(), String::new(), "\0\r\n".to_owned()] {
        let answer = provider.list(whole(subject, &issued).page(PageToken::from(text.as_str()))).await;
        fails(answer, &[ErrorKind::InvalidRequest], &format!("the page token {text:?}"))?;
    }
    Ok(())
}

/// Id, code, product and customer are those that were issued.
pub(super) async fn a_listed_key_is_the_issued_one(subject: &dyn Subject) -> Checked {
    let issued = issue_in_a_row(subject, 3).await?;
    let provider = subject.provider();
    let keys = read_all(&*provider, whole(subject, &issued)).await?;
    for expected in &issued {
        let Some(key) = keys.iter().find(|key| key.id == expected.id) else {
            return failed("expected: every issued key in the listing");
        };
        is_the_issued_key(key, expected)?;
    }
    Ok(())
}

/// Fails unless `key` has the id, code, product and customer that it was issued with.
pub(super) fn is_the_issued_key(key: &LicenseKey, issued: &IssuedKey) -> Checked {
    equal(&key.id, &issued.id, "the key's id")?;
    equal(&key.code, &issued.code, "the key's code")?;
    equal_if_known(key.product.as_ref(), &issued.product, "the key's product")?;
    equal_if_known(key.customer.as_ref(), &issued.customer, "the key's customer")
}

/// Issues `count` keys of the first product for the first customer, a second apart.
pub(super) async fn issue_in_a_row(subject: &dyn Subject, count: usize) -> Checked<Vec<IssuedKey>> {
    let mut issued = Vec::new();
    for _ in 0..count {
        issued.push(issue(subject, IssueSpec::new()).await?);
        subject.clock().advance(SignedDuration::from_secs(1));
    }
    Ok(issued)
}

/// The query for all of the issued keys, which are of one customer: without naming that one, where the provider can.
pub(super) fn whole(subject: &dyn Subject, issued: &[IssuedKey]) -> ListQuery {
    match issued.first() {
        Some(key) if !subject.capabilities().contains(Capability::ListAll) => of_customer(subject, key),
        _ => ListQuery::new(),
    }
}

/// The query for the keys of the customer who has `key`: by the customer's id, or by the address where the provider
/// lists by that only.
pub(super) fn of_customer(subject: &dyn Subject, key: &IssuedKey) -> ListQuery {
    match key.email.clone().filter(|_| lists_by_address_only(subject)) {
        Some(address) => ListQuery::new().customer(address),
        None => ListQuery::new().customer(key.customer.clone()),
    }
}

fn lists_by_address_only(subject: &dyn Subject) -> bool {
    let declared = subject.capabilities();
    declared.contains(Capability::FilterByEmail)
        && !declared.contains(Capability::ListAll)
        && !declared.contains(Capability::FilterByCustomer)
}

/// All keys that pass `query`, read page by page.
pub(super) async fn read_all(provider: &dyn LicenseProvider, query: ListQuery) -> Checked<Vec<LicenseKey>> {
    Ok(joined(read_pages(provider, query).await?))
}

/// The pages of a listing. A token that comes twice is a failure: the listing would not end.
pub(super) async fn read_pages(
    provider: &dyn LicenseProvider,
    mut query: ListQuery,
) -> Checked<Vec<Page<LicenseKey>>> {
    const MANY: usize = 1_000;
    let mut pages = Vec::new();
    let mut tokens = HashSet::new();
    while pages.len() < MANY {
        let mut page = works(provider.list(query.clone()).await, "one more page")?;
        let next = page.next.take();
        pages.push(page);
        match next {
            None => return Ok(pages),
            Some(token) if !tokens.insert(token.clone()) => return failed("expected: no page token twice"),
            Some(token) => query.page = Some(token),
        }
    }
    failed("expected: the listing of a few keys ends")
}

/// The ids in their order.
pub(super) fn ids(keys: &[LicenseKey]) -> Vec<LicenseKeyId> {
    keys.iter().map(|key| key.id.clone()).collect()
}

/// The keys of all pages.
fn joined(pages: Vec<Page<LicenseKey>>) -> Vec<LicenseKey> {
    pages.into_iter().flat_map(|page| page.items).collect()
}

/// Whether exactly the issued keys were found.
fn holds_each_once(found: &[LicenseKeyId], issued: &[IssuedKey]) -> Checked {
    let mut found = found.to_vec();
    let mut expected: Vec<_> = issued.iter().map(|key| key.id.clone()).collect();
    found.sort();
    expected.sort();
    equal(&found, &expected, "the ids in the listing")
}
