//! Which customers an e-mail address stands for.

use anykey_core::adapter::ErrorExt as _;
use anykey_core::{CustomerId, EmailAddress, Error, ErrorKind, Operation, Result};
use anykey_http::{ApiClient, ApiRequest};

use crate::NAME;
use crate::answer::succeed;
use crate::wire::{CustomerBody, Items};

/// Dodo's default, which it surely puts on a page, so that a shorter page is the last one.
const PAGE_SIZE: usize = 10;
/// More pages than these are not of one address.
const MAX_PAGES: u64 = 100;

/// The customers with `address`. Dodo makes a second customer of one address where a checkout asks for it.
///
/// Whether Dodo compares the address as a whole is not documented (July 2026), so it is compared again here.
pub(crate) async fn of_address(client: &ApiClient, address: &EmailAddress) -> Result<Vec<CustomerId>> {
    let mut customers = Vec::new();
    for number in 0..MAX_PAGES {
        let request = ApiRequest::get(Operation::List)
            .path(&["customers"])
            .secret_query("email", address.expose())
            .query("page_size", PAGE_SIZE)
            .query("page_number", number)
            .completing_a_page();
        let response = succeed(client.send(request).await?, &[address.expose()])?;
        let page = response.json::<Items<CustomerBody>>()?.items;
        let is_last = page.len() < PAGE_SIZE;
        let has_address = |customer: &CustomerBody| customer.email.eq_ignore_ascii_case(address.expose());
        customers.extend(page.into_iter().filter(has_address).map(|customer| customer.customer_id));
        if is_last {
            return Ok(customers);
        }
    }
    Err(Error::new(ErrorKind::Decode, "the list of customers with one e-mail address does not end")
        .with_provider(NAME)
        .with_operation(Operation::List))
}
