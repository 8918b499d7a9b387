//! Lists, newest first. There are three ways to page: the first `limit` records (10 by default) without links,
//! numbered pages up to 100 with all links and the count, and cursors, which are ids of records
//! (`concerns/pagination.rb`, June 2026).

use std::borrow::Cow;

use anykey_core::Timestamp;
use http::Uri;
use serde_json::{Value, json};

use super::answer::Answer;
use super::ids::is_uuid;
use super::problem::{Outcome, Problem};
use super::quirks::Quirks;

const DEFAULT_SIZE: usize = 10;
const MAXIMUM: usize = 100;

/// The query string of a request.
pub(super) struct Query<'r> {
    path: &'r str,
    pairs: Vec<(Cow<'r, str>, Cow<'r, str>)>,
}

/// The requested part of a list.
///
/// A cursor wins over a number.
enum Part {
    First { limit: usize },
    Number { number: usize, size: usize },
    Cursor { cursor: String, size: usize },
}

impl<'r> Query<'r> {
    pub(super) fn of(uri: &'r Uri) -> Self {
        let query = uri.query().unwrap_or_default().as_bytes();
        Self { path: uri.path(), pairs: url::form_urlencoded::parse(query).collect() }
    }

    pub(super) fn value(&self, name: &str) -> Option<&str> {
        self.pairs.iter().find(|(found, _)| found == name).map(|(_, value)| value.as_ref())
    }

    /// The value of a boolean parameter; every word but the known ones is false.
    pub(super) fn flag(&self, name: &str) -> Option<bool> {
        let words = ["1", "true", "TRUE", "t", "T", "yes", "YES", "y", "Y"];
        self.value(name).map(|value| words.contains(&value))
    }

    /// The values of a list parameter, separated by commas or given as `name[]`.
    pub(super) fn list(&self, name: &str) -> Vec<String> {
        let array = format!("{name}[]");
        let values = self.pairs.iter().filter(|(found, _)| *found == name || *found == array);
        let parts = values.flat_map(|(_, value)| value.split(','));
        parts.map(|part| part.trim().to_owned()).filter(|part| !part.is_empty()).collect()
    }

    /// The members of an object parameter, given as `name[member]`.
    pub(super) fn members(&self, name: &str) -> impl Iterator<Item = (&str, &str)> {
        self.pairs.iter().filter_map(move |(found, value)| {
            let member = found.strip_prefix(name)?.strip_prefix('[')?.strip_suffix(']')?;
            Some((member, value.as_ref()))
        })
    }

    /// The list of the requested part of `items`, each as its `document`. `key` is what the list is sorted by, newest
    /// first.
    pub(super) fn answer<T>(
        &self,
        items: Vec<T>,
        key: impl Fn(&T) -> (Timestamp, String),
        document: impl Fn(&T) -> Value,
        quirks: &Quirks,
    ) -> Outcome<Answer> {
        let (page, links) = self.page(items, key, quirks)?;
        let data: Vec<_> = page.iter().map(document).collect();
        Ok(Answer::document(json!({ "data": data, "links": links })))
    }

    /// The requested part of `items`, and the links. An unknown cursor is an empty page;
    /// [`Quirks::refuses_unknown_cursor`] makes it an error.
    fn page<T>(
        &self,
        mut items: Vec<T>,
        key: impl Fn(&T) -> (Timestamp, String),
        quirks: &Quirks,
    ) -> Outcome<(Vec<T>, Value)> {
        items.sort_by_cached_key(|item| std::cmp::Reverse(key(item)));
        if self.value("order") == Some("asc") {
            items.reverse();
        }
        match self.part()? {
            Part::First { limit } => Ok((items.into_iter().take(limit).collect(), json!({}))),
            Part::Number { number, size } => {
                let (count, pages) = (items.len(), items.len().div_ceil(size));
                let link = |number: usize| self.link(&[("page[number]", number.to_string())], size);
                let links = json!({
                    "self": link(number),
                    "prev": (number > 1).then(|| link(number - 1)),
                    "next": (number < pages).then(|| link(number + 1)),
                    "first": link(1),
                    "last": link(pages),
                    "meta": { "pages": pages, "count": count },
                });
                let skipped = (number - 1).saturating_mul(size);
                Ok((items.into_iter().skip(skipped).take(size).collect(), links))
            }
            Part::Cursor { cursor, size } => {
                let start = match items.iter().position(|item| key(item).1 == cursor) {
                    _ if cursor.is_empty() => 0,
                    Some(index) => index + 1,
                    None if quirks.refuses_unknown_cursor => {
                        return Err(bad("page[cursor]", "page cursor is unknown"));
                    }
                    None => items.len(),
                };
                let has_more = items.len() > start.saturating_add(size);
                let page: Vec<_> = items.into_iter().skip(start).take(size).collect();
                let next = page.last().filter(|_| has_more).map(|last| key(last).1);
                let link = |cursor: &str| self.link(&[("page[cursor]", cursor.to_owned())], size);
                let links = json!({ "self": link(&cursor), "next": next.as_deref().map(link) });
                Ok((page, links))
            }
        }
    }

    /// # Errors
    ///
    /// 400 with the parameter's name: sizes and page numbers are 1 to 100, a cursor is a UUID, and a size needs a
    /// number or a cursor beside it.
    fn part(&self) -> Outcome<Part> {
        let limit = match self.value("limit") {
            None => DEFAULT_SIZE,
            Some(text) => number(text)
                .filter(|limit| (1..=MAXIMUM).contains(limit))
                .ok_or_else(|| bad("limit", "limit must be a number between 1 and 100"))?,
        };
        let size = || match self.value("page[size]") {
            None => Ok(limit),
            Some(text) => number(text)
                .filter(|size| (1..=MAXIMUM).contains(size))
                .ok_or_else(|| bad("page[size]", "page size must be a number between 1 and 100")),
        };
        match (self.value("page[cursor]"), self.value("page[number]")) {
            (Some(cursor), _) if !cursor.is_empty() && !is_uuid(cursor) => {
                Err(bad("page[cursor]", "page cursor must be a valid UUID"))
            }
            (Some(cursor), _) => Ok(Part::Cursor { cursor: cursor.to_owned(), size: size()? }),
            (None, Some(text)) => match number(text) {
                Some(number @ 1..=MAXIMUM) => Ok(Part::Number { number, size: size()? }),
                _ => Err(bad("page[number]", "page number must be a number between 1 and 100")),
            },
            (None, None) if self.value("page[size]").is_some() => {
                let detail = "page must be an object containing a cursor or number and optional size";
                Err(bad("page", detail))
            }
            (None, None) => Ok(Part::First { limit }),
        }
    }

    /// A relative link that keeps the filters, and leaves out credentials of the query.
    fn link(&self, page: &[(&str, String)], size: usize) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        for (name, value) in &self.pairs {
            if !name.starts_with("page[") && name != "token" && name != "auth" {
                query.append_pair(name, value);
            }
        }
        for (name, value) in page {
            query.append_pair(name, value);
        }
        query.append_pair("page[size]", &size.to_string());
        format!("{}?{}", self.path, query.finish())
    }
}

fn number(text: &str) -> Option<usize> {
    text.parse().ok()
}

fn bad(parameter: &str, detail: &str) -> Problem {
    Problem::bad_request(detail, None, Some(("parameter", parameter)))
}
