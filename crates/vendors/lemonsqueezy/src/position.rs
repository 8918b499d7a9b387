//! Positions in a list, as page tokens store them.

use anykey_core::adapter::{ErrorExt as _, PageTokenExt as _, Paging};
use anykey_core::{Error, ErrorKind, LicenseKey, ListQuery, Operation, PageToken, Result};

use crate::NAME;
use crate::wire::Frame;

/// Lemon Squeezy's maximum page size.
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

    pub(crate) const fn next(self) -> Self {
        Self { number: self.number.saturating_add(1), size: self.size }
    }

    /// The page that continues after this one of `keys` and overlaps it.
    pub(crate) fn overlap(self, query: &ListQuery, keys: &[LicenseKey]) -> Option<Self> {
        let (index, size) = paging(query).overlap_of_ties(keys, self.index()?, self.size)?;
        Self::at(index, size)
    }

    /// This page and the following ones after a page of `keys`, each of which overlaps the previous one; none past the
    /// last record.
    pub(crate) fn overlaps_ahead(
        self,
        query: &ListQuery,
        keys: &[LicenseKey],
        total: Option<u64>,
    ) -> Vec<PageToken> {
        let Some(index) = self.index() else { return Vec::new() };
        let following = paging(query).pages_from((index, self.size), keys, total);
        following.map_while(|(index, size)| Self::at(index, size).map(Self::token)).collect()
    }

    /// The pages of the same size after this one, without overlaps, up to page `last`.
    pub(crate) fn pages_ahead(self, query: &ListQuery, last: u64) -> Vec<PageToken> {
        let numbers = self.number.saturating_add(1)..=last;
        let positions = numbers.map(|number| Self { number, size: self.size });
        positions.take(paging(query).pages_ahead()).map(Self::token).collect()
    }

    fn at(index: u64, size: u32) -> Option<Self> {
        Some(Self { number: index.checked_add(1)?, size })
    }

    /// The page counted from 0.
    const fn index(self) -> Option<u64> {
        self.number.checked_sub(1)
    }
}

impl Frame {
    /// Whether another page follows; `None` if the answer does not contain it. The last page has no link to a next one.
    pub(crate) fn has_next(&self) -> Option<bool> {
        let page = &self.meta.page;
        let numbers = page.current_page.value().zip(page.last_page.value());
        if self.links.next.as_ref().value().is_some() {
            return Some(numbers.is_none_or(|(current, last)| current < last));
        }
        let has_links = self.links.first.as_ref().value().is_some();
        numbers.map(|(current, last)| current < last && !has_links).or_else(|| has_links.then_some(false))
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
        assert_eq!(first, Position { number: 1, size: MAX_PAGE_SIZE });
        let second = Position::of(&ListQuery::new().page(first.next().token())).unwrap();
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
    fn the_end_is_a_missing_link_or_the_last_number() {
        for (frame, expected) in [
            (r#"{"links":{"first":"u","last":"u","next":"u"}}"#, Some(true)),
            (r#"{"links":{"first":"u","last":"u"}}"#, Some(false)),
            (r#"{"links":{"first":"u","last":"u","next":null}}"#, Some(false)),
            (r#"{"meta":{"page":{"currentPage":1,"lastPage":2}}}"#, Some(true)),
            (r#"{"meta":{"page":{"currentPage":2,"lastPage":2}}}"#, Some(false)),
            (r#"{"meta":{"page":{"currentPage":2,"lastPage":2}},"links":{"next":"u"}}"#, Some(false)),
            (r#"{"meta":{"page":{"currentPage":1,"lastPage":2}},"links":{"first":"u"}}"#, Some(false)),
            (r#"{"meta":{"page":{"total":3}}}"#, None),
            ("{}", None),
        ] {
            assert_eq!(serde_json::from_str::<Frame>(frame).unwrap().has_next(), expected, "{frame}");
        }
    }
}
