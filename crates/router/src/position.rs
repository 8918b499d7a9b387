//! Page tokens of a joined listing: `router:provider:totals:the provider's own token`.
//!
//! The totals are part of the token, so that each page of a listing reports the same sum without asking every provider
//! again.

use std::sync::Arc;

use anykey_core::adapter::PageTokenExt as _;
use anykey_core::{ErrorKind, Operation, PageToken, Result};

use crate::inner::Inner;
use crate::target::Target;

/// Where a joined listing continues.
#[derive(Clone, Debug)]
pub(crate) struct Position {
    /// The provider that is listed.
    pub(crate) target: Arc<Target>,
    /// The totals of all providers that are listed, in their order; `None` when one of them reports none.
    pub(crate) totals: Option<Vec<u64>>,
    /// The provider's own token; `None` is its first page.
    pub(crate) page: Option<PageToken>,
}

impl Position {
    /// The position as a token of this router.
    pub(crate) fn token(&self, router: &str) -> PageToken {
        let totals: Vec<String> = self.totals.iter().flatten().map(u64::to_string).collect();
        let page = self.page.as_ref().map_or("", PageToken::as_str);
        PageToken::new(router, format_args!("{}:{}:{page}", self.target.name(), totals.join(",")))
    }
}

impl Inner {
    /// Reads a token of this router.
    ///
    /// # Errors
    ///
    /// `InvalidRequest` for a damaged token, one of another router, and one of a provider that is no longer there.
    pub(crate) fn position(&self, token: &PageToken) -> Result<Position> {
        let state = token.state(&self.name)?;
        let read = || {
            let (name, rest) = state.split_once(':')?;
            let (totals, page) = rest.split_once(':')?;
            let totals = match totals {
                "" => None,
                totals => {
                    Some(totals.split(',').map(|total| total.parse().ok()).collect::<Option<Vec<_>>>()?)
                }
            };
            let target = Arc::clone(self.target(name)?);
            Some(Position { target, totals, page: (!page.is_empty()).then(|| page.into()) })
        };
        read().ok_or_else(|| {
            let message = "the page token is damaged, or of a provider that the router no longer has; start again \
                           without a token";
            self.error(ErrorKind::InvalidRequest, Operation::List, message)
        })
    }
}
