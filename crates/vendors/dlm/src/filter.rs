//! The filters of a list: those that the server has, and those that are applied to its answer.

use anykey_core::adapter::ErrorExt as _;
use anykey_core::{Capability, CustomerRef, Error, LicenseKey, ListQuery, Operation, Result};
use anykey_http::ApiRequest;

use crate::{NAME, limits, map};

/// The server's filters as parameters. Any other parameter would be an error of its database.
///
/// # Errors
///
/// `InvalidRequest` for an id that is no number, `Unsupported` for a status that is not stored.
pub(crate) fn parameters(call: ApiRequest, query: &ListQuery) -> Result<ApiRequest> {
    let invalid = |error: Error| error.with_provider(NAME).with_operation(Operation::List);
    let mut call = call;
    if let Some(customer) = query.customer.as_ref().and_then(CustomerRef::id) {
        call = call.query("user_id", limits::id("customer", customer.as_str()).map_err(invalid)?);
    }
    for product in &query.products {
        call = call.query("product_id[]", limits::id("product", product.as_str()).map_err(invalid)?);
    }
    for status in &query.statuses {
        let numbers = map::stored_status(status);
        if numbers.is_empty() {
            let error = Error::unsupported(NAME, Capability::FilterByStatus);
            return Err(error.with_hint("the plugin stores active and disabled only; an expiry is a date"));
        }
        for number in numbers {
            call = call.query("status[]", number);
        }
    }
    Ok(call)
}

/// Whether a key passes every filter, those of the server once more.
pub(crate) fn matches(query: &ListQuery, key: &LicenseKey) -> bool {
    let is_created_in = |key: &LicenseKey| {
        let (from, until) = (query.created_from, query.created_until);
        let after = from.is_none_or(|from| key.created_at.is_some_and(|at| at >= from));
        after && until.is_none_or(|until| key.created_at.is_some_and(|at| at <= until))
    };
    let is_one = |product| query.products.contains(product);
    query.customer.as_ref().and_then(CustomerRef::id).cloned().is_none_or_equal(key.customer.as_ref())
        && (query.products.is_empty() || key.product.as_ref().is_some_and(is_one))
        && (query.statuses.is_empty() || query.statuses.contains(&key.status))
        && query.source.is_none_or_equal(key.origin.source.as_ref())
        && is_created_in(key)
}

/// A filter that is absent, or equal to what a key has.
///
/// A key without the value does not pass a filter for one.
trait Wanted<T> {
    fn is_none_or_equal(&self, actual: Option<&T>) -> bool;
}

impl<T: PartialEq> Wanted<T> for Option<T> {
    fn is_none_or_equal(&self, actual: Option<&T>) -> bool {
        self.as_ref().is_none_or(|wanted| actual == Some(wanted))
    }
}
