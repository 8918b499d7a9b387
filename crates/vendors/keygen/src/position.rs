//! Positions in a list, as page tokens store them.
//!
//! A token has the page size and one or two ids of records. Numbers of pages are not used: Keygen has none above 100
//! (server's code, June 2026), and they shift when a key is created meanwhile.

use anykey_core::adapter::{ErrorExt as _, PageTokenExt as _, Paging};
use anykey_core::{Error, ErrorKind, ListQuery, Operation, PageToken, Result};

use crate::NAME;
use crate::credential::is_uuid;

/// Keygen's maximum page size. The default is 10.
pub(crate) const MAX_PAGE_SIZE: u32 = 100;

/// The beginning of a page: after one of these records.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Position {
    /// How many records a page has, from 1 to 100.
    pub(crate) size: u32,
    /// The last record of the previous page, and the one before it, for the case that the last one is deleted. Empty at
    /// the beginning of the list.
    pub(crate) after: Vec<Box<str>>,
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
            return Ok(Self { size, after: Vec::new() });
        };
        let mut parts = token.state(NAME)?.split(':');
        let size = parts.next().and_then(|size| size.parse().ok());
        let after: Vec<Box<str>> = parts.map(Into::into).collect();
        let is_whole = (1..=2).contains(&after.len()) && after.iter().all(|id| is_uuid(id));
        match size {
            Some(size @ 1..=MAX_PAGE_SIZE) if is_whole => Ok(Self { size, after }),
            _ => Err(invalid("the page token is damaged; start again without it")),
        }
    }

    /// The position after a page of records with these ids; `next` is the cursor that Keygen names. Two ids are kept
    /// where possible. On a page of one key, the other one is the last of the page before.
    pub(crate) fn next(&self, next: &str, ids: &[&str]) -> PageToken {
        let before = match ids {
            [.., before, _] => Some(*before),
            _ => self.after.first().map(|id| &**id),
        };
        match before.filter(|before| is_uuid(before)) {
            Some(before) => PageToken::new(NAME, format_args!("{}:{next}:{before}", self.size)),
            None => PageToken::new(NAME, format_args!("{}:{next}", self.size)),
        }
    }
}

/// The cursor in a link to the next page. `None` for a link without one, and for one that is no UUID.
pub(crate) fn cursor(link: &str) -> Option<String> {
    let (_, query) = link.split_once('?')?;
    let mut pairs = url::form_urlencoded::parse(query.as_bytes());
    let (_, cursor) = pairs.find(|(name, _)| name == "page[cursor]")?;
    is_uuid(&cursor).then(|| cursor.into_owned())
}

/// The error for a token with which a listing cannot go on.
pub(crate) fn invalid(message: &'static str) -> Error {
    Error::new(ErrorKind::InvalidRequest, message).with_provider(NAME).with_operation(Operation::List)
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: &str = "11111111-1111-4111-8111-111111111111";
    const B: &str = "22222222-2222-4222-8222-222222222222";

    #[test]
    fn a_list_continues_after_two_records_of_the_previous_page() {
        let first = Position::of(&ListQuery::new().page_size(500)).unwrap();
        assert_eq!(first, Position { size: MAX_PAGE_SIZE, after: Vec::new() });
        let second = Position::of(&ListQuery::new().page(first.next(B, &["x", A, B]))).unwrap();
        assert_eq!(second.after, [B.into(), A.into()]);
        let third = Position::of(&ListQuery::new().page(second.next(A, &[A]))).unwrap();
        assert_eq!(third.after, [A.into(), B.into()]);
        for damaged in [
            "keygen:0:",
            "keygen:5",
            "keygen:101:",
            "dodo:1:10",
            "keygen:5:x",
            &format!("keygen:5:{A}:{A}:{A}"),
        ] {
            let error = Position::of(&ListQuery::new().page(damaged.into())).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{damaged}");
        }
    }

    #[test]
    fn the_cursor_is_part_of_the_next_link() {
        let link = format!("/v1/accounts/a/licenses?page%5Bcursor%5D={A}&page%5Bsize%5D=2");
        assert_eq!(cursor(&link).as_deref(), Some(A));
        assert_eq!(cursor("/v1/accounts/a/licenses?page%5Bnumber%5D=2"), None);
        assert_eq!(cursor("page[cursor]=1"), None);
    }
}
