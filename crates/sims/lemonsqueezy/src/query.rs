//! Query strings of the main API: filters, pages and included relationships.

use std::borrow::Cow;

use http::Uri;
use serde_json::{Map, Value, json};

use super::quirks::{Quirks, SortOrder};
use super::refusal::Refusal;

const BASE_URL: &str = "https://api.lemonsqueezy.com";
/// The size of a page if the request has none (documentation, 2026).
const DEFAULT_PAGE_SIZE: usize = 10;
const MAXIMUM_PAGE_SIZE: usize = 100;

/// The query string of a request. Unknown parameters are ignored.
pub(super) struct Query<'r> {
    path: &'r str,
    pairs: Vec<(Cow<'r, str>, Cow<'r, str>)>,
}

impl<'r> Query<'r> {
    pub(super) fn of(uri: &'r Uri) -> Self {
        let query = uri.query().unwrap_or_default().as_bytes();
        Self { path: uri.path(), pairs: url::form_urlencoded::parse(query).collect() }
    }

    /// The value of `filter[name]`.
    pub(super) fn filter(&self, name: &str) -> Option<&str> {
        self.value(&format!("filter[{name}]"))
    }

    /// Whether a relationship is requested to be included.
    pub(super) fn includes(&self, relationship: &str) -> bool {
        self.value("include").is_some_and(|names| names.split(',').any(|name| name == relationship))
    }

    /// The requested page of a list.
    ///
    /// A number or size below 1 is a 422 here; the vendor documents no answer.
    pub(super) fn page(&self, quirks: &Quirks) -> Result<Page, Refusal> {
        let number = self.count("page[number]")?.unwrap_or(1);
        let size = match self.count("page[size]")? {
            None => DEFAULT_PAGE_SIZE,
            Some(size) => quirks.oversized_page.size(size, MAXIMUM_PAGE_SIZE).ok_or_else(|| {
                Refusal::wrong_parameter("page.size", "The page size must not be above 100.")
            })?,
        };
        Ok(Page { number, size, order: quirks.sort_order })
    }

    /// The members of a list's document except its data.
    ///
    /// `links` has `next` and `prev` only where there is such a page; `from` and `to` are null on an empty page.
    pub(super) fn frame(&self, page: Page, total: usize) -> Map<String, Value> {
        let last = total.div_ceil(page.size).max(1);
        let first_item = (page.number - 1).saturating_mul(page.size).saturating_add(1);
        let last_item = total.min(first_item.saturating_add(page.size).saturating_sub(1));
        let is_empty = first_item > total;
        let bounds = (!is_empty).then_some((first_item, last_item));
        let mut links = json!({ "first": self.link(1, page), "last": self.link(last, page) });
        if let Some(links) = links.as_object_mut() {
            if page.number < last {
                links.insert("next".to_owned(), self.link(page.number + 1, page).into());
            }
            if page.number > 1 {
                links.insert("prev".to_owned(), self.link(page.number - 1, page).into());
            }
        }
        let meta = json!({ "page": {
            "currentPage": page.number,
            "from": bounds.map(|(from, _)| from),
            "lastPage": last,
            "perPage": page.size,
            "to": bounds.map(|(_, to)| to),
            "total": total,
        }});
        [("meta", meta), ("jsonapi", json!({ "version": "1.0" })), ("links", links)]
            .map(|(name, value)| (name.to_owned(), value))
            .into_iter()
            .collect()
    }

    /// The address of another page of the same list, with the filters of the request.
    fn link(&self, number: usize, page: Page) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.append_pair("page[number]", &number.to_string());
        query.append_pair("page[size]", &page.size.to_string());
        for (name, value) in &self.pairs {
            if !name.starts_with("page[") {
                query.append_pair(name, value);
            }
        }
        format!("{BASE_URL}{}?{}", self.path, query.finish())
    }

    /// The first value of a parameter.
    fn value(&self, name: &str) -> Option<&str> {
        self.pairs.iter().find(|(found, _)| found == name).map(|(_, value)| value.as_ref())
    }

    /// A number that is at least 1.
    fn count(&self, name: &str) -> Result<Option<usize>, Refusal> {
        let Some(text) = self.value(name) else { return Ok(None) };
        let count = text.parse().ok().filter(|count| *count > 0);
        count.map(Some).ok_or_else(|| {
            let parameter = name.replace('[', ".").replace(']', "");
            Refusal::wrong_parameter(&parameter, "The number must be at least 1.")
        })
    }
}

/// The range of a page in a list.
#[derive(Clone, Copy, Debug)]
pub(super) struct Page {
    number: usize,
    size: usize,
    order: SortOrder,
}

impl Page {
    /// The items of this page of a list that is sorted by id, oldest first.
    pub(super) fn of<T>(self, mut items: Vec<T>) -> Vec<T> {
        if self.order == SortOrder::NewestFirst {
            items.reverse();
        }
        items.into_iter().skip((self.number - 1).saturating_mul(self.size)).take(self.size).collect()
    }
}
