//! The pages of Polar's lists.

use anykey_core::adapter::NumberedPage;

use crate::NAME;

/// The largest page that Polar makes.
pub(crate) const MAX_PAGE_SIZE: u32 = 100;
pub(crate) const FIRST: NumberedPage = NumberedPage::first(NAME, MAX_PAGE_SIZE);
