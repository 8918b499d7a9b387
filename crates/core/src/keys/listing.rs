use std::collections::VecDeque;

use jiff::Timestamp;

use super::census::{Census, Count};
use super::fingerprints::{FewFingerprints, Fingerprint, Fingerprints};
use super::seen::Seen;
use crate::adapter::ErrorExt as _;
use crate::{Error, ErrorKind, LicenseKey, ListQuery, Operation, Page, PageToken, Result, UnreadableRecord};

/// Pages in a row that bring records, but only such as were read already.
const MOST_REPEATED_PAGES: u32 = 8;
/// Pages in a row without any record: a client-side filter can make many, an endless listing makes more.
const MOST_EMPTY_PAGES: u32 = 1_000;
/// Steps back in a row that find nothing new, after which the keys' order is taken for unstable.
const MOST_IDLE_STEPS_BACK: u32 = 2;
/// Steps back altogether, beside as many for each page.
const SPARE_STEPS_BACK: u64 = 64;
const STEPS_BACK_PER_PAGE: u64 = 4;

/// How a listing continues after a page.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Turn {
    /// At the next page.
    On,
    /// At an earlier one, again.
    Back,
    End,
}

/// Reads pages in order into keys, each once, bounded.
///
/// Where the vendor has pages that overlap, each has to begin with a record that is known already. One that does
/// not shows that the listing has moved up meanwhile: there is a gap before it. Its keys are handed out, and the
/// page before it is read again, until a page reaches from what is known to what lies behind the gap. So no key is
/// missed that is there all the time, wherever others come and go, as long as keys keep their order. That holds
/// whenever and in whatever order the pages were fetched.
///
/// Where the vendor reports a total, the records that were read are compared with it at the end. Where some are
/// missing, or keys changed places, the listing is read again, in other pages, for what the first reading missed.
pub(super) struct Listing {
    /// Where it continues.
    pub(super) query: ListQuery,
    /// The keys that were read and not handed out yet.
    pub(super) ready: VecDeque<LicenseKey>,
    /// What comes after them.
    pub(super) failure: Option<Error>,
    pub(super) ended: bool,
    pub(super) unreadable: Vec<UnreadableRecord>,
    pub(super) strict: bool,
    seen: Seen,
    census: Census,
    /// Whether it began with the first page, so that the vendor's total is about all that is read.
    is_whole: bool,
    /// The pages of this reading since the last step back.
    tokens: Fingerprints,
    /// The pages before the present one, each of which overlaps the one before it.
    trail: Vec<Option<PageToken>>,
    gap: Option<Gap>,
    repeated_pages: u32,
    empty_pages: u32,
    pages: u64,
    steps_back: u64,
    idle_steps_back: u32,
    has_progressed: bool,
    /// The time of creation at which the last page ended.
    edge: Option<Timestamp>,
}

/// The page behind a gap: its records, and where to go on when the gap is closed.
struct Gap {
    records: FewFingerprints,
    page: Option<PageToken>,
    next: Option<PageToken>,
    overlap: Option<PageToken>,
    /// Whether reading has gone on without closing it, perhaps past that page: keys that come move it.
    is_passed: bool,
}

impl Listing {
    pub(super) fn new(query: ListQuery) -> Self {
        let (seen, mut tokens) = (Seen::default(), Fingerprints::default());
        if let Some(token) = &query.page {
            tokens.insert(seen.fingerprint(token.as_str()));
        }
        Self {
            is_whole: query.page.is_none(),
            tokens,
            query,
            ready: VecDeque::new(),
            failure: None,
            ended: false,
            unreadable: Vec::new(),
            strict: false,
            seen,
            census: Census::default(),
            trail: Vec::new(),
            gap: None,
            repeated_pages: 0,
            empty_pages: 0,
            pages: 0,
            steps_back: 0,
            idle_steps_back: 0,
            has_progressed: false,
            edge: None,
        }
    }

    pub(super) fn advance(&mut self, page: Page<LicenseKey>) -> Result<Turn> {
        let Page { items, unreadable, next, overlap, total, .. } = page;
        // Without a total a second reading of a large import would prove little and cost as much as the first.
        if self.cuts_ties(&items) && total.is_some() {
            self.census.reordered();
        }
        let next = next.filter(|token| !token.as_str().is_empty());
        let overlap = overlap.filter(|_| next.is_some());
        self.census.page(total, overlap.is_some() || !self.trail.is_empty());
        let records = self.hand_out(items, unreadable);
        if self.failure.is_some() {
            self.ended = true;
            return Ok(Turn::End);
        }
        let begins_known = records.first().is_some_and(|first| self.seen.is_settled(*first));
        if !begins_known && !self.trail.is_empty() && !self.is_unordered() {
            return self.step_back(records, next, overlap);
        }
        if !begins_known && !self.trail.is_empty() {
            self.census.reordered();
        }
        self.go_on(&records, next, overlap)
    }

    /// Whether several keys share the time of creation at which the last page ended and this one begins: a vendor
    /// that orders them differently from page to page may have shown some of them on neither.
    fn cuts_ties(&mut self, items: &[LicenseKey]) -> bool {
        let edge = std::mem::replace(&mut self.edge, items.last().and_then(|key| key.created_at));
        let mut times = items.iter().map(|key| key.created_at);
        let is_cut = edge.is_some() && times.next() == Some(edge);
        let is_alone = self.seen_first(items) && times.next() != Some(edge);
        is_cut && !is_alone
    }

    /// Whether the first of `items` was read already, as on a page that overlaps the one before.
    fn seen_first(&self, items: &[LicenseKey]) -> bool {
        items.first().is_some_and(|key| self.seen.is_settled(self.seen.fingerprint(key.id.as_str())))
    }

    /// Ends it here, without a further key.
    pub(super) fn end(&mut self) {
        self.ready.clear();
        self.ended = true;
    }

    /// Yields what is new on a page, and returns its records in their order.
    fn hand_out(&mut self, items: Vec<LicenseKey>, unreadable: Vec<UnreadableRecord>) -> Vec<Fingerprint> {
        let mut records = Vec::with_capacity(items.len() + unreadable.len());
        let mut are_new = Vec::with_capacity(items.len());
        let mut keys = items.iter();
        let mut unreadable = unreadable.into_iter().peekable();
        loop {
            // After a filter a position may be past the page's end.
            let is_due = |next: &UnreadableRecord| next.position <= records.len() || keys.len() == 0;
            let record = if let Some(record) = unreadable.next_if(is_due) {
                let fingerprint = self.seen.fingerprint(&record.identity());
                if self.seen.hand_out(fingerprint) {
                    if self.strict {
                        self.failure = Some(record.error());
                        break;
                    }
                    self.unreadable.push(record);
                    self.note_new();
                }
                fingerprint
            } else if let Some(key) = keys.next() {
                let fingerprint = self.seen.fingerprint(key.id.as_str());
                let is_new = self.seen.hand_out(fingerprint);
                if is_new {
                    self.note_new();
                }
                are_new.push(is_new);
                fingerprint
            } else {
                break;
            };
            records.push(record);
        }
        let mut new = only_new(items, &are_new);
        if self.ready.is_empty() {
            self.ready = new;
        } else {
            self.ready.append(&mut new);
        }
        records
    }

    fn note_new(&mut self) {
        self.has_progressed = true;
        self.census.brought();
    }

    fn go_on(
        &mut self,
        records: &[Fingerprint],
        next: Option<PageToken>,
        overlap: Option<PageToken>,
    ) -> Result<Turn> {
        let mut settled = self.settle(records.iter().copied());
        let (mut next, mut overlap) = (next, overlap.filter(|_| !records.is_empty()));
        if self.gap.as_ref().is_some_and(|gap| records.iter().any(|record| gap.records.contains(record)))
            && let Some(gap) = self.gap.take()
        {
            settled |= self.settle(gap.records.into_iter());
            if !gap.is_passed {
                if overlap.is_some() {
                    self.trail.push(self.query.page.take());
                }
                self.query.page = gap.page;
                (next, overlap) = (gap.next, gap.overlap);
            }
        } else if let Some(gap) = &mut self.gap {
            gap.is_passed = true;
        }
        self.pages += 1;
        self.has_progressed |= settled;
        self.empty_pages = if records.is_empty() { self.empty_pages + 1 } else { 0 };
        self.repeated_pages = if settled || records.is_empty() { 0 } else { self.repeated_pages + 1 };
        if self.is_whole && self.census.is_found(self.seen.count()) {
            return Ok(self.close());
        }
        match (next, overlap) {
            (None, _) => self.end_of_reading(),
            (Some(_), Some(overlap)) => {
                self.trail.push(self.query.page.take());
                self.turn_to(overlap)
            }
            (Some(next), None) => {
                self.trail.clear();
                self.turn_to(next)
            }
        }
    }

    fn settle(&mut self, records: impl Iterator<Item = Fingerprint>) -> bool {
        records.fold(false, |settled, record| self.seen.settle(record) | settled)
    }

    fn turn_to(&mut self, token: PageToken) -> Result<Turn> {
        if !self.tokens.insert(self.seen.fingerprint(token.as_str())) {
            return Err(not_complete("the vendor repeats a page"));
        }
        if self.repeated_pages >= MOST_REPEATED_PAGES {
            return Err(not_complete("the vendor keeps sending keys that it sent already"));
        }
        if self.empty_pages >= MOST_EMPTY_PAGES {
            return Err(not_complete("the vendor keeps sending empty pages"));
        }
        self.query.page = Some(token);
        Ok(Turn::On)
    }

    /// Whether reading the page before has repeatedly found nothing: the keys do not keep their order.
    fn is_unordered(&mut self) -> bool {
        self.idle_steps_back = if self.has_progressed { 0 } else { self.idle_steps_back + 1 };
        self.has_progressed = false;
        self.idle_steps_back > MOST_IDLE_STEPS_BACK
    }

    /// Reads the page before this one again: something is missing between them.
    fn step_back(
        &mut self,
        records: Vec<Fingerprint>,
        next: Option<PageToken>,
        overlap: Option<PageToken>,
    ) -> Result<Turn> {
        self.steps_back += 1;
        if self.steps_back > SPARE_STEPS_BACK + STEPS_BACK_PER_PAGE.saturating_mul(self.pages) {
            return Err(not_complete("the vendor's keys change faster than they can be listed"));
        }
        let ahead = records.into_iter().filter(|record| !self.seen.is_settled(*record));
        match &mut self.gap {
            // It reaches to what lies behind the gap, so the gap is before it.
            Some(gap) => {
                let ahead: Vec<_> = ahead.collect();
                if ahead.iter().any(|record| gap.records.contains(record)) {
                    gap.records.extend(ahead);
                    if gap.is_passed {
                        gap.page = self.query.page.take();
                        (gap.next, gap.overlap, gap.is_passed) = (next, overlap, false);
                    }
                } else if !ahead.is_empty() {
                    *gap = Gap {
                        records: ahead.into_iter().collect(),
                        page: self.query.page.take(),
                        next,
                        overlap,
                        is_passed: false,
                    };
                }
            }
            None => {
                let records: FewFingerprints = ahead.collect();
                if !records.is_empty() {
                    self.gap =
                        Some(Gap { records, page: self.query.page.take(), next, overlap, is_passed: false });
                }
            }
        }
        self.tokens = Fingerprints::default();
        self.query.page = self.trail.pop().flatten();
        Ok(Turn::Back)
    }

    fn end_of_reading(&mut self) -> Result<Turn> {
        if !self.is_whole {
            return Ok(self.close());
        }
        let read = self.seen.count();
        match self.census.count(read, self.seen.count_of_this_reading()) {
            Count::Complete => Ok(self.close()),
            Count::ReadAgain => {
                self.read_again();
                Ok(Turn::Back)
            }
            Count::Incomplete(total) => {
                let message = match total {
                    Some(total) if read < total => {
                        format!("the vendor counts {total} keys, and {read} were listed")
                    }
                    Some(_) => "keys were removed while they were listed, and others may have been skipped"
                        .to_owned(),
                    None => "the vendor's keys change their order while they are listed".to_owned(),
                };
                Err(not_complete(message))
            }
        }
    }

    fn close(&mut self) -> Turn {
        self.ended = true;
        Turn::End
    }

    /// Begins anew, with pages that overlap and end elsewhere.
    fn read_again(&mut self) {
        self.seen.read_again();
        self.census.read_again();
        self.query.page = None;
        self.query.overlapping = true;
        let size = self.query.page_size.unwrap_or(100);
        self.query.page_size = Some(if size > 16 { size - size / 7 } else { size + 5 });
        self.tokens = Fingerprints::default();
        self.trail.clear();
        self.gap = None;
        self.repeated_pages = 0;
        self.empty_pages = 0;
        self.idle_steps_back = 0;
        self.has_progressed = true;
        self.edge = None;
    }
}

/// The keys that are new, in the page's own memory: copying them would be a large part of what a listing costs. Keys
/// about which `are_new` says nothing are none.
fn only_new(items: Vec<LicenseKey>, are_new: &[bool]) -> VecDeque<LicenseKey> {
    let mut items = VecDeque::from(items);
    items.truncate(are_new.len());
    // An overlap is at the beginning, where removing moves nothing.
    let known = are_new.iter().take_while(|is_new| !**is_new).count();
    items.drain(..known);
    let mut are_new = are_new.iter().skip(known);
    items.retain(|_| are_new.next().copied().unwrap_or_default());
    items
}

fn not_complete(message: impl Into<std::borrow::Cow<'static, str>>) -> Error {
    Error::new(ErrorKind::Decode, message)
        .with_hint("the listing is not complete")
        .with_operation(Operation::List)
}
