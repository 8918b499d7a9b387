//! Query strings, as the vendor's framework reads them.

use std::borrow::Cow;
use std::str::FromStr;

use anykey_core::Timestamp;
use http::Uri;

use super::quirks::Quirks;
use super::refusal::Refusal;

/// The page size of a request that names none.
const DEFAULT_PAGE_SIZE: usize = 10;
/// The largest page.
const MAXIMUM_PAGE_SIZE: usize = 100;

/// The query string of a request. Unknown parameters are ignored.
pub(super) struct Query<'r>(Vec<(Cow<'r, str>, Cow<'r, str>)>);

impl<'r> Query<'r> {
    /// The query of a URL.
    pub(super) fn of(uri: &'r Uri) -> Self {
        Self(url::form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes()).collect())
    }

    /// The value of `name`; `None` if absent. A repeated name is an error.
    pub(super) fn text(&self, name: &str) -> Result<Option<&str>, Refusal> {
        let mut values = self.0.iter().filter(|(found, _)| found == name).map(|(_, value)| value.as_ref());
        let first = values.next();
        match values.next() {
            Some(_) => Err(Refusal::wrong_query(format_args!("duplicate field `{name}`"))),
            None => Ok(first),
        }
    }

    /// The value of `name` as one of `all`.
    pub(super) fn word<T: Copy, const N: usize>(
        &self,
        name: &str,
        all: [T; N],
        word: fn(T) -> &'static str,
    ) -> Result<Option<T>, Refusal> {
        let Some(text) = self.text(name)? else { return Ok(None) };
        let known = all.into_iter().find(|one| word(*one) == text);
        known.map(Some).ok_or_else(|| {
            let expected = all.map(|one| format!("`{}`", word(one))).join(", ");
            Refusal::wrong_query(format_args!("{name}: unknown variant `{text}`, expected one of {expected}"))
        })
    }

    /// The value of `name` as a time.
    pub(super) fn instant(&self, name: &str) -> Result<Option<Timestamp>, Refusal> {
        self.parsed(name)
    }

    /// The requested page of a list.
    pub(super) fn page(&self, quirks: &Quirks) -> Result<Page, Refusal> {
        let number = self.count("page_number")?.unwrap_or(0);
        let size = match self.count("page_size")? {
            None => DEFAULT_PAGE_SIZE,
            Some(size) => {
                quirks.oversized_page.size(size, MAXIMUM_PAGE_SIZE).ok_or_else(Refusal::oversized_page)?
            }
        };
        Ok(Page { skip: number.saturating_mul(size), take: size })
    }

    /// The value of `name` as a number that is not negative.
    fn count(&self, name: &str) -> Result<Option<usize>, Refusal> {
        let Some(number) = self.parsed::<i32>(name)? else { return Ok(None) };
        let count = usize::try_from(number);
        count.map(Some).map_err(|_| Refusal::wrong_query(format_args!("{name}: must not be negative")))
    }

    /// The value of `name`, if it can be read.
    fn parsed<T: FromStr<Err: std::fmt::Display>>(&self, name: &str) -> Result<Option<T>, Refusal> {
        let text = self.text(name)?;
        let parsed = text.map(str::parse).transpose();
        parsed.map_err(|error: T::Err| Refusal::wrong_query(format_args!("{name}: {error}")))
    }
}

/// The range of a page in a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Page {
    /// How many records come before it.
    skip: usize,
    /// How many records it has at most.
    take: usize,
}

impl Page {
    /// The records of the page.
    pub(super) fn of<T>(self, items: impl Iterator<Item = T>) -> impl Iterator<Item = T> {
        items.skip(self.skip).take(self.take)
    }
}
