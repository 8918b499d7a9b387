//! Reading all keys of a vendor: from the beginning again after a failure that passes.

use std::collections::VecDeque;
use std::time::Duration;

use anykey_core::{Error, ErrorKind, Keys, LicenseKey, LicenseProvider, LicenseProviderExt as _, ListQuery};
use futures_util::TryStreamExt as _;

use crate::MigrateError;
use crate::journal::Journal;

/// How often a reading begins again, because it was not complete. Single pages are repeated before.
const RESTARTS: u32 = 2;
/// Few, since pages that wait until the keys before theirs are written get older.
const PAGES_IN_FLIGHT: usize = 4;

/// The keys of one or several listings. A key may come more than once.
pub(crate) struct Reader<'a> {
    provider: &'a dyn LicenseProvider,
    queries: VecDeque<ListQuery>,
    keys: Option<Keys<'a>>,
    restarts: u32,
    /// How many records could not be read.
    pub(crate) unreadable: u64,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(
        provider: &'a dyn LicenseProvider,
        queries: impl IntoIterator<Item = ListQuery>,
    ) -> Self {
        let queries = queries.into_iter().collect();
        Self { provider, queries, keys: None, restarts: 0, unreadable: 0 }
    }

    pub(crate) async fn next(&mut self) -> Result<Option<LicenseKey>, MigrateError> {
        while let Some(query) = self.queries.front() {
            let provider = self.provider;
            let keys =
                self.keys.get_or_insert_with(|| provider.keys(query.clone()).prefetch(PAGES_IN_FLIGHT));
            match keys.try_next().await {
                Ok(Some(key)) => return Ok(Some(key)),
                Ok(None) => {
                    let unreadable = u64::try_from(keys.unreadable().len()).unwrap_or(u64::MAX);
                    self.unreadable = self.unreadable.saturating_add(unreadable);
                    self.keys = None;
                    self.queries.pop_front();
                }
                Err(error) if passes(&error) && self.restarts < RESTARTS => {
                    self.keys = None;
                    wait(self.restarts, Some(&error)).await;
                    self.restarts += 1;
                }
                Err(error) => return Err(error.into()),
            }
        }
        Ok(None)
    }

    /// Up to `count` keys; empty at the end.
    pub(crate) async fn chunk(&mut self, count: usize) -> Result<Vec<LicenseKey>, MigrateError> {
        let mut keys = Vec::with_capacity(count);
        while keys.len() < count {
            match self.next().await? {
                Some(key) => keys.push(key),
                None => break,
            }
        }
        Ok(keys)
    }
}

/// Writes the keys of `query` to the journal, as those of the target.
pub(crate) async fn read_target(
    target: &dyn LicenseProvider,
    query: ListQuery,
    journal: &mut Journal,
) -> Result<(), MigrateError> {
    let mut reader = Reader::new(target, [query]);
    loop {
        let keys = reader.chunk(256).await?;
        if keys.is_empty() {
            return Ok(());
        }
        journal.add_target(&keys).await?;
    }
}

/// Whether another reading may succeed. An answer that ends too early, or a listing that changed faster than it could
/// be read, is no failure that passes for other requests.
pub(crate) fn passes(error: &Error) -> bool {
    error.is_transient() || error.kind() == ErrorKind::Decode
}

/// Waits before the next of several attempts: one second, two, four, and at least as long as the vendor asks for.
pub(crate) async fn wait(attempt: u32, error: Option<&Error>) {
    let asked = error.and_then(Error::retry_after).unwrap_or_default();
    tokio::time::sleep(Duration::from_secs(1 << attempt.min(5)).max(asked)).await;
}
