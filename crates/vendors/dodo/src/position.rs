//! Where a listing continues, as stored in page tokens. A token names the shape that it belongs to.

use std::fmt;

use anykey_core::adapter::{ErrorExt as _, PageTokenExt as _, Paging};
use anykey_core::{Error, ErrorKind, LicenseKey, ListQuery, Operation, PageToken, Result};

use crate::NAME;
use crate::shape::Shape;

/// The largest page that Dodo makes.
pub(crate) const MAX_PAGE_SIZE: u32 = 100;

/// A page of one of Dodo's lists, counted from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct PageAt {
    /// The number of the page, from 0.
    pub(crate) number: u64,
    /// How many records it has if it is full, from 1 to 100.
    pub(crate) size: u32,
}

impl PageAt {
    /// The first page of this size.
    pub(crate) const fn first(size: u32) -> Self {
        Self { number: 0, size }
    }

    /// The page after this one, of the same size.
    pub(crate) const fn next(self) -> Self {
        Self { number: self.number.saturating_add(1), size: self.size }
    }

    /// A position at which nothing is read, for a list that is known to have ended.
    pub(crate) const fn past_the_end(self) -> Self {
        Self { number: u64::MAX, size: self.size }
    }

    /// Whether this is that position.
    pub(crate) const fn is_past_the_end(self) -> bool {
        self.number == u64::MAX
    }

    /// A page that begins inside this one, which has `records` records, and continues after them.
    pub(crate) fn past(self, records: u32) -> Option<Self> {
        let end = self.number.checked_mul(u64::from(self.size))?.checked_add(u64::from(records))?;
        let (number, size) = Paging::new(&ListQuery::new(), records).page_from(end.checked_sub(1)?, end)?;
        Some(Self { number, size })
    }

    /// Whether a page with so many items is the last one, unless Dodo [cut](crate::page_cap) it: it reports no total.
    pub(crate) fn is_last(self, items: usize) -> bool {
        u32::try_from(items).is_ok_and(|items| items < self.size)
    }
}

impl fmt::Display for PageAt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.number, self.size)
    }
}

/// Where a listing continues.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Position {
    /// `classic:<page>:<size>`
    Classic(PageAt),
    /// `grants:customer:<page>:<size>`, of the customer that the query names.
    OfCustomer(PageAt),
    /// `grants:entitlement:<id>:<page>:<size>`, and after it the entitlements with greater ids.
    OfEntitlement(Box<str>, PageAt),
}

impl Position {
    /// Reads a token; `<page>:<size>` alone, as older versions wrote it, is classic.
    ///
    /// # Errors
    ///
    /// `InvalidRequest` for a token of another provider, and for one that is damaged.
    pub(crate) fn read(token: &PageToken) -> Result<Self> {
        let state = token.state(NAME)?;
        let Some((rest, page)) = page(state) else { return Err(damaged()) };
        match (rest, rest.strip_prefix("grants:entitlement:")) {
            ("" | "classic", _) => Ok(Self::Classic(page)),
            ("grants:customer", _) => Ok(Self::OfCustomer(page)),
            (_, Some(id)) if !id.is_empty() => Ok(Self::OfEntitlement(id.into(), page)),
            _ => Err(damaged()),
        }
    }

    /// The API that the listing belongs to.
    pub(crate) const fn shape(&self) -> Shape {
        match self {
            Self::Classic(_) => Shape::Classic,
            Self::OfCustomer(_) | Self::OfEntitlement(..) => Shape::Grants,
        }
    }

    /// The page after this one in the same list.
    pub(crate) fn turned(&self) -> Self {
        self.at(self.page().next())
    }

    /// A page of the same list that begins inside this one of `keys`, which has all the records that it may have;
    /// pages have at most `cap`.
    pub(crate) fn overlapped(&self, query: &ListQuery, keys: &[LicenseKey], cap: u32) -> Option<Self> {
        let PageAt { number, size } = self.page();
        let (number, size) = Paging::new(query, cap).overlap_of_ties(keys, number, size)?;
        Some(self.at(PageAt { number, size }))
    }

    /// This page and those of the same list that follow it if all of them are full: Dodo does not tell where it
    /// ends.
    pub(crate) fn ahead(&self, query: &ListQuery, keys: &[LicenseKey], cap: u32) -> Vec<PageToken> {
        let PageAt { number, size } = self.page();
        let following = Paging::new(query, cap).pages_from((number, size), keys, None);
        following.map(|(number, size)| self.at(PageAt { number, size }).token()).collect()
    }

    /// The page in the list that this position is in.
    pub(crate) const fn page(&self) -> PageAt {
        match self {
            Self::Classic(page) | Self::OfCustomer(page) | Self::OfEntitlement(_, page) => *page,
        }
    }

    /// Another page of the same list.
    pub(crate) fn at(&self, page: PageAt) -> Self {
        match self {
            Self::Classic(_) => Self::Classic(page),
            Self::OfCustomer(_) => Self::OfCustomer(page),
            Self::OfEntitlement(id, _) => Self::OfEntitlement(id.clone(), page),
        }
    }

    /// The position as a token, which [`read`](Self::read) accepts.
    pub(crate) fn token(&self) -> PageToken {
        match self {
            Self::Classic(page) => PageToken::new(NAME, format_args!("classic:{page}")),
            Self::OfCustomer(page) => PageToken::new(NAME, format_args!("grants:customer:{page}")),
            Self::OfEntitlement(id, page) => {
                PageToken::new(NAME, format_args!("grants:entitlement:{id}:{page}"))
            }
        }
    }
}

/// Splits the page off the end; what is before it is empty in the tokens of older versions.
fn page(state: &str) -> Option<(&str, PageAt)> {
    let (rest, size) = state.rsplit_once(':')?;
    let (rest, number) = rest.rsplit_once(':').unwrap_or(("", rest));
    let size = size.parse().ok().filter(|size| *size > 0)?;
    Some((rest, PageAt { number: number.parse().ok()?, size: MAX_PAGE_SIZE.min(size) }))
}

/// The error for a token that cannot be continued with this query.
pub(crate) fn damaged() -> Error {
    Error::new(
        ErrorKind::InvalidRequest,
        "the page token is damaged, or was made with other filters; start again without a token",
    )
    .with_provider(NAME)
    .with_operation(Operation::List)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_read_as_they_were_written() {
        let page = PageAt { number: 3, size: 100 };
        for (position, text) in [
            (Position::Classic(page), "dodo:classic:3:100"),
            (Position::OfCustomer(page), "dodo:grants:customer:3:100"),
            (Position::OfEntitlement("ent_1".into(), page), "dodo:grants:entitlement:ent_1:3:100"),
            (Position::OfEntitlement("a:b".into(), page), "dodo:grants:entitlement:a:b:3:100"),
        ] {
            assert_eq!(position.token().as_str(), text);
            assert_eq!(Position::read(&text.into()).unwrap(), position);
        }
        assert_eq!(Position::read(&PageToken::numbered(NAME, 3, 100)).unwrap(), Position::Classic(page));
    }

    #[test]
    fn a_size_over_the_maximum_is_cut() {
        let read = Position::read(&"dodo:classic:0:4000".into()).unwrap();
        assert_eq!(read, Position::Classic(PageAt::first(100)));
    }

    #[test]
    fn damaged_and_foreign_tokens_are_invalid_requests() {
        for text in [
            "",
            "dodo",
            "dodo:",
            "dodo:1",
            "dodo:classic",
            "dodo:classic:1",
            "dodo:classic:1:0",
            "dodo:classic:-1:5",
            "dodo:Classic:1:5",
            "dodo:grants:1:5",
            "dodo:grants:customer",
            "dodo:grants:customer:cus_1:1:5",
            "dodo:grants:entitlement:1:5",
            "dodo:grants:entitlement::1:5",
            "dodo:no page:\u{e9}",
            "polar:1:5",
        ] {
            let error = Position::read(&text.into()).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{text}");
            assert_eq!((error.provider(), error.operation()), (Some(NAME), Some(Operation::List)), "{text}");
        }
    }
}
