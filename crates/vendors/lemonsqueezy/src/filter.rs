//! The filters of a list, as Lemon Squeezy names them.
//!
//! Lemon Squeezy filters by store, order, product and status, one value each (documentation, 2026). There is no filter
//! for customers, codes or times; the capabilities exclude them before a request gets here.

use anykey_core::adapter::ErrorExt as _;
use anykey_core::{Capability, Error, ErrorKind, ListQuery, Operation, ProductId, Result};

use crate::credential::is_id;
use crate::{NAME, map};

/// The filters of a query that Lemon Squeezy has, one value each.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Filter<'q> {
    /// One of the four stored words; `None` lists every status.
    pub(crate) status: Option<&'static str>,
    /// The product; `None` lists those of every product of the store.
    pub(crate) product: Option<&'q ProductId>,
}

impl<'q> Filter<'q> {
    /// Reads the first value of each filter. The core has checked that there is at most one.
    ///
    /// # Errors
    ///
    /// `Unsupported` for a status that Lemon Squeezy does not store, `InvalidRequest` for a product that is no number.
    pub(crate) fn of(query: &'q ListQuery) -> Result<Self> {
        let word = |status| map::status_word(&map::known_status(status));
        let status = match query.statuses.first() {
            None => None,
            Some(status) => Some(word(status).ok_or_else(|| {
                Error::unsupported(NAME, Capability::FilterByStatus)
                    .with_hint("Lemon Squeezy stores inactive, active, expired and disabled only")
            })?),
        };
        let product = query.products.first();
        if product.is_some_and(|product| !is_id(product.as_str())) {
            let message =
                "the product to filter by is none of Lemon Squeezy's: the id of a product is a number";
            return Err(Error::new(ErrorKind::InvalidRequest, message)
                .with_provider(NAME)
                .with_operation(Operation::List));
        }
        Ok(Self { status, product })
    }
}

#[cfg(test)]
mod tests {
    use anykey_core::LicenseStatus;

    use super::*;

    #[test]
    fn a_status_is_one_of_the_four_words_in_any_spelling() {
        let other = |word: &str| LicenseStatus::Other(word.into());
        for (asked, expected) in [
            (LicenseStatus::Active, Some("active")),
            (LicenseStatus::Inactive, Some("inactive")),
            (other("Expired"), Some("expired")),
            (LicenseStatus::Disabled, Some("disabled")),
            (LicenseStatus::Revoked, None),
            (other("paused"), None),
        ] {
            let query = ListQuery::new().status(asked.clone());
            assert_eq!(Filter::of(&query).ok().and_then(|filter| filter.status), expected, "{asked:?}");
        }
    }

    #[test]
    fn a_product_is_a_number() {
        let query = ListQuery::new().product("pdt_1");
        assert_eq!(Filter::of(&query).unwrap_err().kind(), ErrorKind::InvalidRequest);
        assert!(Filter::of(&ListQuery::new().product("17")).is_ok());
    }
}
