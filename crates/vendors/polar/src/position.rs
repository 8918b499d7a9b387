//! Where a listing continues, as stored in page tokens.

use anykey_core::adapter::{PageTokenExt as _, Paging};
use anykey_core::{LicenseKey, ListQuery, PageToken, Result};

use crate::NAME;

/// The largest page that Polar makes.
pub(crate) const MAX_PAGE_SIZE: u32 = 100;

/// A page of Polar's list, counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Position {
    pub(crate) number: u64,
    pub(crate) size: u32,
}

impl Position {
    /// Where the listing of `query` begins or continues.
    ///
    /// # Errors
    ///
    /// `InvalidRequest` for a token of another provider, and for one that is damaged.
    pub(crate) fn of(query: &ListQuery) -> Result<Self> {
        let (number, size) = match &query.page {
            Some(token) => token.as_numbered(NAME)?,
            None => (1, paging(query).page_size()),
        };
        Ok(Self { number, size: size.min(MAX_PAGE_SIZE) })
    }

    pub(crate) fn token(self) -> PageToken {
        PageToken::numbered(NAME, self.number, self.size)
    }

    pub(crate) const fn next(self) -> Self {
        Self { number: self.number.saturating_add(1), size: self.size }
    }

    /// The page that follows this one of `keys` and begins inside it.
    pub(crate) fn overlap(self, query: &ListQuery, keys: &[LicenseKey]) -> Option<Self> {
        let (index, size) = paging(query).overlap_of_ties(keys, self.index()?, self.size)?;
        Self::at(index, size)
    }

    /// This page and those after it, of which each begins inside the one before, as after a page of `keys`; none
    /// past the last record.
    pub(crate) fn overlaps_ahead(self, query: &ListQuery, keys: &[LicenseKey], total: u64) -> Vec<PageToken> {
        let Some(index) = self.index() else { return Vec::new() };
        let following = paging(query).pages_from((index, self.size), keys, Some(total));
        following.map_while(|(index, size)| Self::at(index, size).map(Self::token)).collect()
    }

    /// The pages of the same size after this one, side by side, to the page `last`.
    pub(crate) fn pages_ahead(self, query: &ListQuery, last: u64) -> Vec<PageToken> {
        let numbers = self.number.saturating_add(1)..=last;
        let positions = numbers.map(|number| Self { number, size: self.size });
        positions.take(paging(query).pages_ahead()).map(Self::token).collect()
    }

    fn at(index: u64, size: u32) -> Option<Self> {
        Some(Self { number: index.checked_add(1)?, size })
    }

    /// The page counted from 0; a damaged token may hold the page 0.
    const fn index(self) -> Option<u64> {
        self.number.checked_sub(1)
    }
}

fn paging(query: &ListQuery) -> Paging {
    Paging::new(query, MAX_PAGE_SIZE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_listing_begins_at_page_one_and_goes_on_where_its_token_says() {
        let first = Position::of(&ListQuery::new().page_size(500)).unwrap();
        assert_eq!(first, Position { number: 1, size: MAX_PAGE_SIZE });
        let second = Position::of(&ListQuery::new().page(first.next().token())).unwrap();
        assert_eq!(second, Position { number: 2, size: MAX_PAGE_SIZE });
        assert!(Position::of(&ListQuery::new().page(PageToken::numbered("dodo", 1, 10))).is_err());
    }

    #[test]
    fn nothing_overlaps_a_page_that_polar_does_not_count() {
        let damaged = Position::of(&ListQuery::new().page(PageToken::numbered(NAME, 0, 10))).unwrap();
        let query = ListQuery::new().pages_ahead(3);
        assert_eq!(damaged.overlap(&query, &[]), None);
        assert_eq!(damaged.overlaps_ahead(&query, &[], 100), []);
    }
}
