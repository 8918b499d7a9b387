use std::collections::HashSet;
use std::collections::VecDeque;
use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;

use futures_util::{Stream, stream};

use crate::{Error, ErrorKind, LicenseKey, LicenseProvider, ListQuery, Operation, PageToken, Result};

/// Pages in a row that bring keys, but only keys that were seen already.
const MAX_REPEATED_PAGES: u32 = 8;
/// Pages in a row without any key: a client-side filter can make many, an endless listing makes more.
const MAX_EMPTY_PAGES: u32 = 1_000;

/// The keys of `query` as one stream: pages in order, each key once, bounded.
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
            listing
                .advance(page.items, page.next)
                .map_err(|error| error.with_provider(provider.name().to_owned()))?;
        }
    })
}

struct Listing {
    query: ListQuery,
    ready: VecDeque<LicenseKey>,
    ended: bool,
    seen: SeenIds,
    tokens: HashSet<PageToken>,
    repeated_pages: u32,
    empty_pages: u32,
}

impl Listing {
    fn new(query: ListQuery) -> Self {
        Self {
            tokens: query.page.iter().cloned().collect(),
            query,
            ready: VecDeque::new(),
            ended: false,
            seen: SeenIds::default(),
            repeated_pages: 0,
            empty_pages: 0,
        }
    }

    fn advance(&mut self, items: Vec<LicenseKey>, next: Option<PageToken>) -> Result<()> {
        let was_empty = items.is_empty();
        self.ready.extend(items.into_iter().filter(|key| self.seen.insert(key.id.as_str())));
        let brought_nothing = self.ready.is_empty();
        self.empty_pages = if was_empty { self.empty_pages + 1 } else { 0 };
        self.repeated_pages = if brought_nothing && !was_empty { self.repeated_pages + 1 } else { 0 };

        match next.filter(|token| !token.as_str().is_empty()) {
            None => self.ended = true,
            Some(token) if !self.tokens.insert(token.clone()) => {
                return Err(endless("the vendor repeats a page"));
            }
            Some(_) if self.repeated_pages >= MAX_REPEATED_PAGES => {
                return Err(endless("the vendor keeps sending keys that it sent already"));
            }
            Some(_) if self.empty_pages >= MAX_EMPTY_PAGES => {
                return Err(endless("the vendor keeps sending empty pages"));
            }
            Some(token) => self.query.page = Some(token),
        }
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
    fn insert(&mut self, id: &str) -> bool {
        self.fingerprints.insert(self.hasher.hash_one(id))
    }
}
