//! How many records Dodo puts on a page.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use crate::position::{MAX_PAGE_SIZE, PageAt};

/// Dodo's default page size. No cap is lower, so a page with fewer records is the last one.
const DEFAULT_PAGE_SIZE: u32 = 10;

/// The most records that Dodo was seen to put on a page; clones share it.
///
/// Documented are 100. A lower cap would make the first page look like the last one, since Dodo reports no total: after
/// a page that is not full, the page that follows its last record is asked for once.
#[derive(Clone, Debug)]
pub(crate) struct PageCap(Arc<AtomicU32>);

impl Default for PageCap {
    fn default() -> Self {
        Self(Arc::new(AtomicU32::new(MAX_PAGE_SIZE)))
    }
}

impl PageCap {
    /// How many records to ask for.
    pub(crate) fn get(&self) -> u32 {
        self.0.load(Ordering::Relaxed)
    }

    /// The page that shows whether one at `at` with `records` records is the last: it begins inside that one.
    /// `None` when that one is full, or plainly the last.
    pub(crate) fn probe(at: PageAt, records: usize) -> Option<PageAt> {
        let records = u32::try_from(records).ok()?;
        (DEFAULT_PAGE_SIZE..at.size).contains(&records).then(|| at.past(records)).flatten()
    }

    /// Notes that a page which was not full, with `records` records, was not the last.
    pub(crate) fn learn(&self, records: usize) {
        if let Ok(records) = u32::try_from(records) {
            self.0.fetch_min(records.max(DEFAULT_PAGE_SIZE), Ordering::Relaxed);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_page_that_may_have_been_cut_is_probed() {
        let at = PageAt::first(100);
        for records in [0, 9, 100] {
            assert_eq!(PageCap::probe(at, records), None, "{records}");
        }
        for records in [10, 50, 99] {
            let probe = PageCap::probe(at, records).unwrap();
            let first = probe.number * u64::from(probe.size);
            let end = u64::try_from(records).unwrap();
            assert!(first < end && first + u64::from(probe.size) > end, "{records}: {probe:?}");
            assert!(u64::from(probe.size) <= end);
        }
    }
}
