use std::collections::HashSet;
use std::collections::VecDeque;
use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;

use crate::{Error, ErrorKind, LicenseKey, ListQuery, Operation, Page, PageToken, Result};

/// Pages in a row that bring keys, but only keys that were seen already.
const MAX_REPEATED_PAGES: u32 = 8;
/// Pages in a row without any key: a client-side filter can make many, an endless listing makes more.
const MAX_EMPTY_PAGES: u32 = 1_000;
/// Steps back in a row without finding anything new: more is a vendor without any order.
const MAX_STEPS_BACK: u32 = 1_000;

/// How a listing goes on after a page.
pub(crate) enum Turn {
    /// At the next page.
    On,
    /// At an earlier one, again: the last page was thrown away.
    Back,
    End,
}

/// Reads pages in order into keys, each once, bounded.
///
/// Where the vendor has pages that overlap, each has to begin with a key that is known already. One that does
/// not tells that the listing has moved up meanwhile: it is thrown away, and the page before it is read again.
/// So no key is missed that is there all the time, wherever others come and go, as long as keys keep their order.
/// That holds whenever and in whatever order the pages were fetched.
pub(crate) struct Listing {
    /// Where it goes on.
    pub(crate) query: ListQuery,
    /// The keys of the page that was read last.
    pub(crate) ready: VecDeque<LicenseKey>,
    pub(crate) ended: bool,
    seen: SeenIds,
    tokens: HashSet<PageToken>,
    /// The pages before the present one, each of which overlaps the one before it.
    trail: Vec<Option<PageToken>>,
    repeated_pages: u32,
    empty_pages: u32,
    steps_back: u32,
}

impl Listing {
    pub(crate) fn new(query: ListQuery) -> Self {
        Self {
            tokens: query.page.iter().cloned().collect(),
            query,
            ready: VecDeque::new(),
            ended: false,
            seen: SeenIds::default(),
            trail: Vec::new(),
            repeated_pages: 0,
            empty_pages: 0,
            steps_back: 0,
        }
    }

    pub(crate) fn advance(&mut self, page: Page<LicenseKey>) -> Result<Turn> {
        let begins_known = page.items.first().is_some_and(|key| self.seen.contains(key.id.as_str()));
        if !begins_known && let Some(before) = self.trail.pop() {
            return self.step_back(before);
        }
        let was_empty = page.items.is_empty();
        self.ready.extend(page.items.into_iter().filter(|key| self.seen.insert(key.id.as_str())));
        let brought_nothing = self.ready.is_empty();
        self.empty_pages = if was_empty { self.empty_pages + 1 } else { 0 };
        self.repeated_pages = if brought_nothing && !was_empty { self.repeated_pages + 1 } else { 0 };
        self.steps_back = if brought_nothing { self.steps_back } else { 0 };

        let Some(next) = page.next.filter(|token| !token.as_str().is_empty()) else {
            self.ended = true;
            return Ok(Turn::End);
        };
        match page.overlap.filter(|_| !was_empty) {
            Some(overlap) => {
                self.trail.push(self.query.page.take());
                self.turn_to(overlap)
            }
            None => {
                self.trail.clear();
                self.turn_to(next)
            }
        }
    }

    /// Ends it here, and hands out nothing more.
    pub(crate) fn end(&mut self) {
        self.ready.clear();
        self.ended = true;
    }

    fn turn_to(&mut self, token: PageToken) -> Result<Turn> {
        if !self.tokens.insert(token.clone()) {
            return Err(endless("the vendor repeats a page"));
        }
        if self.repeated_pages >= MAX_REPEATED_PAGES {
            return Err(endless("the vendor keeps sending keys that it sent already"));
        }
        if self.empty_pages >= MAX_EMPTY_PAGES {
            return Err(endless("the vendor keeps sending empty pages"));
        }
        self.query.page = Some(token);
        Ok(Turn::On)
    }

    fn step_back(&mut self, before: Option<PageToken>) -> Result<Turn> {
        self.steps_back += 1;
        if self.steps_back > MAX_STEPS_BACK {
            return Err(endless("the vendor's keys change their order while they are listed"));
        }
        self.tokens.clear();
        self.query.page = before;
        Ok(Turn::Back)
    }
}

fn endless(message: &'static str) -> Error {
    Error::new(ErrorKind::Decode, message)
        .with_hint("the listing is not complete")
        .with_operation(Operation::List)
}

/// Remembers ids by eight bytes each, so that a long listing stays small.
///
/// Two of a million ids share a fingerprint with a chance of about 1 in 37 million.
#[derive(Default)]
struct SeenIds {
    hasher: RandomState,
    fingerprints: HashSet<u64>,
}

impl SeenIds {
    fn contains(&self, id: &str) -> bool {
        self.fingerprints.contains(&self.hasher.hash_one(id))
    }

    fn insert(&mut self, id: &str) -> bool {
        self.fingerprints.insert(self.hasher.hash_one(id))
    }
}
