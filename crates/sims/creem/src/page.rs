//! Pages of lists: their parameters, and the member `pagination`.

use http::Uri;
use serde_json::{Value, json};

use super::quirks::Quirks;
use super::refusal::Refusal;

/// The size of a page if the request has none, by the documentation.
const DEFAULT_PAGE_SIZE: usize = 10;

/// The requested page of a list, counted from 1.
///
/// A number beyond the last page is an empty page, not an error.
#[derive(Clone, Copy, Debug)]
pub(super) struct Page {
    number: usize,
    size: usize,
}

impl Page {
    /// Reads `page_number` and `page_size`. Other parameters are ignored.
    pub(super) fn of(uri: &Uri, quirks: &Quirks) -> Result<Self, Refusal> {
        let number = count(uri, "page_number")?.unwrap_or(1);
        let size = count(uri, "page_size")?.unwrap_or(DEFAULT_PAGE_SIZE);
        let most = quirks.max_page_size;
        let size = quirks.oversized_page.size(size, most);
        let size =
            size.ok_or_else(|| Refusal::Invalid(vec![format!("page_size must not be greater than {most}")]))?;
        Ok(Self { number, size })
    }

    /// The items of this page.
    pub(super) fn items<T>(self, items: Vec<T>) -> impl Iterator<Item = T> {
        items.into_iter().skip((self.number - 1).saturating_mul(self.size)).take(self.size)
    }

    /// The member `pagination`: the totals, and the numbers of the pages before and after, or null.
    pub(super) fn pagination(self, total: usize) -> Value {
        let pages = total.div_ceil(self.size);
        json!({
            "total_records": total,
            "total_pages": pages,
            "current_page": self.number,
            "next_page": (self.number < pages).then(|| self.number + 1),
            "prev_page": (self.number > 1).then(|| self.number - 1),
        })
    }
}

/// The value of a parameter that is a number of at least 1.
pub(super) fn count(uri: &Uri, name: &str) -> Result<Option<usize>, Refusal> {
    let query = uri.query().unwrap_or_default().as_bytes();
    let Some((_, text)) = url::form_urlencoded::parse(query).find(|(found, _)| found == name) else {
        return Ok(None);
    };
    let count = text.parse().ok().filter(|count| *count > 0);
    count.map(Some).ok_or_else(|| Refusal::Invalid(vec![format!("{name} must not be less than 1")]))
}
