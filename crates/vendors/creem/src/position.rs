//! Positions in a list, as page tokens store them.

use anykey_core::adapter::{ErrorExt as _, PageTokenExt as _, Paging};
use anykey_core::{Error, ErrorKind, LicenseKey, ListQuery, Operation, PageToken, Result};

use crate::NAME;
use crate::wire::Pagination;

/// The largest page to ask for. Creem does not document its maximum; with a smaller one at the
/// server, pages follow each other as well.
pub(crate) const MAX_PAGE_SIZE: u32 = 100;

/// A page of a list, counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Position {
    pub(crate) number: u64,
    pub(crate) size: u32,
}

impl Position {
    pub(crate) const FIRST_OF_THE_LARGEST: Self = Self { number: 1, size: MAX_PAGE_SIZE };

    /// The position at which `query` starts or continues.
    ///
    /// # Errors
    ///
    /// `InvalidRequest` for a token of another provider and for a damaged one.
    pub(crate) fn of(query: &ListQuery) -> Result<Self> {
        let Some(token) = &query.page else {
            return Ok(Self { number: 1, size: paging(query).page_size() });
        };
        match token.as_numbered(NAME)? {
            (number @ 1.., size @ 1..=MAX_PAGE_SIZE) => Ok(Self { number, size }),
            _ => Err(Error::new(
                ErrorKind::InvalidRequest,
                "the page token is damaged; start again without it",
            )
            .with_provider(NAME)
            .with_operation(Operation::List)),
        }
    }

    pub(crate) fn token(self) -> PageToken {
        PageToken::numbered(NAME, self.number, self.size)
    }

    /// The page of the same size with this number.
    pub(crate) const fn at(self, number: u64) -> Self {
        Self { number, size: self.size }
    }

    /// The page that continues after this one of `keys` and overlaps it. `None` unless this page is as long as it was
    /// asked for, because otherwise the vendor's pages have another size.
    pub(crate) fn overlap(self, query: &ListQuery, keys: &[LicenseKey], records: usize) -> Option<Self> {
        u32::try_from(records).ok().filter(|records| *records == self.size)?;
        let index = self.number.checked_sub(1)?;
        let (index, size) = paging(query).overlap_of_ties(keys, index, self.size)?;
        Some(Self { number: index.checked_add(1)?, size })
    }

    /// This page and the following ones after a page of `keys`, each of which overlaps the previous one; none past the
    /// last record.
    pub(crate) fn overlaps_ahead(
        self,
        query: &ListQuery,
        keys: &[LicenseKey],
        total: Option<u64>,
    ) -> Vec<PageToken> {
        let Some(index) = self.number.checked_sub(1) else { return Vec::new() };
        let following = paging(query).pages_from((index, self.size), keys, total);
        let position = |(index, size): (u64, u32)| Some(Self { number: index.checked_add(1)?, size });
        following.map_while(|page| position(page).map(Self::token)).collect()
    }

    /// The pages of the same size from the page `next` up to page `last`.
    pub(crate) fn pages_ahead(self, query: &ListQuery, next: u64, last: u64) -> Vec<PageToken> {
        let numbers = (next..=last.max(next)).take(paging(query).pages_ahead());
        numbers.map(|number| self.at(number).token()).collect()
    }
}

impl Pagination {
    /// The number of the page after page `current`, or that there is none; `None` if the answer does not contain it. The
    /// last page has no next one, or the number of all pages.
    pub(crate) fn next(&self, current: u64) -> Option<Option<u64>> {
        let last = self.total_pages.value();
        match self.next_page.value() {
            Some(next) if next > current && last.is_none_or(|last| next <= last) => Some(Some(next)),
            Some(_) => Some(None),
            None => {
                let is_told = last.is_some() || self.current_page.value().is_some();
                is_told.then_some(None)
            }
        }
    }
}

fn paging(query: &ListQuery) -> Paging {
    Paging::new(query, MAX_PAGE_SIZE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_starts_at_page_one_and_continues_at_its_token() {
        let first = Position::of(&ListQuery::new().page_size(500)).unwrap();
        assert_eq!(first, Position::FIRST_OF_THE_LARGEST);
        let second = Position::of(&ListQuery::new().page(first.at(2).token())).unwrap();
        assert_eq!(second, Position { number: 2, size: MAX_PAGE_SIZE });
        for damaged in [
            PageToken::numbered("dodo", 1, 10),
            PageToken::numbered(NAME, 0, 10),
            PageToken::numbered(NAME, 1, 0),
        ] {
            let error = Position::of(&ListQuery::new().page(damaged)).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidRequest);
        }
    }

    #[test]
    fn the_end_is_a_missing_next_page_or_the_last_number() {
        for (pagination, expected) in [
            (
                r#"{"total_records":3,"total_pages":2,"current_page":1,"next_page":2,"prev_page":null}"#,
                Some(Some(2)),
            ),
            (
                r#"{"total_records":3,"total_pages":2,"current_page":1,"next_page":null,"prev_page":1}"#,
                Some(None),
            ),
            (r#"{"total_pages":1,"current_page":1,"next_page":2}"#, Some(None)),
            (r#"{"total_pages":2,"current_page":1,"next_page":1}"#, Some(None)),
            (r#"{"next_page":2}"#, Some(Some(2))),
            (r#"{"total_pages":0,"current_page":1}"#, Some(None)),
            (r#"{"total_records":3}"#, None),
            ("{}", None),
        ] {
            let read: Pagination = serde_json::from_str(pagination).unwrap();
            assert_eq!(read.next(1), expected, "{pagination}");
        }
    }
}
