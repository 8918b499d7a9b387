use std::collections::HashSet;
use std::collections::VecDeque;
use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;

use futures_util::{Stream, stream};

use crate::{Error, ErrorKind, LicenseKey, LicenseProvider, ListQuery, Operation, Page, PageToken, Result};

/// Pages in a row that bring keys, but only keys that were seen already.
const MAX_REPEATED_PAGES: u32 = 8;
/// Pages in a row without any key: a client-side filter can make many, an endless listing makes more.
const MAX_EMPTY_PAGES: u32 = 1_000;
/// Steps back in a row without finding anything new: more is a vendor without any order.
const MAX_STEPS_BACK: u32 = 1_000;

/// The keys of `query` as one stream: pages in order, each key once, bounded.
///
/// Where the vendor has pages that overlap, each has to begin with a key that is known already. One that does
/// not tells that the listing has moved up meanwhile: it is thrown away, and the page before it is read again.
/// So no key is missed that is there all the time, wherever others come and go, as long as keys keep their order.
pub(crate) fn keys<P: LicenseProvider + ?Sized>(
    provider: &P,
    query: ListQuery,
) -> impl Stream<Item = Result<LicenseKey>> + Send + '_ {
    stream::try_unfold(Listing::new(query), move |mut listing| async move {
        loop {
            if let Some(key) = listing.ready.pop_front() {
                return Ok(Some((key, listing)));
            }
            if listing.ended {
                return Ok(None);
            }
            let page = provider.list(listing.query.clone()).await?;
            listing.advance(page).map_err(|error| error.with_provider(provider.name().to_owned()))?;
        }
    })
}

struct Listing {
    query: ListQuery,
    ready: VecDeque<LicenseKey>,
    ended: bool,
    seen: SeenIds,
    tokens: HashSet<PageToken>,
    /// The pages before the present one, each of which overlaps the one before it.
    trail: Vec<Option<PageToken>>,
    repeated_pages: u32,
    empty_pages: u32,
    steps_back: u32,
}

impl Listing {
    fn new(query: ListQuery) -> Self {
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

    fn advance(&mut self, page: Page<LicenseKey>) -> Result<()> {
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
            return Ok(());
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

    fn turn_to(&mut self, token: PageToken) -> Result<()> {
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
        Ok(())
    }

    fn step_back(&mut self, before: Option<PageToken>) -> Result<()> {
        self.steps_back += 1;
        if self.steps_back > MAX_STEPS_BACK {
            return Err(endless("the vendor's keys change their order while they are listed"));
        }
        self.tokens.clear();
        self.query.page = before;
        Ok(())
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
