//! The filters of a list, as Gumroad names them.
//!
//! Gumroad filters sales by product, day, e-mail address and order (server code, 2026). A customer of the model is an
//! account's id, for which there is no filter.

use anykey_core::adapter::ErrorExt as _;
use anykey_core::{
    CustomerRef, EmailAddress, Error, ErrorKind, LicenseKey, ListQuery, Operation, ProductId, Result,
    SignedDuration, Timestamp,
};

use crate::NAME;
use crate::credential::is_id;

/// Time zones differ from UTC by less than a day.
const DAY: SignedDuration = SignedDuration::from_hours(24);

/// The filters of a query.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Filter<'q> {
    /// The product; `None` lists those of every product.
    pub(crate) product: Option<&'q ProductId>,
    /// The address that was given at the purchase.
    pub(crate) email: Option<&'q EmailAddress>,
    /// The earliest time of creation.
    from: Option<Timestamp>,
    /// The latest time of creation.
    until: Option<Timestamp>,
}

impl<'q> Filter<'q> {
    /// The filters of a query.
    ///
    /// # Errors
    ///
    /// `InvalidRequest` for a product whose id is none of Gumroad's.
    pub(crate) fn of(query: &'q ListQuery) -> Result<Self> {
        let product = query.products.first();
        if product.is_some_and(|product| !is_id(product.as_str())) {
            let message = "the product to filter by is none of Gumroad's: the id of a product ends in `==`";
            return Err(Error::new(ErrorKind::InvalidRequest, message)
                .with_provider(NAME)
                .with_operation(Operation::List));
        }
        let email = match &query.customer {
            Some(CustomerRef::Email(address)) => Some(address),
            _ => None,
        };
        Ok(Self { product, email, from: query.created_from, until: query.created_until })
    }

    /// The first day of the range, inclusive. Gumroad knows days only, and not in which time zone, so that it is asked
    /// for a day more at each end and [`passes`](Self::passes) decides.
    pub(crate) fn after(&self) -> Option<String> {
        self.from.map(|from| day(from.checked_sub(DAY).unwrap_or(from)))
    }

    /// The day after the range, exclusive. Two days are added: one for the time zone, and one because the server
    /// excludes the day that is named.
    pub(crate) fn before(&self) -> Option<String> {
        self.until.map(|until| day(until.checked_add(DAY * 2).unwrap_or(until)))
    }

    /// Whether a key was created in the range, both ends included. One that does not say when it was is left out.
    pub(crate) fn passes(&self, key: &LicenseKey) -> bool {
        let is_after = |from| key.created_at.is_some_and(|at| at >= from);
        let is_before = |until| key.created_at.is_some_and(|at| at <= until);
        self.from.is_none_or(is_after) && self.until.is_none_or(is_before)
    }
}

/// The day of an instant in UTC, as `YYYY-MM-DD`.
fn day(instant: Timestamp) -> String {
    instant.strftime("%Y-%m-%d").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_include_the_range_in_every_time_zone() {
        let from: Timestamp = "2026-11-28T00:30:00Z".parse().unwrap();
        let query = ListQuery::new().created_from(from).created_until(from + SignedDuration::from_hours(1));
        let filter = Filter::of(&query).unwrap();
        assert_eq!(filter.after().as_deref(), Some("2026-11-27"));
        assert_eq!(filter.before().as_deref(), Some("2026-11-30"));
        assert_eq!(Filter::of(&ListQuery::new()).unwrap().after(), None);
    }

    #[test]
    fn a_product_is_not_a_permalink() {
        let query = ListQuery::new().product("editor-pro");
        assert_eq!(Filter::of(&query).unwrap_err().kind(), ErrorKind::InvalidRequest);
        assert!(Filter::of(&ListQuery::new().product("32-nPAicqbLj8B_WswVlMw==")).is_ok());
    }
}
