//! Lists of grants: of one customer, or of one entitlement after the other.
//!
//! There is no list of all grants (official SDKs, 2026). A listing of all keys therefore goes through the entitlements
//! in the order of their ids, which does not change when one is added.

use std::collections::BTreeSet;
use std::ops::Bound;

use anykey_core::adapter::{ErrorExt as _, Paging};
use anykey_core::{
    Capability, CustomerId, CustomerRef, Error, LicenseKey, LicenseStatus, ListQuery, Operation, Page,
    Result, UnreadableRecord,
};
use anykey_http::{ApiRequest, MappedList};

use super::map::{Granted, listed, status_filter};
use super::wire::EntitlementBody;
use super::{Grants, MAX_PAGES, PendingGrant, endless};
use crate::answer::{segment, succeed_with_grant};
use crate::page_cap::PageCap;
use crate::position::{MAX_PAGE_SIZE, PageAt, Position, damaged};
use crate::wire::Items;
use crate::{NAME, map};

/// How many of Dodo's pages one page of a listing may cost when all the grants on them are filtered out.
const MAX_READS: u32 = 10;

/// Whose grants to read.
#[derive(Clone, Copy, Debug)]
pub(super) enum Scope<'a> {
    /// The grants of this customer, of any entitlement.
    Customer(&'a CustomerId),
    /// The grants of this entitlement, of any customer.
    Entitlement(&'a str),
}

/// One of Dodo's pages of grants.
#[derive(Debug)]
pub(super) struct GrantPage {
    pub(super) keys: Vec<LicenseKey>,
    pub(super) pending: Vec<PendingGrant>,
    pub(super) unreadable: Vec<UnreadableRecord>,
    /// How many grants there are on it, whatever they bring.
    pub(super) grants: usize,
    /// Where the list continues after it.
    pub(super) reached: PageAt,
    pub(super) is_last: bool,
}

impl Grants<'_> {
    /// One page of keys: of the query's customer, or of one entitlement after the other in the order of
    /// their ids, which no change to the list of entitlements disturbs.
    pub(crate) async fn list(&self, query: &ListQuery, begun: Option<Position>) -> Result<Page<LicenseKey>> {
        let statuses = known_statuses(query)?;
        let words = filter_words(&statuses);
        let first = PageAt::first(Paging::new(query, self.page_cap.get()).page_size());
        let customer = query.customer.as_ref().and_then(CustomerRef::id);
        let mut position = match (begun, customer) {
            (None, Some(_)) => Position::OfCustomer(first),
            (None, None) => match self.entitlement_after(None).await? {
                Some(id) => Position::OfEntitlement(id, first),
                None => return Ok(Page::last(Vec::new())),
            },
            (Some(Position::OfEntitlement(id, at)), None) if at.is_past_the_end() => {
                match self.entitlement_after(Some(&id)).await? {
                    Some(id) => Position::OfEntitlement(id, PageAt::first(at.size)),
                    None => return Ok(Page::last(Vec::new())),
                }
            }
            (Some(position), _) => position,
        };
        let mut reads = 1;
        let mut unreadable = Vec::new();
        loop {
            let (scope, at) = match (&position, customer) {
                (Position::OfCustomer(at), Some(customer)) => (Scope::Customer(customer), *at),
                (Position::OfEntitlement(id, at), None) => (Scope::Entitlement(id), *at),
                _ => return Err(damaged()),
            };
            let page = self.page(Operation::List, scope, at, &words).await?;
            if let Position::OfEntitlement(id, at) = &position
                && query.pages_ahead > 0
                && at.number > 0
                && page.grants == 0
            {
                // Most likely asked for ahead, and wasted: what follows is not worth a request yet.
                let end = Position::OfEntitlement(id.clone(), at.past_the_end());
                return Ok(Page::last(Vec::new()).with_next(end.token()));
            }
            let next = match &position {
                _ if !page.is_last => Some(position.at(page.reached).turned()),
                Position::OfEntitlement(id, at) => self
                    .entitlement_after(Some(id))
                    .await?
                    .map(|id| Position::OfEntitlement(id, PageAt::first(at.size))),
                _ => None,
            };
            let keys: Vec<_> = page.keys.into_iter().filter(|key| passes(key, &statuses, query)).collect();
            // What is left out here cannot be recognised on the next page.
            let is_whole = keys.len() + page.unreadable.len() == page.grants && !page.is_last;
            unreadable.extend(page.unreadable);
            let reached = position.at(page.reached);
            let cap = self.page_cap.get();
            match next {
                Some(next) if keys.is_empty() && reads < MAX_READS => position = next,
                next => {
                    let overlap = is_whole.then(|| reached.overlapped(query, &keys, cap)).flatten();
                    let ahead = match &overlap {
                        _ if !is_whole || !words_tell_all(query, &words) => None,
                        Some(overlap) => Some(overlap.ahead(query, &keys, cap)),
                        None => Some(reached.turned().ahead(query, &keys, cap)),
                    };
                    return Ok(Page::last(keys)
                        .with_unreadable(unreadable)
                        .with_next(next.map(|next| next.token()))
                        .with_overlap(overlap.map(|overlap| overlap.token()))
                        .with_ahead(ahead.unwrap_or_default()));
                }
            }
            reads += 1;
        }
    }

    /// Reads one of Dodo's pages and remembers where its keys are. What a page that is not full may have left out is
    /// asked for once.
    pub(super) async fn page(
        &self,
        operation: Operation,
        scope: Scope<'_>,
        at: PageAt,
        filters: &[(&'static str, &str)],
    ) -> Result<GrantPage> {
        let mut list = self.read(page_request(operation, scope, at, filters)?).await?;
        let (mut reached, mut is_last) = (at, at.is_last(list.records()));
        if let Some(probe) = PageCap::probe(at, list.records()) {
            let before = list.records();
            let request = page_request(operation, scope, probe, filters)?;
            let more = self.read(request.completing_a_page()).await?;
            if !probe.is_last(more.records()) {
                self.page_cap.learn(before);
                (reached, is_last) = (probe, false);
            }
            add_new(&mut list, more);
        }
        let mut page = GrantPage {
            keys: Vec::new(),
            pending: Vec::new(),
            grants: list.records(),
            unreadable: list.unreadable,
            reached,
            is_last,
        };
        for (_, grant) in list.items {
            match grant {
                Granted::Key(key) => {
                    self.places.remember(&key.id, &key);
                    page.keys.push(*key);
                }
                Granted::Pending(grant) => page.pending.push(grant),
                Granted::Nothing => {}
            }
        }
        Ok(page)
    }

    /// One page as Dodo returns it, with the id of each grant.
    async fn read(&self, request: ApiRequest) -> Result<MappedList<(Box<str>, Granted)>> {
        let response = succeed_with_grant(self.client.send(request).await?, &[])?;
        listed(&response, self.keep_raw)
    }

    /// The ids of all entitlements that issue license keys.
    pub(super) async fn entitlements(&self, operation: Operation) -> Result<BTreeSet<Box<str>>> {
        let mut ids = BTreeSet::new();
        let mut at = PageAt::first(MAX_PAGE_SIZE);
        while at.number < MAX_PAGES {
            let response = self.client.send(entitlements_request(operation, at)).await?;
            let response = succeed_with_grant(response, &[])?;
            let items = response.json::<Items<EntitlementBody<'_>>>()?.items;
            let probe = PageCap::probe(at, items.len());
            let is_last = probe.is_none() && at.is_last(items.len());
            ids.extend(items.into_iter().filter(EntitlementBody::issues_keys).map(|body| body.id));
            if is_last {
                return Ok(ids);
            }
            at = probe.unwrap_or(at.next());
        }
        Err(endless(operation))
    }

    /// The entitlement after `id` in the order of ids; the first one without an id, `None` after the last one.
    async fn entitlement_after(&self, id: Option<&str>) -> Result<Option<Box<str>>> {
        let ids = self.entitlements(Operation::List).await?;
        let after = id.map_or(Bound::Unbounded, Bound::Excluded);
        Ok(ids.range::<str, _>((after, Bound::Unbounded)).next().cloned())
    }
}

fn page_request(
    operation: Operation,
    scope: Scope<'_>,
    at: PageAt,
    filters: &[(&'static str, &str)],
) -> Result<ApiRequest> {
    let mut request = ApiRequest::get(operation);
    request = match scope {
        Scope::Customer(id) => request
            .path(&["customers"])
            .segment(segment("customer id", id.as_str(), operation)?)
            .path(&["entitlement-grants"])
            .query("integration_type", "license_key"),
        Scope::Entitlement(id) => request
            .path(&["entitlements"])
            .segment(segment("entitlement id", id, operation)?)
            .path(&["grants"]),
    };
    for (name, value) in filters {
        request = request.query(name, value);
    }
    Ok(request.query("page_size", at.size).query("page_number", at.number))
}

/// Adds to a page the records of an overlapping one that are not on it.
fn add_new(list: &mut MappedList<(Box<str>, Granted)>, more: MappedList<(Box<str>, Granted)>) {
    let before = list.records();
    for (id, grant) in more.items {
        if list.items.iter().all(|(known, _)| *known != id) {
            list.items.push((id, grant));
        }
    }
    for mut record in more.unreadable {
        let is_known =
            list.unreadable.iter().any(|known| known.id == record.id && known.cause == record.cause);
        if !is_known {
            record.position += before;
            list.unreadable.push(record);
        }
    }
}

impl EntitlementBody<'_> {
    /// Whether an entitlement delivers license keys; without a type that can be read it may.
    fn issues_keys(&self) -> bool {
        self.integration_type.as_ref().value().is_none_or(|word| &**word == "license_key")
    }
}

/// The request for a page of the entitlements that deliver license keys.
pub(super) fn entitlements_request(operation: Operation, at: PageAt) -> ApiRequest {
    ApiRequest::get(operation)
        .path(&["entitlements"])
        .query("integration_type", "license_key")
        .query("page_size", at.size)
        .query("page_number", at.number)
        .completing_a_page()
}

/// What Dodo itself can filter by; the rest is [looked at](passes) afterwards.
fn filter_words(statuses: &[LicenseStatus]) -> Vec<(&'static str, &'static str)> {
    let word = statuses.first().and_then(status_filter);
    word.map(|word| ("status", word)).into_iter().collect()
}

/// The statuses that are asked for, of which some may be given as Dodo's own words.
///
/// # Errors
///
/// `Unsupported` for one that no granted key can have.
fn known_statuses(query: &ListQuery) -> Result<Vec<LicenseStatus>> {
    let known = |status: &LicenseStatus| match status {
        LicenseStatus::Other(word) if word.eq_ignore_ascii_case("delivered") => Some(LicenseStatus::Active),
        LicenseStatus::Other(word) if word.eq_ignore_ascii_case("revoked") => Some(LicenseStatus::Revoked),
        status => Some(map::known_status(status))
            .filter(|status| !matches!(status, LicenseStatus::Inactive | LicenseStatus::Other(_))),
    };
    query.statuses.iter().map(known).collect::<Option<_>>().ok_or_else(|| {
        Error::unsupported(NAME, Capability::FilterByStatus)
            .with_hint("Dodo's keys are active, expired, disabled or revoked")
    })
}

/// Whether Dodo itself leaves out what the query does not ask for. Where it does not, one page of a listing may
/// cost many of Dodo's, and to ask for several ahead would read the same ones again and again.
fn words_tell_all(query: &ListQuery, words: &[(&str, &str)]) -> bool {
    query.created_from.is_none()
        && query.created_until.is_none()
        && (query.statuses.is_empty() || !words.is_empty())
}

/// Whether `key` is what the query asks for, whatever Dodo's filter let through. A key whose creation is not
/// told passes no limit on it.
fn passes(key: &LicenseKey, statuses: &[LicenseStatus], query: &ListQuery) -> bool {
    let from = |limit| key.created_at.is_some_and(|at| at >= limit);
    let until = |limit| key.created_at.is_some_and(|at| at <= limit);
    let of_another = |customer| key.customer.as_ref().is_some_and(|own| own != customer);
    (statuses.is_empty() || statuses.contains(&key.status))
        && !query.customer.as_ref().and_then(CustomerRef::id).is_some_and(of_another)
        && query.created_from.is_none_or(from)
        && query.created_until.is_none_or(until)
}
