//! Where a listing goes on, as page tokens keep it.

use anykey_core::adapter::NumberedPage;

use crate::NAME;

// FILL IN: the largest page that the vendor makes. One with cursors, or that counts from 0, needs other tokens: see
// `anykey_core::adapter::Paging`.
pub(crate) const FIRST: NumberedPage = NumberedPage::first(NAME, 100);
