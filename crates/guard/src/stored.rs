//! Reading and writing the sealed record, its copy and the counter.

use std::sync::Arc;

use crate::store::seal;
use crate::{RevisionCounter, SeatRecord, Store, StoreError, StoreErrorKind};

/// The content of the store: sealed bytes, nothing, or an error of reading.
pub(crate) type Content = Result<Option<Vec<u8>>, StoreErrorKind>;

/// The store and its counter.
pub(crate) struct Stored {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) counter: Option<Arc<dyn RevisionCounter>>,
}

/// The result of reading the store.
pub(crate) struct Found {
    pub(crate) content: Content,
    /// The record; `None` when there is none or it cannot be read.
    pub(crate) record: Option<SeatRecord>,
    /// Why the record cannot be read; `None` when it can, or there is none.
    pub(crate) unreadable: Option<StoreError>,
    /// Whether the record is the copy, because the record itself is unreadable or missing.
    pub(crate) is_copy: bool,
}

impl Stored {
    /// Reads the sealed bytes without opening them. Every write changes them.
    pub(crate) fn read(&self) -> (Content, Option<StoreError>) {
        match self.store.read() {
            Ok(sealed) => (Ok(sealed), None),
            Err(error) => (Err(error.kind()), Some(error)),
        }
    }

    /// Reads and opens the store's content.
    pub(crate) fn load(&self) -> Found {
        let (content, error) = self.read();
        self.open(content, error)
    }

    /// Opens `content`. The copy is used when the record cannot be read, or when the copy is newer.
    pub(crate) fn open(&self, content: Content, error: Option<StoreError>) -> Found {
        let (record, unreadable) = match (&content, error) {
            (_, Some(error)) => (None, Some(error)),
            (Ok(Some(sealed)), None) => match self.unseal(sealed) {
                Ok(record) => (Some(record), None),
                Err(error) => (None, Some(error)),
            },
            _ => (None, None),
        };
        let is_of_later_version =
            unreadable.as_ref().is_some_and(|error| error.kind() == StoreErrorKind::FutureVersion);
        let copy = if is_of_later_version { None } else { self.copy() };
        let (mut record, is_copy, unreadable) = match (record, copy) {
            (Some(record), Some(copy)) if copy.revision > record.revision => (Some(copy), false, None),
            (Some(record), _) => (Some(record), false, None),
            (None, Some(copy)) => (Some(copy), true, None),
            (None, None) => (None, false, unreadable),
        };
        if let (Some(record), Some(counted)) = (&mut record, self.counted())
            && counted > record.revision
        {
            record.revision = counted;
            record.restored = true;
        }
        Found { content, record, unreadable, is_copy }
    }

    /// Writes `record` with its revision, or removes it when it is empty. Returns the new content of the store.
    pub(crate) fn write(&self, record: &SeatRecord) -> Result<Content, StoreError> {
        let content = if record.is_empty() {
            self.store.remove()?;
            None
        } else {
            let sealed = seal::seal(record, self.store.installation())
                .map_err(|kind| StoreError::new(kind, self.store.location()))?;
            self.store.write(&sealed)?;
            Some(sealed)
        };
        if let Some(counter) = &self.counter {
            // A counter that is too low detects less, but never costs a seat.
            counter.write(record.revision).ok();
        }
        Ok(Ok(content))
    }

    /// Moves an unreadable record aside, unless another process has done so meanwhile.
    pub(crate) fn discard(&self) -> Result<Found, StoreError> {
        let Some(lock) = self.store.try_lock()? else {
            return Err(StoreError::new(StoreErrorKind::Busy, self.store.location()));
        };
        let found = self.load();
        if found.unreadable.as_ref().is_none_or(|error| !error.kind().is_unreadable()) {
            return Ok(found);
        }
        self.store.set_aside()?;
        drop(lock);
        let (content, _) = self.read();
        Ok(Found { content, record: None, unreadable: None, is_copy: false })
    }

    /// The copy; `None` also when it cannot be read, since it only replaces the record.
    fn copy(&self) -> Option<SeatRecord> {
        let sealed = self.store.read_copy().ok().flatten()?;
        self.unseal(&sealed).ok()
    }

    /// The number in the counter; `None` without one, and when it cannot be read.
    fn counted(&self) -> Option<u64> {
        self.counter.as_ref()?.read().ok().flatten()
    }

    /// # Errors
    ///
    /// What the content is instead of a record of this installation.
    fn unseal(&self, sealed: &[u8]) -> Result<SeatRecord, StoreError> {
        seal::open(sealed, self.store.installation())
            .map_err(|kind| StoreError::new(kind, self.store.location()))
    }
}
