//! Where a listing goes on, as page tokens keep it.

use anykey::adapter::NumberedPage;

use super::NAME;

/// The first page, as large as Acme makes them.
pub(super) const FIRST: NumberedPage = NumberedPage::first(NAME, 100);
