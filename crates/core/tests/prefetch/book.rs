//! A vendor whose pages are written down one by one, and which takes its time.

use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering::SeqCst;
use std::time::Duration;

use anykey_core::adapter::{KeyCodeExt as _, PageTokenExt as _, Paging};
use anykey_core::{
    Capabilities, Capability, Error, ErrorKind, KeyCode, Keys, LicenseKey, LicenseProvider, LicenseStatus,
    ListQuery, Page, PageToken, Result, ValidateRequest, Validation, async_trait,
};
use futures_util::StreamExt;

/// One page: its keys, where it goes on, and what it says follows.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sheet {
    pub(crate) ids: Vec<usize>,
    pub(crate) next: Option<usize>,
    pub(crate) overlap: Option<usize>,
    pub(crate) ahead: Vec<usize>,
    /// Names all of them, however many are asked for.
    pub(crate) names_all: bool,
    pub(crate) fails: Option<ErrorKind>,
    /// Fails unless it is the only one in flight.
    pub(crate) fails_when_crowded: Option<ErrorKind>,
}

#[derive(Debug, Default)]
pub(crate) struct Watch {
    queries: Mutex<Vec<ListQuery>>,
    pub(crate) in_flight: AtomicUsize,
    most_at_once: AtomicUsize,
}

/// The pages, and what was asked for. Past the last page there are empty ones.
#[derive(Debug)]
pub(crate) struct Book(pub(crate) Arc<Watch>, Vec<Sheet>, Duration);

impl Book {
    pub(crate) fn new(sheets: Vec<Sheet>) -> Self {
        Self(Arc::default(), sheets, Duration::ZERO)
    }

    /// So many pages of ten keys each, which name all that follow.
    pub(crate) fn of_full_pages(pages: usize) -> Self {
        let sheet = |page: usize| Sheet {
            ids: (page * 10..page * 10 + 10).collect(),
            next: (page + 1 < pages).then_some(page + 1),
            ahead: (page + 1..pages).collect(),
            ..Sheet::default()
        };
        Self::new((0..pages).map(sheet).collect())
    }

    pub(crate) fn after(self, delay: Duration) -> Self {
        Self(self.0, self.1, delay)
    }

    /// Names pages past the end too.
    pub(crate) fn without_known_end(mut self) -> Self {
        let pages = self.1.len();
        for (page, sheet) in self.1.iter_mut().enumerate().take(pages - 1) {
            sheet.ahead = (page + 1..page + 100).collect();
        }
        self.1.resize(pages + 100, Sheet::default());
        self
    }

    /// Names no pages ahead.
    pub(crate) fn silent(mut self) -> Self {
        self.1.iter_mut().for_each(|sheet| sheet.ahead.clear());
        self
    }

    pub(crate) fn sheet(&mut self, page: usize) -> &mut Sheet {
        &mut self.1[page]
    }

    pub(crate) fn queries(&self) -> Vec<ListQuery> {
        self.0.queries.lock().unwrap().clone()
    }

    /// The pages that were asked for; `None` is the first one.
    pub(crate) fn asked(&self) -> Vec<Option<String>> {
        self.queries().into_iter().map(|query| query.page.map(|token| token.to_string())).collect()
    }

    pub(crate) fn most_at_once(&self) -> usize {
        self.0.most_at_once.load(SeqCst)
    }
}

/// One request in flight, until it is dropped.
struct Flight<'a>(&'a Watch);

impl<'a> Flight<'a> {
    fn of(watch: &'a Watch) -> Self {
        let now = watch.in_flight.fetch_add(1, SeqCst) + 1;
        watch.most_at_once.fetch_max(now, SeqCst);
        Self(watch)
    }
}

impl Drop for Flight<'_> {
    fn drop(&mut self) {
        self.0.in_flight.fetch_sub(1, SeqCst);
    }
}

#[async_trait]
impl LicenseProvider for Book {
    fn vendor(&self) -> &str {
        "book"
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities::of(&[Capability::List, Capability::ListAll])
    }

    async fn list(&self, query: ListQuery) -> Result<Page<LicenseKey>> {
        let Self(watch, sheets, delay) = self;
        let _flight = Flight::of(watch);
        watch.queries.lock().unwrap().push(query.clone());
        let is_alone = watch.in_flight.load(SeqCst) == 1;
        if !delay.is_zero() {
            // There and back: who is not polled in between does not come home.
            tokio::time::sleep(*delay / 2).await;
            tokio::time::sleep(*delay / 2).await;
        }
        let page = query.page.as_ref().map_or(0, |token| token.state("book").unwrap().parse().unwrap());
        let sheet = sheets.get(page).cloned().unwrap_or_default();
        let crowded = sheet.fails_when_crowded.filter(|_| !is_alone);
        if let Some(kind) = sheet.fails.or(crowded) {
            return Err(Error::new(kind, "this page fails"));
        }
        let token = |page| PageToken::new("book", page);
        let ahead = if sheet.names_all { usize::MAX } else { Paging::new(&query, 1).pages_ahead() };
        Ok(Page::last(sheet.ids.into_iter().map(key).collect())
            .with_next(sheet.next.map(token))
            .with_overlap(sheet.overlap.map(token))
            .with_ahead(sheet.ahead.into_iter().take(ahead).map(token)))
    }

    async fn validate(&self, _: ValidateRequest) -> Result<Validation> {
        panic!("a listing validates nothing")
    }
}

fn key(id: usize) -> LicenseKey {
    let id = id.to_string();
    LicenseKey::new("book", id.as_str().into(), KeyCode::verbatim(id), LicenseStatus::Active)
}

/// The keys up to the end or the error.
pub(crate) async fn ids(mut keys: Keys<'_>) -> (Vec<usize>, Option<ErrorKind>) {
    let mut ids = Vec::new();
    while let Some(key) = keys.next().await {
        match key {
            Ok(key) => ids.push(key.id.as_str().parse().unwrap()),
            Err(error) => return (ids, Some(error.kind())),
        }
    }
    (ids, None)
}
