//! Positions in a list, as page tokens store them.
//!
//! Gumroad's pages have ten sales, of which some have no key. A page of ours may be smaller, so a token names a page of
//! Gumroad's and the last key that was read of it.

use anykey_core::adapter::{ErrorExt as _, PageTokenExt as _, Paging};
use anykey_core::{
    Error, ErrorKind, LicenseKey, ListQuery, Operation, Page, PageToken, Result, UnreadableRecord,
};

use crate::NAME;
use crate::credential::is_sale_id;
use crate::list::{PAGE_SIZE, Sales};

/// [`PAGE_SIZE`] as queries count.
const MAX_PAGE_SIZE: u32 = 10;

/// A place in a list: a page of Gumroad and a key on it. A smaller page than Gumroad's is a part of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Position {
    /// The key of Gumroad's page; `None` for the first one.
    pub(crate) page_key: Option<Box<str>>,
    /// The id of the last key on it that was read before; `None` at its beginning.
    after: Option<Box<str>>,
    /// The largest number of keys on a page of ours.
    size: u32,
}

impl Position {
    /// The position at which `query` starts or continues.
    ///
    /// # Errors
    ///
    /// `InvalidRequest` for a token of another provider and for a damaged one.
    pub(crate) fn of(query: &ListQuery) -> Result<Self> {
        let Some(token) = &query.page else {
            let size = Paging::new(query, MAX_PAGE_SIZE).page_size();
            return Ok(Self { page_key: None, after: None, size });
        };
        Self::read(token.state(NAME)?).ok_or_else(|| {
            Error::new(ErrorKind::InvalidRequest, "the page token is damaged; start again without it")
                .with_provider(NAME)
                .with_operation(Operation::List)
        })
    }

    /// Reads a token's state: size, page key and id, separated by colons. `None` for anything that this adapter did not
    /// write, because the page key is sent to Gumroad.
    fn read(state: &str) -> Option<Self> {
        let mut parts = state.splitn(3, ':');
        let (size, page_key, after) = (parts.next()?, parts.next()?, parts.next()?);
        let size = size.parse().ok().filter(|size| (1..=MAX_PAGE_SIZE).contains(size))?;
        let is_part = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        let is_page_key = page_key.is_empty()
            || page_key.split_once('-').is_some_and(|(at, order)| is_part(at) && is_part(order));
        let is_whole = is_page_key && (after.is_empty() || is_sale_id(after));
        let given = |text: &str| (!text.is_empty()).then(|| text.into());
        let position = Self { page_key: given(page_key), after: given(after), size };
        // The very beginning has no token.
        (is_whole && !state.ends_with("::")).then_some(position)
    }

    /// The position as a token; empty parts stand for a beginning.
    fn token(&self) -> PageToken {
        let (page_key, after) = (self.page_key.as_deref(), self.after.as_deref());
        let state = format!("{}:{}:{}", self.size, page_key.unwrap_or_default(), after.unwrap_or_default());
        PageToken::new(NAME, state)
    }

    /// The page at this position: the next keys of `sales` that pass `filter`.
    ///
    /// Sales that were made meanwhile move the others on the first page, so that a key is looked for by its id. If it
    /// is no longer on the page, the page is read from its beginning: keys may come twice, none is missed.
    ///
    /// Keys that `filter` leaves out do not count, so a page may be empty and still have a next one.
    pub(crate) fn page(self, sales: Sales, filter: impl Fn(&LicenseKey) -> bool) -> Page<LicenseKey> {
        let Sales { list, next_page_key } = sales;
        let most = usize::try_from(self.size).unwrap_or(PAGE_SIZE);
        let records = list.records();
        let mut unreadable = list.unreadable.into_iter().peekable();
        let mut read = list.items.into_iter();
        let mut slots: Vec<_> = (0..records)
            .map(|position| match unreadable.next_if(|record| record.position == position) {
                Some(record) => Err(record),
                None => Ok(read.next().flatten()),
            })
            .collect();
        let is_last_read = |slot: &std::result::Result<Option<LicenseKey>, UnreadableRecord>| match (
            slot,
            self.after.as_deref(),
        ) {
            (Ok(Some(key)), Some(after)) => key.id.as_str() == after,
            _ => false,
        };
        let start = slots.iter().position(is_last_read).map_or(0, |last| last.saturating_add(1));
        let mut left = slots.drain(start..);
        let (mut keys, mut skipped) = (Vec::with_capacity(most), Vec::new());
        while keys.len() < most {
            match left.next() {
                Some(Ok(key)) => keys.extend(key.filter(|key| filter(key))),
                Some(Err(record)) => skipped.push(record),
                None => break,
            }
        }
        let next = match keys.last() {
            Some(last) if left.len() > 0 => {
                Some(Self { after: Some(last.id.as_str().into()), ..self.clone() })
            }
            _ => next_page_key.map(|key| Self { page_key: Some(key), after: None, size: self.size }),
        };
        Page::last(keys).with_unreadable(skipped).with_next(next.map(|next| next.token()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_names_gumroads_page_and_a_key_on_it() {
        let page = "20230119081040000000-123456";
        for state in [format!("10:{page}:"), format!("3:{page}:FO8TXN-dvaYbBbahG97a-Q=="), "3::a".to_owned()]
        {
            let token = PageToken::new(NAME, &state);
            let position = Position::of(&ListQuery::new().page(token.clone())).unwrap();
            assert_eq!(position.token(), token, "{state}");
        }
    }

    #[test]
    fn a_damaged_token_is_an_invalid_request() {
        for state in ["", "10", "10:0", "10:0:", "0:0:1-1", "11:0:1-1", "3:10:1-1", "3:x:1-1", "3:1:1&page=2"]
        {
            let query = ListQuery::new().page(PageToken::new(NAME, state));
            assert_eq!(Position::of(&query).unwrap_err().kind(), ErrorKind::InvalidRequest, "{state}");
        }
        let foreign = ListQuery::new().page(PageToken::numbered("dodo", 1, 10));
        assert_eq!(Position::of(&foreign).unwrap_err().kind(), ErrorKind::InvalidRequest);
    }
}
