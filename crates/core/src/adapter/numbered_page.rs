use super::{PageTokenExt as _, Paging};
use crate::page::damaged_token;
use crate::{LicenseKey, ListQuery, Page, PageToken, Result};

/// A page of a list at a vendor that counts pages from 1 and lets the client choose their size. Page tokens store it.
///
/// [`Paging`] chooses the pages that overlap; a vendor that counts from 0 uses it directly.
///
/// ```
/// use anykey_core::ListQuery;
/// use anykey_core::adapter::NumberedPage;
///
/// const FIRST: NumberedPage = NumberedPage::first("acme", 100);
///
/// let page = FIRST.for_query(&ListQuery::new().page_size(20))?;
/// assert_eq!((page.number(), page.size()), (1, 20));
/// let following = ListQuery::new().page(page.next().token());
/// assert_eq!(FIRST.for_query(&following)?, page.next());
/// # Ok::<_, anykey_core::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NumberedPage {
    provider: &'static str,
    max: u32,
    number: u64,
    size: u32,
}

impl NumberedPage {
    /// The first page of the largest size, `max` records, at the vendor `provider`.
    #[must_use]
    pub const fn first(provider: &'static str, max: u32) -> Self {
        Self { provider, max, number: 1, size: max }
    }

    /// The page at which `query` starts or continues, of the same vendor.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidRequest`](crate::ErrorKind::InvalidRequest) for a token of another provider and for a
    /// damaged one.
    pub fn for_query(self, query: &ListQuery) -> Result<Self> {
        let Some(token) = &query.page else {
            return Ok(Self { number: 1, size: self.paging(query).page_size(), ..self });
        };
        match token.as_numbered(self.provider)? {
            (number @ 1.., size) if size <= self.max => Ok(Self { number, size, ..self }),
            _ => Err(damaged_token(self.provider)),
        }
    }

    /// The number, counted from 1.
    #[must_use]
    pub const fn number(self) -> u64 {
        self.number
    }

    /// How many records the vendor is asked for.
    #[must_use]
    pub const fn size(self) -> u32 {
        self.size
    }

    /// The page of the same size with this number.
    #[must_use]
    pub const fn at(self, number: u64) -> Self {
        Self { number, ..self }
    }

    /// The page of the same size after this one.
    #[must_use]
    pub const fn next(self) -> Self {
        self.at(self.number.saturating_add(1))
    }

    /// The token with which a query continues at this page.
    #[must_use]
    pub fn token(self) -> PageToken {
        PageToken::numbered(self.provider, self.number, self.size)
    }

    /// For [`Page::overlap`]: the page that continues after this one of `keys` and overlaps it, as
    /// [`Paging::overlap_of_ties`].
    #[must_use]
    pub fn overlap(self, query: &ListQuery, keys: &[LicenseKey]) -> Option<Self> {
        let overlap = self.paging(query).overlap_of_ties(keys, self.index()?, self.size)?;
        self.at_index(overlap)
    }

    /// For [`Page::ahead`]: this page and those after it, each of which overlaps the previous one,
    /// after a page of `keys`. None follows a page that reaches the `total`; `None` where the vendor reports none.
    #[must_use]
    pub fn overlaps_ahead(
        self,
        query: &ListQuery,
        keys: &[LicenseKey],
        total: Option<u64>,
    ) -> Vec<PageToken> {
        let Some(index) = self.index() else { return Vec::new() };
        let following = self.paging(query).pages_from((index, self.size), keys, total);
        following.map_while(|page| self.at_index(page).map(Self::token)).collect()
    }

    /// For [`Page::ahead`]: this page and those of the same size after it, up to page `last`.
    #[must_use]
    pub fn pages_ahead(self, query: &ListQuery, last: u64) -> Vec<PageToken> {
        let numbers = (self.number..=last).take(self.paging(query).pages_ahead());
        numbers.map(|number| self.at(number).token()).collect()
    }

    /// The page of these `keys` in a list of `total` records, with what follows it, where every record that the vendor
    /// sent is one of the keys. Otherwise a [`Page`] is put together by the other methods.
    #[must_use]
    pub fn page(self, query: &ListQuery, keys: Vec<LicenseKey>, total: u64) -> Page<LicenseKey> {
        if self.number.saturating_mul(self.size.into()) >= total {
            return Page::last(keys).with_total(total);
        }
        let overlap = self.overlap(query, &keys);
        let ahead = match overlap {
            Some(first) => first.overlaps_ahead(query, &keys, Some(total)),
            None => self.next().pages_ahead(query, total.div_ceil(self.size.max(1).into())),
        };
        Page::last(keys)
            .with_total(total)
            .with_next(self.next().token())
            .with_overlap(overlap.map(Self::token))
            .with_ahead(ahead)
    }

    fn paging(self, query: &ListQuery) -> Paging {
        Paging::new(query, self.max)
    }

    /// The number counted from 0, as [`Paging`] counts.
    const fn index(self) -> Option<u64> {
        self.number.checked_sub(1)
    }

    fn at_index(self, (index, size): (u64, u32)) -> Option<Self> {
        Some(Self { number: index.checked_add(1)?, size, ..self })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ErrorKind;

    const FIRST: NumberedPage = NumberedPage::first("acme", 100);

    #[test]
    fn a_list_starts_at_page_one_and_continues_at_its_token() {
        assert_eq!(FIRST.for_query(&ListQuery::new().page_size(500)).unwrap(), FIRST);
        let second = FIRST.for_query(&ListQuery::new().page_size(7).page(FIRST.next().token())).unwrap();
        assert_eq!((second.number(), second.size()), (2, 100));
    }

    #[test]
    fn a_damaged_token_and_one_of_another_vendor_are_invalid_requests() {
        for token in [
            PageToken::numbered("other", 1, 10),
            PageToken::numbered("acme", 0, 10),
            PageToken::numbered("acme", 1, 0),
            PageToken::numbered("acme", 1, 101),
            PageToken::new("acme", "1"),
        ] {
            let error = FIRST.for_query(&ListQuery::new().page(token.clone())).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{token:?}");
            assert_eq!(error.provider(), Some("acme"));
        }
    }

    #[test]
    fn the_pages_ahead_begin_with_the_page_itself() {
        let query = ListQuery::new().pages_ahead(3);
        let tokens = |pages: &[NumberedPage]| pages.iter().map(|page| page.token()).collect::<Vec<_>>();
        assert_eq!(FIRST.at(4).pages_ahead(&query, 5), tokens(&[FIRST.at(4), FIRST.at(5)]));
        assert_eq!(FIRST.at(6).pages_ahead(&query, 5), []);

        let overlap = FIRST.overlap(&query, &[]).unwrap();
        assert_eq!((overlap.number(), overlap.size()), (2, 99));
        let ahead = overlap.overlaps_ahead(&query, &[], None);
        assert_eq!((ahead.len(), ahead.first()), (3, Some(&overlap.token())));
        assert_eq!(FIRST.at(0).overlap(&query, &[]), None);
    }

    #[test]
    fn a_page_ends_the_list_when_it_reaches_the_total() {
        let query = ListQuery::new().pages_ahead(2);
        let page = FIRST.page(&query, Vec::new(), 101);
        assert_eq!((page.total, page.next), (Some(101), Some(FIRST.next().token())));
        assert!(page.overlap.is_some() && !page.ahead.is_empty());
        assert_eq!(FIRST.page(&query, Vec::new(), 100).next, None);
        assert_eq!(FIRST.at(2).page(&query, Vec::new(), 101).next, None);
    }
}
