//! The pages of Lemon Squeezy's lists.
//!
//! A listing is a sequence of numbered pages; the page token holds number and size. The vendor's links are not
//! followed, so that no answer decides which URL receives the token.

use anykey_core::adapter::NumberedPage;

use crate::NAME;
use crate::wire::Frame;

/// Lemon Squeezy's maximum page size. The default of the vendor is 10 (documentation, 2026).
pub(crate) const MAX_PAGE_SIZE: u32 = 100;
/// Where every listing begins; it also rejects page tokens of other vendors.
pub(crate) const FIRST: NumberedPage = NumberedPage::first(NAME, MAX_PAGE_SIZE);

impl Frame {
    /// Whether another page follows; `None` if the answer does not contain it.
    ///
    /// The last page has no link to a next one. Numbers decide where links are missing; where both are present, a page
    /// has a successor only if they agree. The caller reports `None` as an error, since a listing that ends too early
    /// looks complete.
    pub(crate) fn has_next(&self) -> Option<bool> {
        let page = &self.meta.page;
        let numbers = page.current_page.value().zip(page.last_page.value());
        if self.links.next.as_ref().value().is_some() {
            return Some(numbers.is_none_or(|(current, last)| current < last));
        }
        let has_links = self.links.first.as_ref().value().is_some();
        numbers.map(|(current, last)| current < last && !has_links).or_else(|| has_links.then_some(false))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_is_a_missing_link_or_the_last_number() {
        for (frame, expected) in [
            (r#"{"links":{"first":"u","last":"u","next":"u"}}"#, Some(true)),
            (r#"{"links":{"first":"u","last":"u"}}"#, Some(false)),
            (r#"{"links":{"first":"u","last":"u","next":null}}"#, Some(false)),
            (r#"{"meta":{"page":{"currentPage":1,"lastPage":2}}}"#, Some(true)),
            (r#"{"meta":{"page":{"currentPage":2,"lastPage":2}}}"#, Some(false)),
            (r#"{"meta":{"page":{"currentPage":2,"lastPage":2}},"links":{"next":"u"}}"#, Some(false)),
            (r#"{"meta":{"page":{"currentPage":1,"lastPage":2}},"links":{"first":"u"}}"#, Some(false)),
            (r#"{"meta":{"page":{"total":3}}}"#, None),
            ("{}", None),
        ] {
            assert_eq!(serde_json::from_str::<Frame>(frame).unwrap().has_next(), expected, "{frame}");
        }
    }
}
