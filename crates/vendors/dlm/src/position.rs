//! Where a listing goes on, as page tokens keep it.
//!
//! The server has no pages: it sends every key at once, the newest first. A smaller page is a part of that, which goes
//! on after the id of its last key, so that keys which are added or deleted in between move nothing.

use anykey_core::adapter::{ErrorExt as _, PageTokenExt as _};
use anykey_core::{Error, ErrorKind, LicenseKey, ListQuery, Operation, Page, PageToken, Result};

use crate::NAME;

/// A page of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Position {
    /// The id of the last key before the page; `None` at the start.
    after: Option<u64>,
    /// How many keys the page may hold.
    size: u32,
}

impl Position {
    /// The page that a query asks for: the first one, or the one that its token names. Without a page size one page
    /// holds everything.
    ///
    /// # Errors
    ///
    /// `InvalidRequest` for a token of another provider, and for one that is damaged.
    pub(crate) fn of(query: &ListQuery) -> Result<Self> {
        let Some(token) = &query.page else {
            return Ok(Self { after: None, size: query.page_size.unwrap_or(u32::MAX).max(1) });
        };
        match token.as_numbered(NAME)? {
            (after @ 1.., size @ 1..) => Ok(Self { after: Some(after), size }),
            _ => {
                let message = "the page token is damaged; start again without it";
                let error = Error::new(ErrorKind::InvalidRequest, message);
                Err(error.with_provider(NAME).with_operation(Operation::List))
            }
        }
    }

    /// The part of all `keys` that the page holds, newest first. Only the first page reports a total.
    pub(crate) fn page(self, mut keys: Vec<LicenseKey>) -> Page<LicenseKey> {
        let number = |key: &LicenseKey| key.id.as_str().parse::<u64>().unwrap_or_default();
        // Later pages tell no total: none of their keys moves when one before them is removed, which a total would
        // suggest.
        let total = self.after.is_none().then_some(u64::try_from(keys.len()).ok()).flatten();
        keys.sort_by_key(|key| std::cmp::Reverse(number(key)));
        if let Some(after) = self.after {
            keys.retain(|key| number(key) < after);
        }
        let size = usize::try_from(self.size).unwrap_or(usize::MAX);
        let has_more = keys.len() > size;
        keys.truncate(size);
        let last = keys.last().map(number).filter(|_| has_more);
        let next = last.map(|id| PageToken::numbered(NAME, id, self.size));
        Page::last(keys).with_total(total).with_next(next)
    }
}
