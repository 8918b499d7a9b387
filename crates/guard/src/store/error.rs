//! Errors of stores.

use std::error::Error as StdError;
use std::fmt;

/// The kind of a [`StoreError`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum StoreErrorKind {
    /// Reading or writing failed: permissions, a full disk, a locked keyring.
    Io,
    /// The record exists and is empty.
    Empty,
    /// The record is incomplete, was edited, or is not a record.
    Damaged,
    /// The record belongs to another machine or app.
    Foreign,
    /// A newer version of the app wrote the record.
    FutureVersion,
    /// Another process held the lock for more than 90 seconds.
    Busy,
}

impl StoreErrorKind {
    /// Whether there is a record that this installation cannot read. The app can keep it, or
    /// [discard](crate::GuardBuilder::discard_unreadable) it and let the user enter the key again.
    #[must_use]
    pub const fn is_unreadable(self) -> bool {
        matches!(self, Self::Empty | Self::Damaged | Self::Foreign | Self::FutureVersion)
    }
}

/// An error of reading, writing or locking the record.
///
/// It never means that no key was entered. An unreadable record stays where it is until the user enters the key
/// again, or the app [discards](crate::GuardBuilder::discard_unreadable) it.
#[derive(Debug)]
pub struct StoreError {
    kind: StoreErrorKind,
    location: Box<str>,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

impl StoreError {
    /// An error of `kind` at `location`: a path, a keyring entry. The location is shown to users, so it must not
    /// contain a secret.
    #[must_use]
    pub fn new(kind: StoreErrorKind, location: impl Into<Box<str>>) -> Self {
        Self { kind, location: location.into(), source: None }
    }

    /// Sets the cause. It must not print a key.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// The kind of the error.
    #[must_use]
    pub const fn kind(&self) -> StoreErrorKind {
        self.kind
    }

    /// The location of the record: a path, a keyring entry.
    #[must_use]
    pub const fn location(&self) -> &str {
        &self.location
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self.kind {
            StoreErrorKind::Io => "cannot be read or written",
            StoreErrorKind::Empty => "is empty",
            StoreErrorKind::Damaged => "is damaged or was edited",
            StoreErrorKind::Foreign => "belongs to another machine or app",
            StoreErrorKind::FutureVersion => "was written by a newer version",
            StoreErrorKind::Busy => "is locked by another process",
        };
        write!(f, "the record at {} {what}", self.location)
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
