//! The entries: one for each key of the source.

use std::collections::HashMap;

use anykey_core::{LicenseKeyId, Timestamp};
use sqlx::sqlite::SqliteRow;
use sqlx::{QueryBuilder, Row};

use super::Journal;
use crate::digest::Digest;
use crate::{Loss, MigrateError, State};

/// What a journal says about one key of the source.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Entry {
    /// The record's id at the source.
    pub source: LicenseKeyId,
    /// How far it is.
    pub state: State,
    /// The record's id at the target; `None` as long as none is known.
    pub target: Option<LicenseKeyId>,
    /// Why it is skipped or rejected, or in what it differs: words for people. Empty for one that is created.
    pub detail: String,
    /// What the target cannot store.
    pub losses: Vec<Loss>,
    /// When the first request that may have created it was sent; `None` for one that was never sent.
    pub sent_at: Option<Timestamp>,
    pub(crate) code: Digest,
}

const COLUMNS: &str = "source, code, state, target, detail, losses, sent_at";

impl Entry {
    pub(crate) const fn new(source: LicenseKeyId, code: Digest, state: State) -> Self {
        Self { source, state, target: None, detail: String::new(), losses: Vec::new(), sent_at: None, code }
    }

    fn read(row: &SqliteRow) -> Result<Self, MigrateError> {
        let damaged = || MigrateError::journal("it is damaged: an entry cannot be read");
        let code: Vec<u8> = row.try_get("code")?;
        let losses: String = row.try_get("losses")?;
        let losses = losses.split_whitespace().map(|word| Loss::from_word(word).ok_or_else(damaged));
        let sent_at: Option<i64> = row.try_get("sent_at")?;
        let sent_at = sent_at.map(Timestamp::from_millisecond).transpose().map_err(|_| damaged())?;
        let target: Option<String> = row.try_get("target")?;
        Ok(Self {
            source: row.try_get::<String, _>("source")?.into(),
            state: State::from_word(&row.try_get::<String, _>("state")?).ok_or_else(damaged)?,
            target: target.map(Into::into),
            detail: row.try_get("detail")?,
            losses: losses.collect::<Result<_, _>>()?,
            sent_at,
            code: code.try_into().map_err(|_| damaged())?,
        })
    }
}

impl Journal {
    /// The entries of these records, as far as there are any.
    pub(crate) async fn entries(
        &mut self,
        sources: &[LicenseKeyId],
    ) -> Result<HashMap<LicenseKeyId, Entry>, MigrateError> {
        let mut query = QueryBuilder::new(format!("SELECT {COLUMNS} FROM entries WHERE source IN ("));
        let mut ids = query.separated(", ");
        for source in sources {
            ids.push_bind(source.as_str());
        }
        query.push(")");
        let rows = query.build().fetch_all(&mut self.connection).await?;
        let entries = rows.iter().map(Entry::read);
        entries.map(|entry| entry.map(|entry| (entry.source.clone(), entry))).collect()
    }

    /// Stores all of `entries` or none, and returns when they are on disk. They are of different records.
    pub(crate) async fn write(&mut self, entries: &[Entry]) -> Result<(), MigrateError> {
        if entries.is_empty() {
            return Ok(());
        }
        let mut query = QueryBuilder::new(format!("INSERT INTO entries ({COLUMNS}) "));
        query.push_values(entries, |mut row, entry| {
            let losses: Vec<&str> = entry.losses.iter().map(|loss| loss.word()).collect();
            row.push_bind(entry.source.as_str())
                .push_bind(entry.code.as_slice())
                .push_bind(entry.state.word())
                .push_bind(entry.target.as_ref().map(|id| id.as_str()))
                .push_bind(&entry.detail)
                .push_bind(losses.join(" "))
                .push_bind(entry.sent_at.map(|at| at.as_millisecond()));
        });
        query.push(
            " ON CONFLICT (source) DO UPDATE SET code = excluded.code, state = excluded.state, \
             target = excluded.target, detail = excluded.detail, losses = excluded.losses, \
             sent_at = excluded.sent_at",
        );
        query.build().execute(&mut self.connection).await?;
        Ok(())
    }

    /// Up to `count` entries that follow `after`, in the order of their ids; from the beginning without it.
    ///
    /// # Errors
    ///
    /// [`MigrateError::Journal`] when the database fails or is damaged.
    pub async fn entries_after(
        &mut self,
        after: Option<&LicenseKeyId>,
        count: u32,
    ) -> Result<Vec<Entry>, MigrateError> {
        let query =
            format!("SELECT {COLUMNS} FROM entries WHERE ?1 IS NULL OR source > ?1 ORDER BY source LIMIT ?2");
        let query = sqlx::query(&query).bind(after.map(|id| id.as_str())).bind(count);
        let rows = query.fetch_all(&mut self.connection).await?;
        rows.iter().map(Entry::read).collect()
    }

    /// How many entries are in each state, in the order of [`State::ALL`].
    ///
    /// # Errors
    ///
    /// [`MigrateError::Journal`] when the database fails.
    pub async fn counts(&mut self) -> Result<Vec<(State, u64)>, MigrateError> {
        let mut counts = Vec::new();
        for state in State::ALL {
            let query =
                sqlx::query_scalar("SELECT count(*) FROM entries WHERE state = ?1").bind(state.word());
            let count: i64 = query.fetch_one(&mut self.connection).await?;
            counts.push((*state, u64::try_from(count).unwrap_or_default()));
        }
        Ok(counts)
    }
}
