//! The stream of all keys: each once, in order, bounded, whatever the vendor's pages do.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic)]

use std::sync::Mutex;

use anykey_core::adapter::{KeyCodeExt as _, PageTokenExt as _};
use anykey_core::{
    Capabilities, Capability, ErrorKind, KeyCode, LicenseKey, LicenseProvider, LicenseProviderExt,
    LicenseStatus, ListQuery, Page, PageToken, Result, ValidateRequest, Validation, async_trait,
};
use futures_util::{StreamExt, TryStreamExt};

/// A vendor whose pages are written down: the ids of each page and the token that follows it.
#[derive(Debug)]
struct Pages {
    pages: Vec<(Vec<u32>, Option<&'static str>)>,
    asked: Mutex<Vec<Option<String>>>,
}

impl Pages {
    fn new(pages: &[(&[u32], Option<&'static str>)]) -> Self {
        let pages = pages.iter().map(|(ids, next)| (ids.to_vec(), *next)).collect();
        Self { pages, asked: Mutex::default() }
    }

    fn asked(&self) -> usize {
        self.asked.lock().unwrap().len()
    }
}

fn key(id: u32) -> LicenseKey {
    let id = id.to_string();
    LicenseKey::new("pages", id.as_str().into(), KeyCode::verbatim(id), LicenseStatus::Active)
}

#[async_trait]
impl LicenseProvider for Pages {
    fn vendor(&self) -> &str {
        "pages"
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities::of(&[Capability::List, Capability::ListAll])
    }

    async fn list(&self, query: ListQuery) -> Result<Page<LicenseKey>> {
        let mut asked = self.asked.lock().unwrap();
        let (ids, next) = self.pages.get(asked.len()).or(self.pages.last()).unwrap();
        asked.push(query.page.map(|token| token.as_str().to_owned()));
        Ok(Page::last(ids.iter().copied().map(key).collect()).with_next(next.map(PageToken::from)))
    }

    async fn validate(&self, _: ValidateRequest) -> Result<Validation> {
        panic!("a listing validates nothing")
    }
}

async fn ids(provider: &Pages) -> Result<Vec<String>> {
    provider.keys(ListQuery::new()).map_ok(|key| key.id.to_string()).try_collect().await
}

#[tokio::test]
async fn an_empty_page_is_not_the_end_and_a_key_comes_once() {
    let provider = Pages::new(&[
        (&[1, 2], Some("a")),
        (&[], Some("b")),
        (&[2, 3], Some("c")),
        (&[3], Some("d")),
        (&[4], None),
    ]);
    assert_eq!(ids(&provider).await.unwrap(), ["1", "2", "3", "4"]);
    let asked = provider.asked.lock().unwrap().clone();
    assert_eq!(asked, [None, Some("a"), Some("b"), Some("c"), Some("d")].map(|t| t.map(str::to_owned)));
}

#[tokio::test]
async fn an_empty_token_is_the_end() {
    assert_eq!(ids(&Pages::new(&[(&[1], Some(""))])).await.unwrap(), ["1"]);
}

#[tokio::test]
async fn a_repeated_token_ends_the_listing_with_an_error_after_its_keys() {
    let provider = Pages::new(&[(&[1], Some("a")), (&[2], Some("a"))]);
    let read: Vec<_> = provider.keys(ListQuery::new()).collect().await;
    assert_eq!(read.first().unwrap().as_ref().unwrap().id.as_str(), "1");
    let error = read.last().unwrap().as_ref().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert!(error.to_string().contains("not complete"), "{error}");
    assert_eq!(provider.asked(), 2);
}

/// Always the same page under an ever new token.
#[derive(Debug)]
struct Endless(Vec<u32>, Mutex<u64>);

#[async_trait]
impl LicenseProvider for Endless {
    fn vendor(&self) -> &str {
        "endless"
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities::of(&[Capability::List, Capability::ListAll])
    }

    async fn list(&self, _: ListQuery) -> Result<Page<LicenseKey>> {
        let mut page = self.1.lock().unwrap();
        *page += 1;
        let keys = self.0.iter().copied().map(key).collect();
        Ok(Page::last(keys).with_next(PageToken::numbered("endless", *page, 100)))
    }

    async fn validate(&self, _: ValidateRequest) -> Result<Validation> {
        panic!("a listing validates nothing")
    }
}

#[tokio::test]
async fn a_vendor_that_ignores_the_page_is_noticed_soon() {
    let provider = Endless(vec![1, 2], Mutex::new(0));
    let read: Vec<_> = provider.keys(ListQuery::new()).collect().await;
    assert_eq!(read.len(), 3, "two keys and the error");
    assert_eq!(read.last().unwrap().as_ref().unwrap_err().kind(), ErrorKind::Decode);
    assert!(*provider.1.lock().unwrap() < 20);
}

#[tokio::test]
async fn empty_pages_without_end_are_bounded() {
    let provider = Endless(Vec::new(), Mutex::new(0));
    let read: Vec<_> = provider.keys(ListQuery::new()).collect().await;
    assert_eq!(read.len(), 1);
    assert!(*provider.1.lock().unwrap() <= 1_000);
}

#[tokio::test]
async fn a_stored_token_goes_on_where_it_stopped() {
    let provider = Pages::new(&[(&[7], None)]);
    let stored: PageToken = "pages:3:10".into();
    let read: Vec<_> = provider.keys(ListQuery::new().page(stored)).try_collect().await.unwrap();
    assert_eq!(read.len(), 1);
    assert_eq!(provider.asked.lock().unwrap().first(), Some(&Some("pages:3:10".to_owned())));
}
