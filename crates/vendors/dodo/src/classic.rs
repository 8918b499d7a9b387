//! The classic calls on license keys, which the OpenAPI file marks as deprecated since 2026; only the import is not.

use anykey_core::adapter::ErrorExt as _;
use anykey_core::{
    Capability, CreateRequest, CustomerId, CustomerRef, Error, KeyCode, LicenseKey, LicenseKeyId,
    LicensePatch, ListQuery, Operation, Page, Result,
};
use anykey_http::{ApiClient, ApiRequest, MappedList};

use crate::answer::{license_key, license_key_of, license_keys, of_another_request, segment, succeed};
use crate::page_cap::PageCap;
use crate::position::{PageAt, Position};
use crate::wire::CreateBody;
use crate::{NAME, map};

/// `/license_keys`. Dodo has deprecated all of it but `POST`.
#[derive(Debug)]
pub(crate) struct Classic<'a> {
    /// The client with the token.
    pub(crate) client: &'a ApiClient,
    /// Whether keys keep the answer's JSON.
    pub(crate) keep_raw: bool,
    /// How many records Dodo was seen to put on a page.
    pub(crate) page_cap: &'a PageCap,
}

impl Classic<'_> {
    /// One page of keys. Dodo reports no total and no next page, so a page that is not full is the last one, unless a
    /// second request shows that it was cut.
    pub(crate) async fn list(&self, query: &ListQuery, at: PageAt) -> Result<Page<LicenseKey>> {
        let mut list = self.read(list_request(query, at)?).await?;
        let mut reached = at;
        if let Some(probe) = PageCap::probe(at, list.records()) {
            let before = list.records();
            let more = self.read(list_request(query, probe)?.completing_a_page()).await?;
            let is_cut = !probe.is_last(more.records());
            add_new(&mut list, more);
            if is_cut {
                self.page_cap.learn(before);
                reached = probe;
            }
        }
        let page = Page::last(list.items).with_unreadable(list.unreadable);
        if reached == at && at.is_last(page.items.len() + page.unreadable.len()) {
            return Ok(page);
        }
        let position = Position::Classic(reached);
        let cap = self.page_cap.get();
        let page = page.with_next(position.turned().token());
        Ok(match position.overlapped(query, &page.items, cap) {
            Some(overlap) => {
                let ahead = overlap.ahead(query, &page.items, cap);
                page.with_ahead(ahead).with_overlap(overlap.token())
            }
            None => {
                let ahead = position.turned().ahead(query, &page.items, cap);
                page.with_ahead(ahead)
            }
        })
    }

    /// One page as Dodo returns it.
    async fn read(&self, request: ApiRequest) -> Result<MappedList<LicenseKey>> {
        let response = succeed(self.client.send(request).await?, &[])?;
        license_keys(&response, self.keep_raw)
    }

    /// The key with this id.
    pub(crate) async fn get(&self, id: &LicenseKeyId) -> Result<LicenseKey> {
        let segment = segment("license key id", id.as_str(), Operation::Get)?;
        let request = ApiRequest::get(Operation::Get).path(&["license_keys"]).segment(segment);
        license_key_of(&succeed(self.client.send(request).await?, &[])?, id, self.keep_raw)
    }

    /// Imports a key. It is sent once: a repetition would be refused because the code exists.
    ///
    /// # Errors
    ///
    /// `Unsupported` without a code or a customer, `Conflict` if the code exists.
    pub(crate) async fn create(&self, request: &CreateRequest) -> Result<LicenseKey> {
        let (code, customer) = imported(request)?;
        let body = CreateBody {
            key: code.expose(),
            customer_id: customer.as_str(),
            product_id: request.product.as_str(),
            activations_limit: map::new_limit(request.activation_limit)?,
            expires_at: map::new_expiry(request.expiry)?,
        };
        let call = ApiRequest::post(Operation::Create).path(&["license_keys"]).json(&body);
        let response = succeed(self.client.send(call).await?, &[code.expose()])?;
        let key = license_key(&response, self.keep_raw)?;
        if key.code == *code { Ok(key) } else { Err(of_another_request(&response)) }
    }

    /// Changes a key. It can be repeated, since it sets values and counts nothing.
    pub(crate) async fn update(&self, id: &LicenseKeyId, patch: &LicensePatch) -> Result<LicenseKey> {
        let body = map::patch(patch)?;
        let request = ApiRequest::patch(Operation::Update)
            .path(&["license_keys"])
            .segment(segment("license key id", id.as_str(), Operation::Update)?)
            .json(&body)
            .repeatable();
        license_key_of(&succeed(self.client.send(request).await?, &[])?, id, self.keep_raw)
    }

    /// Asks for one key of the list, on behalf of `operation`, to learn whether the list is served.
    pub(crate) async fn probe(&self, operation: Operation) -> Result<()> {
        let request = ApiRequest::get(operation).path(&["license_keys"]).query("page_size", 1);
        succeed(self.client.send(request).await?, &[]).map(drop)
    }
}

/// Adds to a page the records of an overlapping one that are not on it.
pub(crate) fn add_new(list: &mut MappedList<LicenseKey>, more: MappedList<LicenseKey>) {
    let before = list.records();
    for key in more.items {
        if list.items.iter().all(|known| known.id != key.id) {
            list.items.push(key);
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

/// The code and the customer, which every key that is created at Dodo has to have.
///
/// # Errors
///
/// `Unsupported` when one of them is left to Dodo.
pub(crate) fn imported(request: &CreateRequest) -> Result<(&KeyCode, &CustomerId)> {
    let named = request.code.as_ref().zip(request.customer.as_ref());
    named.ok_or_else(|| Error::unsupported(NAME, Capability::MintCode))
}

/// The request for a page. Each filter takes one value; the times are inclusive.
///
/// # Errors
///
/// `Unsupported` for a status or a source that Dodo has no word for.
fn list_request(query: &ListQuery, at: PageAt) -> Result<ApiRequest> {
    let mut request = ApiRequest::get(Operation::List)
        .path(&["license_keys"])
        .query("page_size", at.size)
        .query("page_number", at.number);
    if let Some(customer) = query.customer.as_ref().and_then(CustomerRef::id) {
        request = request.query("customer_id", customer);
    }
    if let Some(product) = query.products.first() {
        request = request.query("product_id", product);
    }
    if let Some(status) = query.statuses.first() {
        let word = map::status_word(&map::known_status(status)).ok_or_else(|| {
            Error::unsupported(NAME, Capability::FilterByStatus)
                .with_hint("Dodo stores active, expired and disabled only")
        })?;
        request = request.query("status", word);
    }
    if let Some(source) = &query.source {
        let word = map::source_word(source).ok_or_else(|| {
            Error::unsupported(NAME, Capability::FilterBySource)
                .with_hint("Dodo's sources are auto, import and manual")
        })?;
        request = request.query("source", word);
    }
    if let Some(from) = query.created_from {
        request = request.query("created_at_gte", from);
    }
    if let Some(until) = query.created_until {
        request = request.query("created_at_lte", until);
    }
    Ok(request)
}
