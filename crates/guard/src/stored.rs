//! The record in its store: two copies of it, sealed, and the counter beside them.

use std::sync::Arc;

use crate::store::seal;
use crate::{RevisionCounter, SeatRecord, Store, StoreError, StoreErrorKind};

/// What the record's place holds: sealed bytes, nothing, or something that cannot even be read.
pub(crate) type Place = Result<Option<Vec<u8>>, StoreErrorKind>;

pub(crate) struct Stored {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) counter: Option<Arc<dyn RevisionCounter>>,
}

/// What was found in the store.
pub(crate) struct Found {
    pub(crate) place: Place,
    /// The record; `None` when there is none, or none that can be read.
    pub(crate) record: Option<SeatRecord>,
    /// Why what is in the record's place cannot be read; `None` when it can, or nothing is there.
    pub(crate) unreadable: Option<StoreError>,
    /// Whether the record is the copy, because the one in its place is unreadable or missing.
    pub(crate) is_copy: bool,
}

impl Stored {
    /// What is in the record's place now, unopened: whoever writes a record changes it.
    pub(crate) fn look(&self) -> (Place, Option<StoreError>) {
        match self.store.read() {
            Ok(sealed) => (Ok(sealed), None),
            Err(error) => (Err(error.kind()), Some(error)),
        }
    }

    pub(crate) fn load(&self) -> Found {
        let (place, error) = self.look();
        self.open(place, error)
    }

    /// Opens what was found in the record's place. The copy counts when that cannot be read, or when it is the
    /// later one.
    pub(crate) fn open(&self, place: Place, error: Option<StoreError>) -> Found {
        let (record, unreadable) = match (&place, error) {
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
        Found { place, record, unreadable, is_copy }
    }

    /// Writes `record` under its revision, or removes it when there is nothing to remember. Returns what is in the
    /// record's place then.
    pub(crate) fn write(&self, record: &SeatRecord) -> Result<Place, StoreError> {
        let place = if record.is_empty() {
            self.store.remove()?;
            None
        } else {
            let sealed = seal::seal(record, self.store.installation())
                .map_err(|kind| StoreError::new(kind, self.store.place()))?;
            self.store.write(&sealed)?;
            Some(sealed)
        };
        if let Some(counter) = &self.counter {
            // A counter that lags behind notices less; it never costs anybody a seat.
            counter.write(record.revision).ok();
        }
        Ok(Ok(place))
    }

    /// Sets an unreadable record aside, unless another process did so by now.
    pub(crate) fn discard(&self) -> Result<Found, StoreError> {
        let Some(lock) = self.store.try_lock()? else {
            return Err(StoreError::new(StoreErrorKind::Busy, self.store.place()));
        };
        let found = self.load();
        if found.unreadable.as_ref().is_none_or(|error| !error.kind().is_unreadable()) {
            return Ok(found);
        }
        self.store.set_aside()?;
        drop(lock);
        let (place, _) = self.look();
        Ok(Found { place, record: None, unreadable: None, is_copy: false })
    }

    fn copy(&self) -> Option<SeatRecord> {
        let sealed = self.store.read_copy().ok().flatten()?;
        self.unseal(&sealed).ok()
    }

    fn counted(&self) -> Option<u64> {
        self.counter.as_ref()?.read().ok().flatten()
    }

    fn unseal(&self, sealed: &[u8]) -> Result<SeatRecord, StoreError> {
        seal::open(sealed, self.store.installation())
            .map_err(|kind| StoreError::new(kind, self.store.place()))
    }
}
