use jiff::Timestamp;

use crate::{Capabilities, Capability, CustomerId, KeySource, LicenseStatus, PageToken, ProductId, Result};

/// Which keys to list, and from where.
///
/// Filters narrow together: a key has to pass all of them. A filter that the vendor cannot honour is an
/// error, never ignored.
///
/// ```
/// use anykey_core::{LicenseStatus, ListQuery};
///
/// let query = ListQuery::new().product("pdt_1").status(LicenseStatus::Active).page_size(50);
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct ListQuery {
    /// Where to go on; `None` starts at the first page.
    pub page: Option<PageToken>,
    /// How many keys a page may hold; `None` is the vendor's maximum. Clamped to 1 ..= the vendor's
    /// maximum (100 at Dodo and Polar). A page token keeps the size that it was made with.
    pub page_size: Option<u32>,
    /// Only this customer's keys.
    pub customer: Option<CustomerId>,
    /// Only keys of one of these products; empty for any. More than one needs
    /// [`Capability::FilterByMany`].
    pub products: Vec<ProductId>,
    /// Only keys whose *stored* status is one of these; empty for any. More than one needs
    /// [`Capability::FilterByMany`].
    pub statuses: Vec<LicenseStatus>,
    /// Only keys that came to be in this way.
    pub source: Option<KeySource>,
    /// Only keys created at this instant or later.
    pub created_from: Option<Timestamp>,
    /// Only keys created at this instant or earlier.
    pub created_until: Option<Timestamp>,
}

impl ListQuery {
    /// All keys from the first page on.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Goes on at `token`.
    #[must_use]
    pub fn page(mut self, token: PageToken) -> Self {
        self.page = Some(token);
        self
    }

    /// Asks for `size` keys a page.
    #[must_use]
    pub fn page_size(mut self, size: u32) -> Self {
        self.page_size = Some(size);
        self
    }

    /// Only the keys of `customer`.
    #[must_use]
    pub fn customer(mut self, customer: impl Into<CustomerId>) -> Self {
        self.customer = Some(customer.into());
        self
    }

    /// Only keys of `product`; called again, of any of the products.
    #[must_use]
    pub fn product(mut self, product: impl Into<ProductId>) -> Self {
        self.products.push(product.into());
        self
    }

    /// Only keys with the stored status `status`; called again, with any of them.
    #[must_use]
    pub fn status(mut self, status: LicenseStatus) -> Self {
        self.statuses.push(status);
        self
    }

    /// Only keys that came to be by `source`.
    #[must_use]
    pub fn source(mut self, source: KeySource) -> Self {
        self.source = Some(source);
        self
    }

    /// Only keys created at `instant` or later.
    #[must_use]
    pub fn created_from(mut self, instant: Timestamp) -> Self {
        self.created_from = Some(instant);
        self
    }

    /// Only keys created at `instant` or earlier.
    #[must_use]
    pub fn created_until(mut self, instant: Timestamp) -> Self {
        self.created_until = Some(instant);
        self
    }

    /// The page size to send to a vendor that allows at most `max`.
    #[must_use]
    pub fn clamped_page_size(&self, max: u32) -> u32 {
        self.page_size.unwrap_or(max).clamp(1, max.max(1))
    }

    /// Refuses what `capabilities` cannot honour. Providers call it before they send anything.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Unsupported`](crate::ErrorKind::Unsupported), naming the filter.
    pub fn require(&self, provider: &str, capabilities: Capabilities) -> Result<()> {
        capabilities.require_wanted(
            provider,
            [
                (true, Capability::List),
                (self.customer.is_some(), Capability::FilterByCustomer),
                (!self.products.is_empty(), Capability::FilterByProduct),
                (!self.statuses.is_empty(), Capability::FilterByStatus),
                (self.products.len() > 1 || self.statuses.len() > 1, Capability::FilterByMany),
                (self.source.is_some(), Capability::FilterBySource),
                (self.created_from.is_some() || self.created_until.is_some(), Capability::FilterByCreation),
            ],
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ErrorKind;

    #[test]
    fn a_page_size_is_clamped_into_what_the_vendor_allows() {
        let clamped = |size| ListQuery { page_size: size, ..ListQuery::new() }.clamped_page_size(100);
        assert_eq!([None, Some(0), Some(7), Some(101)].map(clamped), [100, 1, 7, 100]);
    }

    #[test]
    fn a_filter_that_cannot_be_honoured_is_named() {
        let only_list = Capabilities::of(&[Capability::List]);
        let error = ListQuery::new().customer("c").require("acme", only_list).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unsupported);
        assert_eq!(error.capability(), Some(Capability::FilterByCustomer));
        assert_eq!(ListQuery::new().require("acme", only_list).map_err(|e| e.to_string()), Ok(()));
    }
}
