use jiff::Timestamp;

use crate::{CustomerRef, KeySource, LicenseStatus, PageToken, ProductId};

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
    /// How many of the pages that follow the answer is to name in [`Page::ahead`](crate::Page::ahead); 0, the
    /// default, asks for none. Clamped to [`MAX_PAGES_AHEAD`](Self::MAX_PAGES_AHEAD). It changes nothing of
    /// what the vendor is asked for, and a provider may name fewer or none.
    pub pages_ahead: usize,
    /// Whether pages should overlap even where the vendor's listing only grows, which is set for a further reading
    /// of a listing that came out short. It changes nothing of the records.
    pub overlapping: bool,
    /// Only this customer's keys; `None` for everybody's, which needs
    /// [`Capability::ListAll`](crate::Capability::ListAll).
    pub customer: Option<CustomerRef>,
    /// Only keys of one of these products; empty for any. More than one needs
    /// [`Capability::FilterByMany`](crate::Capability::FilterByMany).
    pub products: Vec<ProductId>,
    /// Only keys whose *stored* status is one of these; empty for any. More than one needs
    /// [`Capability::FilterByMany`](crate::Capability::FilterByMany).
    pub statuses: Vec<LicenseStatus>,
    /// Only keys that came to be in this way.
    pub source: Option<KeySource>,
    /// Only keys created at this instant or later.
    pub created_from: Option<Timestamp>,
    /// Only keys created at this instant or earlier.
    pub created_until: Option<Timestamp>,
}

impl ListQuery {
    /// The most pages that an answer names ahead.
    pub const MAX_PAGES_AHEAD: usize = 16;

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

    /// Has the answer name `pages` of the pages that follow it.
    /// [`Keys::prefetch`](crate::Keys::prefetch) does it.
    #[must_use]
    pub fn pages_ahead(mut self, pages: usize) -> Self {
        self.pages_ahead = pages;
        self
    }

    /// Only the keys of `customer`: an id of the vendor's, an [`EmailAddress`](crate::EmailAddress) or an
    /// [`ExternalCustomerId`](crate::ExternalCustomerId).
    #[must_use]
    pub fn customer(mut self, customer: impl Into<CustomerRef>) -> Self {
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
}
