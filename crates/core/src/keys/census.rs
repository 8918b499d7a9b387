//! Whether a listing that has ended is complete.

/// How often a listing is read, the first time included.
const MOST_READINGS: u32 = 3;

/// What the vendor says about the size of a listing while it is read.
#[derive(Debug, Default)]
pub(super) struct Census {
    readings: u32,
    first: Option<u64>,
    last: Option<u64>,
    changed: bool,
    /// The total fell from one page to the next, where pages do not overlap: what moved up was perhaps skipped.
    fell: bool,
    /// Keys changed places, so that a page had to be taken as it came.
    reordered: bool,
    brought_something: bool,
    /// This reading was begun for what an earlier one may have skipped, which no number shows.
    must_finish: bool,
}

/// What follows the end of a reading.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Count {
    Complete,
    ReadAgain,
    /// The vendor's total, where it reports one.
    Incomplete(Option<u64>),
}

impl Census {
    pub(super) fn page(&mut self, total: Option<u64>, overlaps: bool) {
        if let (Some(before), Some(now)) = (self.last, total) {
            self.changed |= before != now;
            self.fell |= now < before && !overlaps;
        }
        self.first = self.first.or(total);
        self.last = total;
    }

    pub(super) const fn reordered(&mut self) {
        self.reordered = true;
    }

    pub(super) const fn brought(&mut self) {
        self.brought_something = true;
    }

    /// Whether a further reading, which was begun because records were missing, has found the last of them.
    pub(super) fn is_found(&self, read: u64) -> bool {
        self.readings > 0 && !self.must_finish && !self.fell && self.last.is_some_and(|total| read >= total)
    }

    /// Whether the reading is complete, `read` records being known, and `now_read` of them read this time.
    pub(super) fn count(&self, read: u64, now_read: u64) -> Count {
        let has_all = self.last.is_none_or(|total| read >= total);
        let is_proven = !self.reordered || (self.last.is_some() && !self.changed);
        if has_all && is_proven && !self.fell {
            return Count::Complete;
        }
        // Records that come while the listing is read may stand before what was read already.
        let has_all_of_the_beginning = self.changed && self.first.is_some_and(|total| now_read >= total);
        // A second look at keys that change places, which finds nothing that the first did not.
        let is_confirmed = self.reordered && has_all && !self.brought_something;
        if self.readings > 0 && (has_all_of_the_beginning || is_confirmed) && !self.fell {
            return Count::Complete;
        }
        if self.readings + 1 < MOST_READINGS { Count::ReadAgain } else { Count::Incomplete(self.last) }
    }

    pub(super) fn read_again(&mut self) {
        *self = Self { readings: self.readings + 1, must_finish: self.fell, ..Self::default() };
    }
}
