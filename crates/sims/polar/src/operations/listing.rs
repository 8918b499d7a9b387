//! Pages of keys, as both planes list them.

use http::StatusCode;
use serde::Serialize;
use uuid::Uuid;

use crate::documents::KeyDocument;
use crate::options::ApiVersion;
use crate::records::LicenseKey;
use crate::reply::{Crash, Problem, Reply, json};
use crate::state::{Copy, State};
use crate::validation::Page;

/// A page. A page after the last one is empty, and no error.
#[derive(Serialize)]
struct List<'a> {
    items: Vec<KeyDocument<'a>>,
    pagination: Pagination,
}

/// The number of keys that pass the filters, and the number of the last page.
#[derive(Serialize)]
pub(super) struct Pagination {
    pub(super) total_count: usize,
    pub(super) max_page: usize,
}

/// The records of a page, and its place in the list.
///
/// An offset that does not fit 64 bits is an error of the database.
pub(super) fn on_page<T>(records: Vec<T>, page: &Page) -> Result<(Vec<T>, Pagination), Problem> {
    let start = page.limit.checked_mul(page.number - 1).ok_or(Crash)?;
    let start = usize::try_from(start).unwrap_or(usize::MAX);
    let limit = usize::try_from(page.limit).unwrap_or(usize::MAX);
    let pagination = Pagination { total_count: records.len(), max_page: records.len().div_ceil(limit) };
    Ok((records.into_iter().skip(start).take(limit).collect(), pagination))
}

/// Answers one page of the keys with the sorted `ids` that `wanted` accepts. Without `wanted`, all keys are accepted,
/// and only those of the page are read.
///
/// An offset that does not fit 64 bits is an error of the database.
pub(super) fn answer(
    state: &State,
    copy: Copy,
    ids: &[Uuid],
    wanted: Option<&dyn Fn(&LicenseKey) -> bool>,
    page: &Page,
    version: ApiVersion,
) -> Result<Reply, Problem> {
    let start = page.limit.checked_mul(page.number - 1).ok_or(Crash)?;
    let start = usize::try_from(start).unwrap_or(usize::MAX);
    let limit = usize::try_from(page.limit).unwrap_or(usize::MAX);
    let (total_count, on_page): (usize, Vec<&LicenseKey>) = if wanted.is_none() && state.is_complete(copy) {
        let on_page = ids.iter().skip(start).take(limit);
        (ids.len(), on_page.filter_map(|id| state.key(*id)).collect())
    } else {
        let keys = ids.iter().filter_map(|id| state.key_in(copy, *id));
        let keys: Vec<_> = keys.filter(|key| wanted.is_none_or(|wanted| wanted(key))).collect();
        (keys.len(), keys.into_iter().skip(start).take(limit).collect())
    };
    let documents = on_page.into_iter().map(|key| state.key_document(key, version));
    let items = documents.collect::<Result<_, _>>()?;
    let pagination = Pagination { total_count, max_page: total_count.div_ceil(limit) };
    Ok(json(StatusCode::OK, &List { items, pagination })?)
}
