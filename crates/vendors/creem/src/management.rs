//! The calls of the seller: a customer's licenses and a license's instances.
//!
//! There is no list of all licenses and no read of one (specification, 2026).

use anykey_core::adapter::{ErrorExt as _, NumberedPage, customers_in_turn};
use anykey_core::{
    Activation, Capability, CustomerId, CustomerRef, EmailAddress, Error, ErrorKind, LicenseKey,
    LicenseKeyId, ListQuery, Operation, Page, Result,
};
use anykey_http::{ApiClient, ApiRequest, ApiResponse, MappedList};

use crate::answer::{self, segment, succeed};
use crate::instances::{Instance, InstanceState};
use crate::wire::{CustomerBody, InstanceList};
use crate::{NAME, position};

/// A list of activations with more pages is an error, because it may never end.
const MAX_PAGES: u64 = 10_000;

/// The lists: a customer's licenses and a license's instances.
#[derive(Clone, Debug)]
pub(crate) struct Management {
    /// The client with the API key.
    pub(crate) client: ApiClient,
    /// Whether keys keep the answer's JSON.
    pub(crate) keep_raw: bool,
}

impl Management {
    /// One page of a customer's keys; by an e-mail address, of the customer who has it.
    pub(crate) async fn list(&self, query: &ListQuery) -> Result<Page<LicenseKey>> {
        let Some(CustomerRef::Email(address)) = &query.customer else { return self.list_by_id(query).await };
        let listed = |query| async move { self.list_by_id(&query).await };
        customers_in_turn(NAME, query, self.customer(address), listed).await
    }

    /// The customer with `address`, if there is one. An address is unique at Creem (documentation, 2026), and
    /// the answer to one that nobody has is not documented: 404, as for an unknown id.
    async fn customer(&self, address: &EmailAddress) -> Result<Vec<CustomerId>> {
        let call = ApiRequest::get(Operation::List)
            .path(&["v1", "customers"])
            .secret_query("email", address.expose())
            .completing_a_page();
        let response = match succeed(self.client.send(call).await?, &[address.expose()]) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            response => response?,
        };
        let body: CustomerBody = response.json()?;
        if body.email.eq_ignore_ascii_case(address.expose()) {
            Ok(vec![body.id])
        } else {
            Err(answer::of_another_request(&response))
        }
    }

    /// One page of a customer's keys, each with the customer of the query, whom the answer does not name.
    ///
    /// # Errors
    ///
    /// `Unsupported` without a customer, and `Decode` if the page does not say whether it is the last.
    async fn list_by_id(&self, query: &ListQuery) -> Result<Page<LicenseKey>> {
        let missing = || Error::unsupported(NAME, Capability::ListAll);
        let customer = query.customer.as_ref().and_then(CustomerRef::id).ok_or_else(missing)?;
        let at = position::FIRST.for_query(query)?;
        let call = ApiRequest::get(Operation::List)
            .path(&["v1", "customers"])
            .segment(segment("customer id", customer.as_str(), Operation::List)?)
            .path(&["licenses"])
            .query("page_number", at.number())
            .query("page_size", at.size());
        let response = succeed(self.client.send(call).await?, &[])?;
        let (list, pagination) = answer::licenses(&response, self.keep_raw)?;
        let records = list.records();
        let MappedList { items: mut keys, unreadable } = list;
        for key in &mut keys {
            key.customer = Some(customer.clone());
        }
        let next = pagination.next(at.number()).ok_or_else(|| unknown_end(&response))?;
        let total = pagination.total_records.value();
        let page = |keys| Page::last(keys).with_unreadable(unreadable).with_total(total);
        let Some(next) = next else { return Ok(page(keys)) };
        // Licenses are not removed, so no key moves to an earlier page unless the caller says that one may.
        // A page that is shorter than it was asked for is one of another size.
        let may_overlap = query.overlapping && u32::try_from(records) == Ok(at.size());
        let overlap = may_overlap.then(|| at.overlap(query, &keys)).flatten();
        let ahead = match overlap {
            Some(first) => first.overlaps_ahead(query, &keys, total),
            None => {
                let last = pagination.total_pages.value().unwrap_or(next).max(next);
                at.at(next).pages_ahead(query, last)
            }
        };
        Ok(page(keys)
            .with_next(at.at(next).token())
            .with_overlap(overlap.map(NumberedPage::token))
            .with_ahead(ahead))
    }

    /// The active instances of the license `id`, oldest first. Instances with an unknown status are included, since
    /// they may take a seat.
    pub(crate) async fn activations(&self, id: &LicenseKeyId) -> Result<Vec<Activation>> {
        let mut activations: Vec<Activation> = Vec::new();
        let mut at = position::FIRST;
        for _ in 0..MAX_PAGES {
            let call = ApiRequest::get(Operation::Activations)
                .path(&["v1", "licenses"])
                .segment(segment("license key id", id.as_str(), Operation::Activations)?)
                .path(&["instances"])
                .query("page_number", at.number())
                .query("page_size", at.size());
            let response = succeed(self.client.send(call).await?, &[])?;
            let InstanceList { items, pagination } = response.json()?;
            for body in items {
                let (state, mut activation) = Instance::listed(body).ok_or_else(|| {
                    response.error(ErrorKind::Decode, "an activation of the list has no id")
                })?;
                let is_known = activations.iter().any(|known| known.id == activation.id);
                if state != InstanceState::Deactivated && !is_known {
                    activation.key_id = Some(id.clone());
                    activations.push(activation);
                }
            }
            let Some(next) = pagination.next(at.number()).ok_or_else(|| unknown_end(&response))? else {
                activations.sort_by_key(|activation| activation.created_at);
                return Ok(activations);
            };
            at = at.at(next);
        }
        Err(Error::new(ErrorKind::Decode, "the list of activations does not end")
            .with_provider(NAME)
            .with_operation(Operation::Activations))
    }
}

/// The error for a page without a position. To stop there would return an incomplete list without notice.
fn unknown_end(response: &ApiResponse) -> Error {
    response.error(ErrorKind::Decode, "the list does not say whether it goes on")
}
