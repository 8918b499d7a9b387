//! What a listing is to leave out, in Polar's words: the same in every plane.

use anykey_core::adapter::ErrorExt as _;
use anykey_core::{
    Capability, Error, ErrorKind, LicenseKey, LicenseStatus, ListQuery, Operation, ProductId, Result,
};

use crate::id::{canonical, same};
use crate::{NAME, map};

/// The filters of a query that Polar has.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Filter {
    /// The statuses to let pass; empty lets all pass.
    pub(crate) statuses: Vec<LicenseStatus>,
    /// The benefits to let pass, as Polar writes them; empty lets all pass.
    pub(crate) products: Vec<ProductId>,
}

impl Filter {
    /// The filters of a query. The organization's list filters at the server; the portal's does not, so
    /// [`passes`](Self::passes) decides there.
    ///
    /// # Errors
    ///
    /// `Unsupported` for a status that Polar does not store, `InvalidRequest` for a benefit that is no UUID.
    pub(crate) fn of(query: &ListQuery) -> Result<Self> {
        let statuses = query.statuses.iter().map(stored).collect::<Result<_>>()?;
        let product = |product: &ProductId| canonical(product.as_str()).map(ProductId::new);
        let products = query.products.iter().map(product).collect::<Option<_>>().ok_or_else(|| {
            let message = "the product to filter by is no benefit: the id of a license key benefit is a UUID";
            Error::new(ErrorKind::InvalidRequest, message).with_provider(NAME).with_operation(Operation::List)
        })?;
        Ok(Self { statuses, products })
    }

    /// The words of the statuses.
    pub(crate) fn status_words(&self) -> impl Iterator<Item = &'static str> {
        self.statuses.iter().filter_map(map::status_word)
    }

    /// Whether `key` passes, which the portal does not look at itself.
    pub(crate) fn passes(&self, key: &LicenseKey, organization_id: &str) -> bool {
        let product = key.product.as_ref();
        key.origin.seller.as_deref().is_none_or(|seller| same(seller, organization_id))
            && (self.statuses.is_empty() || self.statuses.contains(&key.status))
            && (self.products.is_empty()
                || product.is_some_and(|product| {
                    self.products.iter().any(|wanted| same(wanted.as_str(), product.as_str()))
                }))
    }
}

/// The stored status of a requested one, which may be one of Polar's own words.
fn stored(status: &LicenseStatus) -> Result<LicenseStatus> {
    let status = match status {
        LicenseStatus::Other(word) => map::status(&word.to_ascii_lowercase()),
        known => known.clone(),
    };
    if map::status_word(&status).is_some() {
        return Ok(status);
    }
    Err(Error::unsupported(NAME, Capability::FilterByStatus).with_hint(
        "Polar stores granted, disabled and revoked only; list the active keys and ask `status_at(now)`",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_of_polars_is_its_status_and_every_other_word_is_refused() {
        let other = |word: &str| LicenseStatus::Other(word.into());
        for (asked, expected) in [
            (LicenseStatus::Active, Some(LicenseStatus::Active)),
            (other("granted"), Some(LicenseStatus::Active)),
            (other("Granted"), Some(LicenseStatus::Active)),
            (other("revoked"), Some(LicenseStatus::Revoked)),
            (other("disabled"), Some(LicenseStatus::Disabled)),
            (other("active"), None),
            (other("paused"), None),
            (other(""), None),
            (LicenseStatus::Expired, None),
            (LicenseStatus::Inactive, None),
        ] {
            assert_eq!(stored(&asked).ok(), expected, "{asked:?}");
        }
    }

    #[test]
    fn every_spelling_of_a_benefit_is_the_one_that_polar_writes() {
        let id = "c891e6e8-fc0b-4c27-adc6-8002e2b10909";
        for spelling in
            ["{c891e6e8-fc0b-4c27-adc6-8002e2b10909}", "urn:uuid:c891e6e8-fc0b-4c27-adc6-8002e2b10909"]
        {
            let filter = Filter::of(&ListQuery::new().product(spelling)).unwrap();
            assert_eq!(filter.products, [ProductId::from(id)], "{spelling}");
        }
        let error = Filter::of(&ListQuery::new().product("pdt_1")).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    }
}
