use std::fmt;

use serde::{Deserialize, Serialize};

use crate::UnreadableRecord;

mod token_ext;

pub use token_ext::PageTokenExt;
pub(crate) use token_ext::damaged_token;

/// One page of a listing.
///
/// An empty page is not the end of the listing; a page without [`next`](Self::next) is.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Page<T> {
    /// The records, in the vendor's order.
    pub items: Vec<T>,
    /// The records that could not be read, in the vendor's order; empty almost always. [`total`](Self::total)
    /// counts them.
    pub unreadable: Vec<UnreadableRecord>,
    /// Where to go on; `None` at the end.
    pub next: Option<PageToken>,
    /// Where to go on with a page whose first record is this page's last or one before it; `None` when the
    /// vendor has no such page.
    ///
    /// A vendor that counts pages moves records over a page's edge when an earlier one is removed meanwhile,
    /// and [`next`](Self::next) then misses some. A page that begins with a record that is known already cannot
    /// have missed any; [`LicenseProviderExt::keys`](crate::LicenseProviderExt::keys) reads on in this way.
    pub overlap: Option<PageToken>,
    /// The pages that presumably follow this one in reading order, as many as
    /// [`ListQuery::pages_ahead`](crate::ListQuery::pages_ahead) asks for or fewer; empty where nobody asks,
    /// and where the vendor's pages cannot be named ahead.
    ///
    /// The first is where reading actually continues: [`overlap`](Self::overlap), or else [`next`](Self::next). Each
    /// further one is what follows the page before it, if that page is full.
    /// No page is named past an end that the vendor reports. They are for asking early, never for skipping: what
    /// a page itself says about how to go on counts.
    pub ahead: Vec<PageToken>,
    /// How many records the whole listing has; `None` when the vendor does not report it (Dodo).
    pub total: Option<u64>,
}

impl<T> Page<T> {
    /// A page that is the last one.
    #[must_use]
    pub const fn last(items: Vec<T>) -> Self {
        Self { items, unreadable: Vec::new(), next: None, overlap: None, ahead: Vec::new(), total: None }
    }

    /// Adds the records that could not be read.
    #[must_use]
    pub fn with_unreadable(mut self, unreadable: Vec<UnreadableRecord>) -> Self {
        self.unreadable = unreadable;
        self
    }

    /// Adds where to go on; `None` makes it the last page.
    #[must_use]
    pub fn with_next(mut self, next: impl Into<Option<PageToken>>) -> Self {
        self.next = next.into();
        self
    }

    /// Adds where to go on with a page that begins with a record of this one.
    #[must_use]
    pub fn with_overlap(mut self, overlap: impl Into<Option<PageToken>>) -> Self {
        self.overlap = overlap.into();
        self
    }

    /// Adds the pages that presumably follow.
    #[must_use]
    pub fn with_ahead(mut self, ahead: impl IntoIterator<Item = PageToken>) -> Self {
        self.ahead = ahead.into_iter().collect();
        self
    }

    /// Changes each token of the page, as a provider around another one does to find its way back.
    ///
    /// ```
    /// use anykey_core::{Page, PageToken};
    ///
    /// let page = Page::last(vec![1, 2]).with_next(PageToken::from("acme:2:2"));
    /// let page = page.map_tokens(|token| PageToken::from(format!("outer:{token}")));
    /// assert_eq!(page.next, Some(PageToken::from("outer:acme:2:2")));
    /// ```
    #[must_use]
    pub fn map_tokens(mut self, mut change: impl FnMut(PageToken) -> PageToken) -> Self {
        self.next = self.next.map(&mut change);
        self.overlap = self.overlap.map(&mut change);
        self.ahead = self.ahead.into_iter().map(change).collect();
        self
    }

    /// Adds how many records the whole listing has.
    #[must_use]
    pub fn with_total(mut self, total: impl Into<Option<u64>>) -> Self {
        self.total = total.into();
        self
    }
}

/// Where a listing continues. Opaque: written and read by the provider that made it.
///
/// It may be stored as text and used later, with the same filters. A token of another provider is an
/// [`ErrorKind::InvalidRequest`](crate::ErrorKind::InvalidRequest). Adapters make and read them through
/// [`adapter::PageTokenExt`](crate::adapter::PageTokenExt).
///
/// ```
/// use anykey_core::PageToken;
///
/// # let token = PageToken::from("acme:3:100");
/// let stored = token.to_string();
/// assert_eq!(PageToken::from(stored), token);
/// ```
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PageToken(Box<str>);

impl PageToken {
    /// The token's text, for storing it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for PageToken {
    fn from(token: &str) -> Self {
        Self(token.into())
    }
}

impl From<String> for PageToken {
    fn from(token: String) -> Self {
        Self(token.into())
    }
}

impl fmt::Display for PageToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for PageToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PageToken({})", self.0)
    }
}
