use jiff::Timestamp;

use crate::{CustomerId, KeySource, LicenseKey, LicenseStatus, PageToken, ProductId};

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
    /// Only this customer's keys.
    pub customer: Option<CustomerId>,
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

/// Small pages may grow to this many records to overlap: some number up to it divides no offset below 720,720.
const MOST_OF_A_SMALL_PAGE: u32 = 16;

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

    /// How many pages to name in [`Page::ahead`](crate::Page::ahead).
    #[must_use]
    pub fn clamped_pages_ahead(&self) -> usize {
        self.pages_ahead.min(Self::MAX_PAGES_AHEAD)
    }

    /// For [`Page::overlap`](crate::Page::overlap), at a vendor that counts pages of at most `max` records: the
    /// number and the size of a page that begins inside page `number` of `size` records and brings as many new
    /// ones as possible. Pages are counted from 0.
    ///
    /// Offsets are multiples of the page size, so only another size can begin there. It is at most this query's,
    /// or 16 where that is less. `None` in the rare case that there is none.
    ///
    /// ```
    /// use anykey_core::ListQuery;
    ///
    /// // After the records 0 to 99: the records 99 to 197.
    /// assert_eq!(ListQuery::new().overlap(0, 100, 100), Some((1, 99)));
    /// ```
    #[must_use]
    pub fn overlap(&self, number: u64, size: u32, max: u32) -> Option<(u64, u32)> {
        self.overlap_by(1, number, size, max)
    }

    /// As [`overlap`](Self::overlap), for a vendor that does not keep the order of keys with the same time of
    /// creation: the page begins before the first of the `keys`, those of the page, that share the time of the last
    /// one, so that it has all of them in whatever order, and begins with a key whose place is certain.
    #[must_use]
    pub fn overlap_of_ties(
        &self,
        keys: &[LicenseKey],
        number: u64,
        size: u32,
        max: u32,
    ) -> Option<(u64, u32)> {
        let last = keys.last().and_then(|key| key.created_at);
        let ties = keys.iter().rev().take_while(|key| last.is_some() && key.created_at == last).count();
        let before_ties = match u64::try_from(ties).ok()? {
            0 => None,
            // Where they begin is not known.
            _ if ties == keys.len() && ties > 1 => None,
            ties => {
                let records = ties.checked_add(1)?;
                // Many ties need a larger page than was asked for.
                let larger = || Self::new().overlap_by(records, number, size, max);
                self.overlap_by(records, number, size, max).or_else(larger)
            }
        };
        before_ties.or_else(|| self.overlap(number, size, max))
    }

    /// A page that begins with the last `records` records of a page, or before them.
    fn overlap_by(&self, records: u64, number: u64, size: u32, max: u32) -> Option<(u64, u32)> {
        let end = number.checked_add(1)?.checked_mul(u64::from(size))?;
        self.page_from(end.checked_sub(records)?, end, max)
    }

    /// The number and the size of a page of at most `max` records that begins at the record `first` or before it,
    /// and reaches as far past `end` as possible; `None` when there is none.
    #[must_use]
    pub fn page_from(&self, first: u64, end: u64, max: u32) -> Option<(u64, u32)> {
        let most = self.clamped_page_size(max).max(MOST_OF_A_SMALL_PAGE).min(max);
        let mut best: Option<(u64, u64, u32)> = None;
        for size in (2..=most).rev() {
            // No smaller size reaches further than this one could.
            if best.is_some_and(|(reach, ..)| reach >= end.saturating_add(u64::from(size))) {
                break;
            }
            let number = first.checked_div(u64::from(size))?;
            let Some(reach) = number.checked_add(1).and_then(|pages| pages.checked_mul(u64::from(size)))
            else {
                continue;
            };
            if reach > end && best.is_none_or(|(furthest, ..)| reach > furthest) {
                best = Some((reach, number, size));
            }
        }
        best.map(|(_, number, size)| (number, size))
    }

    /// For [`Page::ahead`](crate::Page::ahead), at a vendor that counts pages of at most `max` records: the
    /// numbers and sizes of the pages that follow page `number` of `size` records when all of them are full, as
    /// many as this query asks for. Pages are counted from 0.
    ///
    /// Each is the [`overlap`](Self::overlap) of the one before it, or the next number where there is none. None
    /// follows a page that reaches the `total`, where the vendor tells one.
    ///
    /// ```
    /// use anykey_core::ListQuery;
    ///
    /// let query = ListQuery::new().pages_ahead(3);
    /// let following = |total| query.pages_after(0, 100, 100, total).collect::<Vec<_>>();
    /// assert_eq!(following(None), [(1, 99), (2, 98), (3, 97)]);
    /// assert_eq!(following(Some(250)), [(1, 99), (2, 98)]);
    /// ```
    pub fn pages_after(
        &self,
        number: u64,
        size: u32,
        max: u32,
        total: Option<u64>,
    ) -> impl Iterator<Item = (u64, u32)> + '_ {
        let after = move |(number, size): &(u64, u32)| {
            let next = number.checked_add(1)?;
            let reach = next.checked_mul(u64::from(*size))?;
            if total.is_some_and(|total| reach >= total) {
                return None;
            }
            self.overlap(*number, *size, max).or(Some((next, *size)))
        };
        let mut page = (number, size);
        let following = std::iter::from_fn(move || {
            page = after(&page)?;
            Some(page)
        });
        following.take(self.clamped_pages_ahead())
    }

    /// For [`Page::ahead`](crate::Page::ahead), after an [overlap of ties](Self::overlap_of_ties): the page `first`
    /// and those after it, if all of them are full and no two of their keys share their time, as many as this query
    /// asks for.
    pub fn pages_from(
        &self,
        first: (u64, u32),
        keys: &[LicenseKey],
        max: u32,
        total: Option<u64>,
    ) -> impl Iterator<Item = (u64, u32)> + '_ {
        let is_one_time = keys.len() > 1
            && keys.windows(2).all(|pair| matches!(pair, [a, b] if a.created_at == b.created_at));
        let records = if is_one_time { 1 } else { 2 };
        let after = move |(number, size): &(u64, u32)| {
            let next = number.checked_add(1)?;
            let reach = next.checked_mul(u64::from(*size))?;
            if total.is_some_and(|total| reach >= total) {
                return None;
            }
            self.overlap_by(records, *number, *size, max).or(Some((next, *size)))
        };
        std::iter::successors(Some(first), after).take(self.clamped_pages_ahead())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_size_is_clamped_into_what_the_vendor_allows() {
        let clamped = |size| ListQuery { page_size: size, ..ListQuery::new() }.clamped_page_size(100);
        assert_eq!([None, Some(0), Some(7), Some(101)].map(clamped), [100, 1, 7, 100]);
    }

    #[test]
    fn overlapping_pages_begin_inside_the_one_before_and_go_on() {
        for size in [1, 2, 3, 10, 16, 17, 99, 100] {
            let query = ListQuery::new().page_size(size);
            let (mut number, mut current, mut pages, mut read) = (0, size, 1_u64, u64::from(size));
            while read < 50_000 {
                let (next, width) = query.overlap(number, current, 100).unwrap();
                let start = next * u64::from(width);
                let reach = start + u64::from(width);
                assert!(start < read && reach > read, "{number}:{current} -> {next}:{width}");
                assert!(width <= size.max(16));
                (number, current, pages, read) = (next, width, pages + 1, reach);
            }
            assert!(size < 99 || read / pages >= 80, "{read} records in {pages} pages");
        }
    }

    #[test]
    fn absurd_pages_overlap_with_nothing() {
        let query = ListQuery::new();
        for (number, size, max) in
            [(u64::MAX, 100, 100), (u64::MAX / 100, 100, 100), (0, 0, 100), (0, 100, 0), (0, 1, 1)]
        {
            assert_eq!(query.overlap(number, size, max), None, "{number} {size} {max}");
        }
    }
}
