use std::collections::BTreeMap;

use anykey_core::{LicenseKey, LicenseProvider};

use crate::journal::Journal;
use crate::reader::Reader;
use crate::{Decision, Loss, MigrateError, Migration, SkipReason};

/// What a run would do, counted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Plan {
    /// Keys of the source that pass the filters and can be read.
    pub keys: u64,
    /// Those that would be created.
    pub to_create: u64,
    /// Those that an earlier run created and that would be completed.
    pub to_finish: u64,
    /// Those that an earlier run created.
    pub done: u64,
    /// Those that the target had before, with the same data.
    pub already_there: u64,
    /// Those whose code the target has with other data.
    pub conflicts: u64,
    /// Those for which nothing would be sent, by reason.
    pub skipped: BTreeMap<SkipReason, u64>,
    /// What the target cannot store of those that would be created, in keys.
    pub losses: BTreeMap<Loss, u64>,
    /// Records of the source that cannot be read, and would stay there.
    pub unreadable: u64,
}

impl Plan {
    /// How many keys would be skipped.
    #[must_use]
    pub fn skipped_in_all(&self) -> u64 {
        self.skipped.values().sum()
    }

    /// How many keys a run would write to the target.
    #[must_use]
    pub const fn to_write(&self) -> u64 {
        self.to_create.saturating_add(self.to_finish)
    }

    fn count(&mut self, decision: &Decision) {
        self.keys += 1;
        let losses = match decision {
            Decision::Create(wanted) => {
                self.to_create += 1;
                wanted.losses.as_slice()
            }
            Decision::Finish { .. } => {
                self.to_finish += 1;
                &[]
            }
            Decision::Done { .. } => {
                self.done += 1;
                &[]
            }
            Decision::AlreadyThere { .. } => {
                self.already_there += 1;
                &[]
            }
            Decision::Conflict { .. } => {
                self.conflicts += 1;
                &[]
            }
            Decision::Skip(reason) => {
                *self.skipped.entry(*reason).or_default() += 1;
                &[]
            }
        };
        for loss in losses {
            *self.losses.entry(*loss).or_default() += 1;
        }
    }
}

impl Migration {
    /// Reads both ends completely and decides about each key, without writing anything, not even to the journal. `each`
    /// is called with every key of the source and what is decided about it.
    ///
    /// Holds one page of keys at a time. SQLite keeps what it needs of the target in a temporary file.
    ///
    /// # Errors
    ///
    /// [`MigrateError::Impossible`] before anything is read; otherwise those of the two providers and the journal.
    pub async fn plan(
        &self,
        journal: &mut Journal,
        each: &mut (dyn FnMut(&LicenseKey, &Decision) + Send),
    ) -> Result<Plan, MigrateError> {
        self.check()?;
        journal.check_pair(self.source.name(), self.target.name()).await?;
        journal.forget_claims().await?;
        self.read_target(journal, None).await?;
        let mut plan = Plan::default();
        let mut reader = Reader::new(&self.source, self.source_queries());
        while let Some(decided) = self.next_decided(&mut reader, journal).await? {
            for decided in decided {
                plan.count(&decided.decision);
                each(&decided.key, &decided.decision);
            }
        }
        plan.unreadable = reader.unreadable;
        Ok(plan)
    }
}
