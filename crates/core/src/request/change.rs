/// What to do with a field that can be empty: leave it, empty it, or fill it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[expect(clippy::exhaustive_enums, reason = "a JSON member is absent, null or a value; there is no fourth")]
pub enum Change<T> {
    /// Leave it as it is: the member is not sent.
    #[default]
    Keep,
    /// Empty it: `null` is sent.
    Clear,
    /// Fill it with this value.
    Set(T),
}

impl<T> Change<T> {
    /// Whether nothing is to change.
    #[must_use]
    pub const fn is_keep(&self) -> bool {
        matches!(self, Self::Keep)
    }

    /// As an optional JSON member: `None` is absent, `Some(None)` is `null`.
    ///
    /// ```
    /// use anykey_core::Change;
    ///
    /// assert_eq!(Change::<u8>::Keep.as_member(), None);
    /// assert_eq!(Change::<u8>::Clear.as_member(), Some(None));
    /// assert_eq!(Change::Set(7).as_member(), Some(Some(&7)));
    /// ```
    pub const fn as_member(&self) -> Option<Option<&T>> {
        match self {
            Self::Keep => None,
            Self::Clear => Some(None),
            Self::Set(value) => Some(Some(value)),
        }
    }
}
