//! A filter returns all keys that pass it, and no other.
//!
//! What a vendor cannot filter by is an error. A filter that is ignored would list keys of other customers.

use anykey_core::adapter::KeyCodeExt as _;
use anykey_core::{
    Capability, CreateRequest, CustomerRef, EmailAddress, Error, ErrorKind, ExternalCustomerId, KeyCode,
    KeySource, LicenseKey, LicenseKeyId, LicenseProvider, LicenseStatus, ListQuery, ProductId,
    SignedDuration, StatusChange,
};

use super::check::{Checked, Stop, altered, ensure, equal, failed, fails, issue, set_status, skip, works};
use super::listing::{ids, issue_in_a_row, read_all, read_pages};
use super::{IssueSpec, IssuedKey, Subject, Which};

/// One key of one customer, two of another, none of an unknown one.
pub(super) async fn the_customer_filter_brings_only_that_customers_keys(subject: &dyn Subject) -> Checked {
    let (first, second) = (IssueSpec::new(), IssueSpec::new().customer(Which::Second));
    let mine = issue(subject, first).await?;
    let others = [issue(subject, second.clone()).await?, issue(subject, second).await?];
    let query = |id: &str| ListQuery::new().customer(id);
    brings(subject, query(mine.customer.as_str()), &[&mine]).await?;
    brings(subject, query(others[0].customer.as_str()), &[&others[0], &others[1]]).await?;
    brings_nothing(subject, query(&altered(mine.customer.as_str()))).await
}

/// The keys of a customer by the address, whatever the page size; an address that nobody has is no error.
pub(super) async fn the_email_filter_brings_only_that_customers_keys(subject: &dyn Subject) -> Checked {
    let (mine, others) = issue_for_two(subject).await?;
    let Some(addresses) = mine.email.clone().zip(others[0].email.clone()) else {
        return failed("expected: an issued key says which address its customer has");
    };
    by_reference(subject, &mine, &others, addresses, EmailAddress::parse("nobody@example.org").ok()).await
}

/// Likewise, by the seller's own id.
pub(super) async fn the_external_id_filter_brings_only_that_customers_keys(subject: &dyn Subject) -> Checked {
    let (mine, others) = issue_for_two(subject).await?;
    let Some(ids) = mine.external_customer.clone().zip(others[0].external_customer.clone()) else {
        return failed("expected: an issued key says which external id its customer has");
    };
    by_reference(subject, &mine, &others, ids, Some(ExternalCustomerId::new("nobody"))).await
}

/// One key of the first customer, two of the second.
async fn issue_for_two(subject: &dyn Subject) -> Result<(IssuedKey, [IssuedKey; 2]), Stop> {
    let mine = issue(subject, IssueSpec::new()).await?;
    let second = IssueSpec::new().customer(Which::Second);
    Ok((mine, [issue(subject, second.clone()).await?, issue(subject, second).await?]))
}

async fn by_reference(
    subject: &dyn Subject,
    mine: &IssuedKey,
    [one, other]: &[IssuedKey; 2],
    (first, second): (impl Into<CustomerRef>, impl Into<CustomerRef>),
    nobody: Option<impl Into<CustomerRef>>,
) -> Checked {
    let query = |customer: CustomerRef| ListQuery::new().customer(customer);
    brings(subject, query(first.into()), &[mine]).await?;
    let second = query(second.into());
    brings(subject, second.clone(), &[one, other]).await?;
    brings(subject, second.page_size(1), &[one, other]).await?;
    match nobody {
        Some(nobody) => brings(subject, query(nobody.into()), &[]).await,
        None => failed("an address"),
    }
}

/// One key of one product, two of another, none of an unknown one.
pub(super) async fn the_product_filter_brings_only_that_products_keys(subject: &dyn Subject) -> Checked {
    let (first, second) = (IssueSpec::new(), IssueSpec::new().product(Which::Second));
    let one = issue(subject, first).await?;
    let others = [issue(subject, second.clone()).await?, issue(subject, second).await?];
    let query = |id: &str| ListQuery::new().product(id);
    brings(subject, query(one.product.as_str()), &[&one]).await?;
    brings(subject, query(others[0].product.as_str()), &[&others[0], &others[1]]).await?;
    brings_nothing(subject, query(&altered(one.product.as_str()))).await
}

/// For every status the filtered list has exactly the keys that show it in the unfiltered one.
pub(super) async fn the_status_filter_brings_only_keys_of_that_status(subject: &dyn Subject) -> Checked {
    issue_with_every_status(subject).await?;
    let provider = subject.provider();
    let all = read_all(&*provider, ListQuery::new()).await?;
    ensure(all.iter().any(|key| key.status == LicenseStatus::Disabled), "a disabled key in the listing")?;
    for status in STATUSES {
        let query = ListQuery::new().status(status.clone());
        let must_work = subject.rules().filters_every_status && all.iter().any(|key| key.status == status);
        relates(subject, query, must_work, &all, |key| key.status == status).await?;
    }
    Ok(())
}

/// For every source likewise, with an imported key where the provider can create one.
pub(super) async fn the_source_filter_brings_only_keys_of_that_source(subject: &dyn Subject) -> Checked {
    let issued = issue_in_a_row(subject, 2).await?;
    let provider = subject.provider();
    if let (true, [bought, ..]) = (subject.capabilities().contains(Capability::Create), issued.as_slice()) {
        let code = KeyCode::verbatim("IMPORTED-FOR-THE-SOURCE-FILTER");
        let request = CreateRequest::new(code, bought.customer.clone(), bought.product.clone());
        works(provider.create(request).await, "creating a key")?;
    }
    let all = read_all(&*provider, ListQuery::new()).await?;
    ensure(all.iter().all(|key| key.origin.source.is_some()), "every listed key has a source")?;
    for source in [KeySource::Purchase, KeySource::Import, KeySource::Manual] {
        let query = ListQuery::new().source(source.clone());
        let must_work = all.iter().any(|key| key.origin.source.as_ref() == Some(&source));
        relates(subject, query, must_work, &all, |key| key.origin.source.as_ref() == Some(&source)).await?;
    }
    Ok(())
}

/// Of three keys an hour apart, the one at the limit is always included.
pub(super) async fn the_creation_filter_includes_both_ends(subject: &dyn Subject) -> Checked {
    let mut issued = Vec::new();
    for _ in 0..3 {
        issued.push(issue(subject, IssueSpec::new()).await?);
        subject.clock().advance(SignedDuration::from_hours(1));
    }
    let all = read_all(&*subject.provider(), ListQuery::new()).await?;
    let created = |issued: &IssuedKey| all.iter().find(|key| key.id == issued.id)?.created_at;
    let [first, middle, last] = issued.as_slice() else { return failed("three keys were issued") };
    let Some(at) = created(middle) else {
        return failed("expected: a listed key has the time of its creation");
    };
    let query = ListQuery::new;
    brings(subject, query().created_from(at), &[middle, last]).await?;
    brings(subject, query().created_until(at), &[first, middle]).await?;
    brings(subject, query().created_from(at).created_until(at), &[middle]).await?;
    brings_nothing(subject, query().created_from(at + SignedDuration::from_hours(10))).await
}

/// Values of one filter widen it.
pub(super) async fn several_values_of_a_filter_bring_the_keys_of_any(subject: &dyn Subject) -> Checked {
    let provider = subject.provider();
    let declared = subject.capabilities();
    let mut shown = false;
    issue_with_every_status(subject).await?;
    let one = issue(subject, IssueSpec::new()).await?;
    let other = issue(subject, IssueSpec::new().product(Which::Second)).await?;
    let all = read_all(&*provider, ListQuery::new()).await?;
    if declared.contains(Capability::FilterByProduct) {
        let products: [&ProductId; 2] = [&one.product, &other.product];
        let query = ListQuery::new().product(one.product.clone()).product(other.product.clone());
        relates(subject, query, true, &all, |key| products.map(Some).contains(&key.product.as_ref())).await?;
        shown = true;
    }
    if declared.contains(Capability::FilterByStatus) {
        let wanted = [LicenseStatus::Disabled, LicenseStatus::Active];
        let query = ListQuery::new().status(wanted[0].clone()).status(wanted[1].clone());
        relates(subject, query, true, &all, |key| wanted.contains(&key.status)).await?;
        shown = true;
    }
    if shown { Ok(()) } else { skip("filter that takes several values") }
}

/// Different filters narrow each other.
pub(super) async fn filters_narrow_together(subject: &dyn Subject) -> Checked {
    let (first, second) = (IssueSpec::new(), IssueSpec::new().product(Which::Second));
    let both = issue(subject, second.clone()).await?;
    let product_only = issue(subject, second).await?;
    let status_only = issue(subject, first).await?;
    for key in [&both, &status_only] {
        set_status(subject, &key.id, StatusChange::Disable).await?;
    }
    let query = ListQuery::new().product(product_only.product).status(LicenseStatus::Disabled);
    brings(subject, query, &[&both]).await
}

/// The filter is part of each request, not only of the first; a total counts what passes it.
pub(super) async fn a_filter_holds_on_every_page(subject: &dyn Subject) -> Checked {
    let mut wanted = Vec::new();
    for _ in 0..3 {
        issue(subject, IssueSpec::new()).await?;
        wanted.push(issue(subject, IssueSpec::new().product(Which::Second)).await?);
        subject.clock().advance(SignedDuration::from_secs(1));
    }
    let Some(product) = wanted.first().map(|key| key.product.clone()) else { return Ok(()) };
    let query = ListQuery::new().product(product);
    for size in [1, 2] {
        brings(subject, query.clone().page_size(size), &wanted.iter().collect::<Vec<_>>()).await?;
    }
    let provider = subject.provider();
    for page in read_pages(&*provider, query.page_size(2)).await? {
        ensure(page.total.is_none_or(|total| total == 3), "a total that counts what passes the filter")?;
    }
    Ok(())
}

/// Every status that a filter may ask for.
const STATUSES: [LicenseStatus; 5] = [
    LicenseStatus::Active,
    LicenseStatus::Inactive,
    LicenseStatus::Expired,
    LicenseStatus::Disabled,
    LicenseStatus::Revoked,
];

/// Keys of as many statuses as the vendor has; without revoked ones where it has none.
async fn issue_with_every_status(subject: &dyn Subject) -> Checked {
    let soon = subject.clock().now() + SignedDuration::from_hours(1);
    issue(subject, IssueSpec::new()).await?;
    issue(subject, IssueSpec::new().expires_at(soon)).await?;
    let disabled = issue(subject, IssueSpec::new()).await?;
    set_status(subject, &disabled.id, StatusChange::Disable).await?;
    let revoked = issue(subject, IssueSpec::new()).await?;
    match set_status(subject, &revoked.id, StatusChange::Revoke).await {
        Ok(()) | Err(Stop::Skipped(_)) => {}
        failure @ Err(Stop::Failed(_)) => return failure,
    }
    subject.clock().set(soon);
    Ok(())
}

/// Fails unless the listing has exactly these keys.
async fn brings(subject: &dyn Subject, query: ListQuery, expected: &[&IssuedKey]) -> Checked {
    let found = read_all(&*subject.provider(), query.clone()).await?;
    same_ids(ids(&found), expected.iter().map(|key| key.id.clone()).collect(), &query)
}

/// For a value that no key has: nothing, or an error that the vendor does not know the value.
async fn brings_nothing(subject: &dyn Subject, query: ListQuery) -> Checked {
    match subject.provider().list(query.clone()).await {
        Ok(page) => same_ids(ids(&page.items), Vec::new(), &query),
        failure => fails(failure, &[ErrorKind::InvalidRequest, ErrorKind::NotFound], &format!("{query:?}")),
    }
}

/// The filtered listing holds those of `all` that pass; a value that no key has may also be unsupported.
async fn relates(
    subject: &dyn Subject,
    query: ListQuery,
    must_work: bool,
    all: &[LicenseKey],
    passes: impl Fn(&LicenseKey) -> bool,
) -> Checked {
    if !must_work && let Some(error) = failure(subject, query.clone()).await {
        return equal(&error.kind(), &ErrorKind::Unsupported, &format!("the failure of {query:?}"));
    }
    let found = read_all(&*subject.provider(), query.clone()).await?;
    let expected = all.iter().filter(|key| passes(key)).map(|key| key.id.clone()).collect();
    same_ids(ids(&found), expected, &query)
}

/// The first failure of the listing's pages. In a listing over several vendors it may come after some pages.
async fn failure(subject: &dyn Subject, mut query: ListQuery) -> Option<Error> {
    const MANY: usize = 1_000;
    for _ in 0..MANY {
        match subject.provider().list(query.clone()).await {
            Ok(page) => query.page = Some(page.next?),
            Err(error) => return Some(error),
        }
    }
    None
}

fn same_ids(mut found: Vec<LicenseKeyId>, mut expected: Vec<LicenseKeyId>, query: &ListQuery) -> Checked {
    found.sort();
    expected.sort();
    equal(&found, &expected, &format!("the ids listed by {query:?}"))
}
