//! The pages of Creem's lists.
//!
//! A listing is a sequence of numbered pages. The number of the next page is taken from the answer and not computed,
//! because the server may use smaller pages than it was asked for.

use anykey_core::adapter::NumberedPage;

use crate::NAME;
use crate::wire::Pagination;

/// The largest page to ask for. Creem does not document its maximum; with a smaller one at the
/// server, pages follow each other as well.
pub(crate) const MAX_PAGE_SIZE: u32 = 100;
/// Where every listing begins; it also rejects page tokens of other vendors.
pub(crate) const FIRST: NumberedPage = NumberedPage::first(NAME, MAX_PAGE_SIZE);

impl Pagination {
    /// The number of the page after page `current`, or that there is none; `None` if the answer does not contain it.
    ///
    /// The last page has no next one, or the number of all pages. A next page that is not after this one counts as
    /// none, so a listing cannot go in circles. The caller reports `None` as an error, since a listing that ends too
    /// early looks complete.
    pub(crate) fn next(&self, current: u64) -> Option<Option<u64>> {
        let last = self.total_pages.value();
        match self.next_page.value() {
            Some(next) if next > current && last.is_none_or(|last| next <= last) => Some(Some(next)),
            Some(_) => Some(None),
            None => {
                let is_told = last.is_some() || self.current_page.value().is_some();
                is_told.then_some(None)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_is_a_missing_next_page_or_the_last_number() {
        for (pagination, expected) in [
            (
                r#"{"total_records":3,"total_pages":2,"current_page":1,"next_page":2,"prev_page":null}"#,
                Some(Some(2)),
            ),
            (
                r#"{"total_records":3,"total_pages":2,"current_page":1,"next_page":null,"prev_page":1}"#,
                Some(None),
            ),
            (r#"{"total_pages":1,"current_page":1,"next_page":2}"#, Some(None)),
            (r#"{"total_pages":2,"current_page":1,"next_page":1}"#, Some(None)),
            (r#"{"next_page":2}"#, Some(Some(2))),
            (r#"{"total_pages":0,"current_page":1}"#, Some(None)),
            (r#"{"total_records":3}"#, None),
            ("{}", None),
        ] {
            let read: Pagination = serde_json::from_str(pagination).unwrap();
            assert_eq!(read.next(1), expected, "{pagination}");
        }
    }
}
