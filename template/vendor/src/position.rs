//! Where a listing goes on, as page tokens keep it.

use anykey_core::adapter::{ErrorExt as _, PageTokenExt as _, Paging};
use anykey_core::{Error, ErrorKind, LicenseKey, ListQuery, Operation, Page, PageToken, Result};

use crate::NAME;

/// The largest page that Acme makes.
const MAX_PAGE_SIZE: u32 = 100;

/// A page of the list, counted from 0 as the helpers of [`ListQuery`] count. Acme counts from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct PageAt {
    number: u64,
    pub(crate) size: u32,
}

impl PageAt {
    /// The page that `query` asks for.
    ///
    /// # Errors
    ///
    /// `InvalidRequest` for a token of another provider, and for one that is damaged.
    pub(crate) fn of(query: &ListQuery) -> Result<Self> {
        let Some(token) = &query.page else {
            return Ok(Self { number: 0, size: Paging::new(query, MAX_PAGE_SIZE).page_size() });
        };
        match token.as_numbered(NAME)? {
            (number, size) if size <= MAX_PAGE_SIZE && number < u64::MAX => Ok(Self { number, size }),
            _ => Err(Error::new(
                ErrorKind::InvalidRequest,
                "the page token is damaged; start again without it",
            )
            .with_provider(NAME)
            .with_operation(Operation::List)),
        }
    }

    pub(crate) const fn vendors_number(self) -> u64 {
        self.number.saturating_add(1)
    }

    /// The page with what follows it, in a list of `total` licenses.
    pub(crate) fn page(self, keys: Vec<LicenseKey>, total: u64, query: &ListQuery) -> Page<LicenseKey> {
        let Self { number, size } = self;
        let page = Page::last(keys).with_total(total);
        if self.vendors_number().saturating_mul(size.into()) >= total {
            return page;
        }
        let paging = Paging::new(query, MAX_PAGE_SIZE);
        let token = |(number, size)| PageToken::numbered(NAME, number, size);
        let ahead = paging.pages_after(number, size, Some(total)).map(token);
        page.with_next(token((self.vendors_number(), size)))
            .with_overlap(paging.overlap(number, size).map(token))
            .with_ahead(ahead)
    }
}
