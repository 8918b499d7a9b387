/// The effect of a page size above the vendor's maximum, for vendors that document the maximum but not the effect.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[expect(clippy::exhaustive_enums, reason = "a size is either replaced or refused")]
pub enum OversizedPage {
    /// The page has the maximum size.
    #[default]
    Clamp,
    /// The request is a 422.
    Refuse,
}

impl OversizedPage {
    /// The size of a page for which `size` was requested; `None` if the request is refused.
    ///
    /// ```
    /// use anykey_sim_kit::OversizedPage;
    ///
    /// assert_eq!(OversizedPage::Clamp.size(500, 100), Some(100));
    /// assert_eq!(OversizedPage::Refuse.size(500, 100), None);
    /// assert_eq!(OversizedPage::Refuse.size(100, 100), Some(100));
    /// ```
    #[must_use]
    pub const fn size(self, size: usize, maximum: usize) -> Option<usize> {
        match self {
            _ if size <= maximum => Some(size),
            Self::Clamp => Some(maximum),
            Self::Refuse => None,
        }
    }
}
