//! The pages of Polar's lists.
//!
//! A listing is a sequence of numbered pages; the page token holds number and size. Polar reports the last page, so all
//! the following ones are known from the first answer on.

use anykey_core::adapter::NumberedPage;

use crate::NAME;

/// The largest page that Polar makes.
pub(crate) const MAX_PAGE_SIZE: u32 = 100;
/// Where every listing begins; it also rejects page tokens of other vendors.
pub(crate) const FIRST: NumberedPage = NumberedPage::first(NAME, MAX_PAGE_SIZE);
