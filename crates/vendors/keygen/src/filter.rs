//! The filters of a list, as Keygen names them.
//!
//! Keygen has many more filters (server's code, June 2026); these are the ones of the model.

use anykey_core::adapter::ErrorExt as _;
use anykey_core::{Capability, CustomerRef, Error, LicenseKey, LicenseStatus, ListQuery, Result};
use anykey_http::ApiRequest;

use crate::{NAME, map};

/// The filters of a query, one value each.
#[derive(Debug)]
pub(crate) struct Filter<'q> {
    /// The id of the product, sent to the server.
    product: Option<&'q str>,
    /// The id of the user, sent to the server.
    owner: Option<&'q str>,
    /// The status, which is compared here and not sent.
    status: Option<LicenseStatus>,
}

impl<'q> Filter<'q> {
    /// The filters of a query. A word of Keygen's own counts as the status that it maps to.
    ///
    /// # Errors
    ///
    /// `Unsupported` for a status that no key of Keygen has.
    pub(crate) fn of(query: &'q ListQuery) -> Result<Self> {
        let status = match query.statuses.first() {
            Some(LicenseStatus::Other(word)) => Some(map::status(word)),
            known => known.cloned(),
        };
        match status {
            None | Some(LicenseStatus::Active | LicenseStatus::Expired | LicenseStatus::Disabled) => {
                Ok(Self {
                    product: query.products.first().map(|id| id.as_str()),
                    owner: query.customer.as_ref().and_then(CustomerRef::id).map(|id| id.as_str()),
                    status,
                })
            }
            Some(_) => Err(Error::unsupported(NAME, Capability::FilterByStatus)
                .with_hint("keys of Keygen are active, expired or disabled only")),
        }
    }

    /// Adds the filters of the server, except for the status: there a key that changes it while the list is read would
    /// end the list, since a cursor has to pass the filters too. [`keeps`](Self::keeps) decides instead.
    pub(crate) fn on(&self, request: ApiRequest) -> ApiRequest {
        let pairs = [("product", self.product), ("owner", self.owner)];
        pairs.into_iter().fold(request, |request, (name, value)| match value {
            Some(value) => request.query(name, value),
            None => request,
        })
    }

    /// Whether a listed key passes. A key whose status is not known does not pass a filter by status.
    pub(crate) fn keeps(&self, key: &LicenseKey) -> bool {
        self.status.as_ref().is_none_or(|status| key.status == *status)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_is_one_that_keys_have() {
        let other = |word: &str| LicenseStatus::Other(word.into());
        for (asked, expected) in [
            (LicenseStatus::Active, Some(LicenseStatus::Active)),
            (other("EXPIRING"), Some(LicenseStatus::Active)),
            (other("BANNED"), Some(LicenseStatus::Disabled)),
            (LicenseStatus::Expired, Some(LicenseStatus::Expired)),
            (LicenseStatus::Revoked, None),
            (LicenseStatus::Inactive, None),
            (other("paused"), None),
        ] {
            let query = ListQuery::new().status(asked.clone());
            assert_eq!(Filter::of(&query).ok().and_then(|filter| filter.status), expected, "{asked:?}");
        }
    }
}
