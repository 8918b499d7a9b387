use std::error::Error as StdError;
use std::fmt;

/// What is wrong with the place that keeps the record, or with what was found there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum StoreErrorKind {
    /// Reading or writing failed: permissions, a full disk, a locked keyring.
    Io,
    /// There is a record without any content.
    Empty,
    /// The record is torn, was edited, or is something else altogether.
    Damaged,
    /// The record was copied from another machine, or from another app.
    Foreign,
    /// A newer version of the app wrote the record.
    FutureVersion,
    /// Another process held the record for too long.
    Busy,
}

impl StoreErrorKind {
    /// Whether a record is there that this installation cannot read. The app decides: keep it, or
    /// [discard](crate::GuardBuilder::discard_unreadable) it and let the user enter the key again.
    #[must_use]
    pub const fn is_unreadable(self) -> bool {
        matches!(self, Self::Empty | Self::Damaged | Self::Foreign | Self::FutureVersion)
    }
}

/// The record of the seat cannot be read or written.
///
/// It never means that no key was entered. What cannot be read stays where it is, until the app
/// [decides](crate::GuardBuilder::discard_unreadable) to set it aside and to begin anew.
#[derive(Debug)]
pub struct StoreError {
    kind: StoreErrorKind,
    place: Box<str>,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

impl StoreError {
    /// An error of `kind` at `place`: a path, a keyring entry.
    #[must_use]
    pub fn new(kind: StoreErrorKind, place: impl Into<Box<str>>) -> Self {
        Self { kind, place: place.into(), source: None }
    }

    /// Adds the cause, which must not print a key.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// What is wrong.
    #[must_use]
    pub const fn kind(&self) -> StoreErrorKind {
        self.kind
    }

    /// Where: a path, a keyring entry.
    #[must_use]
    pub const fn place(&self) -> &str {
        &self.place
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self.kind {
            StoreErrorKind::Io => "cannot be read or written",
            StoreErrorKind::Empty => "is empty",
            StoreErrorKind::Damaged => "is damaged or was changed by another hand",
            StoreErrorKind::Foreign => "belongs to another machine or app",
            StoreErrorKind::FutureVersion => "was written by a newer version",
            StoreErrorKind::Busy => "is held by another process",
        };
        write!(f, "the record at {} {what}", self.place)
    }
}

impl StdError for StoreError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match &self.source {
            Some(source) => Some(&**source),
            None => None,
        }
    }
}
