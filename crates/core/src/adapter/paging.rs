use crate::{LicenseKey, ListQuery};

/// Small pages may grow to this many records to overlap: some number up to it divides no offset below 720,720.
const MOST_OF_A_SMALL_PAGE: u32 = 16;

/// The pages in which a vendor answers one [`ListQuery`]: their size, and at a vendor that counts pages, the number
/// and the size of those that follow.
///
/// Pages are counted from 0 and written as `(number, size)`. Offsets are multiples of the page size, so a page that
/// begins inside another one has another size.
///
/// ```
/// use anykey_core::ListQuery;
/// use anykey_core::adapter::Paging;
///
/// let paging = Paging::new(&ListQuery::new().page_size(250), 100);
/// assert_eq!(paging.page_size(), 100);
/// // After the records 0 to 99: the records 99 to 197.
/// assert_eq!(paging.overlap(0, 100), Some((1, 99)));
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Paging {
    page_size: u32,
    pages_ahead: usize,
    max: u32,
}

impl Paging {
    /// The pages for `query` at a vendor whose pages have at most `max` records.
    #[must_use]
    pub fn new(query: &ListQuery, max: u32) -> Self {
        Self {
            page_size: query.page_size.unwrap_or(max).clamp(1, max.max(1)),
            pages_ahead: query.pages_ahead.min(ListQuery::MAX_PAGES_AHEAD),
            max,
        }
    }

    /// The page size to send: the query's, or the vendor's maximum; never 0, never more than the maximum.
    #[must_use]
    pub const fn page_size(&self) -> u32 {
        self.page_size
    }

    /// How many pages to name in [`Page::ahead`](crate::Page::ahead), at most.
    #[must_use]
    pub const fn pages_ahead(&self) -> usize {
        self.pages_ahead
    }

    /// For [`Page::overlap`](crate::Page::overlap): the page that begins inside page `number` of `size` records and
    /// brings as many new ones as possible.
    ///
    /// It has at most as many records as the query asks for, or 16 where that is less. `None` in the rare case that
    /// there is none.
    #[must_use]
    pub fn overlap(&self, number: u64, size: u32) -> Option<(u64, u32)> {
        self.overlap_by(1, number, size)
    }

    /// As [`overlap`](Self::overlap), for a vendor that does not keep the order of keys with the same time of
    /// creation: the page begins before the first of the `keys`, those of the page, that share the time of the last
    /// one, so that it has all of them in whatever order, and begins with a key whose place is certain.
    #[must_use]
    pub fn overlap_of_ties(&self, keys: &[LicenseKey], number: u64, size: u32) -> Option<(u64, u32)> {
        let last = keys.last().and_then(|key| key.created_at);
        let ties = keys.iter().rev().take_while(|key| last.is_some() && key.created_at == last).count();
        let before_ties = match u64::try_from(ties).ok()? {
            0 => None,
            // Where they begin is not known.
            _ if ties == keys.len() && ties > 1 => None,
            ties => {
                let records = ties.checked_add(1)?;
                // Many ties need a larger page than was asked for.
                let larger = || Self::new(&ListQuery::new(), self.max).overlap_by(records, number, size);
                self.overlap_by(records, number, size).or_else(larger)
            }
        };
        before_ties.or_else(|| self.overlap(number, size))
    }

    /// A page that begins with the last `records` records of a page, or before them.
    fn overlap_by(&self, records: u64, number: u64, size: u32) -> Option<(u64, u32)> {
        let end = number.checked_add(1)?.checked_mul(u64::from(size))?;
        self.page_from(end.checked_sub(records)?, end)
    }

    /// The page that begins at the record `first` or before it, and reaches as far past the record `end` as possible;
    /// `None` when there is none.
    #[must_use]
    pub fn page_from(&self, first: u64, end: u64) -> Option<(u64, u32)> {
        let most = self.page_size.max(MOST_OF_A_SMALL_PAGE).min(self.max);
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

    /// For [`Page::ahead`](crate::Page::ahead): the pages that follow page `number` of `size` records when all of them
    /// are full, as many as the query asks for.
    ///
    /// Each is the [`overlap`](Self::overlap) of the one before it, or the next number where there is none. None
    /// follows a page that reaches the `total`, which is `None` where the vendor reports none.
    ///
    /// ```
    /// use anykey_core::ListQuery;
    /// use anykey_core::adapter::Paging;
    ///
    /// let paging = Paging::new(&ListQuery::new().pages_ahead(3), 100);
    /// let following = |total| paging.pages_after(0, 100, total).collect::<Vec<_>>();
    /// assert_eq!(following(None), [(1, 99), (2, 98), (3, 97)]);
    /// assert_eq!(following(Some(250)), [(1, 99), (2, 98)]);
    /// ```
    pub fn pages_after(
        &self,
        number: u64,
        size: u32,
        total: Option<u64>,
    ) -> impl Iterator<Item = (u64, u32)> + use<> {
        self.chain((number, size), 1, total).skip(1).take(self.pages_ahead)
    }

    /// For [`Page::ahead`](crate::Page::ahead), after an [overlap of ties](Self::overlap_of_ties): the page `first`
    /// and those after it, if all of them are full and no two of their keys share their time, as many as the query
    /// asks for.
    pub fn pages_from(
        &self,
        first: (u64, u32),
        keys: &[LicenseKey],
        total: Option<u64>,
    ) -> impl Iterator<Item = (u64, u32)> + use<> {
        let is_one_time = keys.len() > 1
            && keys.windows(2).all(|pair| matches!(pair, [a, b] if a.created_at == b.created_at));
        let records = if is_one_time { 1 } else { 2 };
        self.chain(first, records, total).take(self.pages_ahead)
    }

    /// The page `first` and those after it, of which each repeats `records` records of the one before.
    fn chain(
        self,
        first: (u64, u32),
        records: u64,
        total: Option<u64>,
    ) -> impl Iterator<Item = (u64, u32)> + use<> {
        std::iter::successors(Some(first), move |(number, size)| {
            let next = number.checked_add(1)?;
            let reach = next.checked_mul(u64::from(*size))?;
            if total.is_some_and(|total| reach >= total) {
                return None;
            }
            self.overlap_by(records, *number, *size).or(Some((next, *size)))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_size_is_clamped_into_what_the_vendor_allows() {
        let clamped = |size| Paging::new(&ListQuery { page_size: size, ..ListQuery::new() }, 100).page_size();
        assert_eq!([None, Some(0), Some(7), Some(101)].map(clamped), [100, 1, 7, 100]);
    }

    #[test]
    fn overlapping_pages_begin_inside_the_one_before_and_go_on() {
        for size in [1, 2, 3, 10, 16, 17, 99, 100] {
            let paging = Paging::new(&ListQuery::new().page_size(size), 100);
            let (mut number, mut current, mut pages, mut read) = (0, size, 1_u64, u64::from(size));
            while read < 50_000 {
                let (next, width) = paging.overlap(number, current).unwrap();
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
    fn no_other_overlapping_pages_read_a_list_in_fewer_requests() {
        const RECORDS: usize = 10_000;
        let paging = Paging::new(&ListQuery::new(), 100);
        let ours = paging.chain((0, 100), 1, u64::try_from(RECORDS).ok()).count();

        // The fewest pages after which a record is the first that was not read.
        let mut fewest = vec![usize::MAX; RECORDS + 100];
        fewest[100] = 1;
        for end in 100..RECORDS {
            let Some(pages) = fewest[end].checked_add(1) else { continue };
            for size in 2..=100 {
                let reach = ((end - 1) / size + 1) * size;
                if reach > end {
                    fewest[reach] = fewest[reach].min(pages);
                }
            }
        }
        assert_eq!(Some(ours), fewest[RECORDS..].iter().copied().min());
        assert_eq!(ours, 114);
    }

    #[test]
    fn absurd_pages_overlap_with_nothing() {
        for (number, size, max) in
            [(u64::MAX, 100, 100), (u64::MAX / 100, 100, 100), (0, 0, 100), (0, 100, 0), (0, 1, 1)]
        {
            let paging = Paging::new(&ListQuery::new(), max);
            assert_eq!(paging.overlap(number, size), None, "{number} {size} {max}");
        }
    }
}
