use anykey_core::LicenseProvider;
use tokio::time::Instant;

use crate::decision::entry_of;
use crate::journal::{Entry, Journal};
use crate::migration::Decided;
use crate::outcome::Outcome;
use crate::progress::Progress;
use crate::reader::Reader;
use crate::work::{Step, Work};
use crate::{Decision, MigrateError, Migration, State};

/// How many requests may be without an answer before they are looked up.
const OPEN: usize = 1_000;

/// A run while it goes on.
pub(crate) struct Run<'a> {
    pub(crate) migration: &'a Migration,
    pub(crate) journal: &'a mut Journal,
    pub(crate) outcome: Outcome,
    /// What was sent and has no answer, or has to be sent again. Bounded.
    pub(crate) open: Vec<Work>,
    /// An error after which no request can succeed.
    pub(crate) fatal: Option<anykey_core::Error>,
    /// The last error that passes.
    pub(crate) last: Option<anykey_core::Error>,
    sent: u64,
    began: Instant,
    observer: &'a mut (dyn FnMut(&Progress) + Send),
}

impl Migration {
    /// Creates the keys at the target, and switches off those that are off at the source.
    ///
    /// It can be repeated: a key that is in the journal or at the target is not created again. Each state is on disk
    /// before and after a request. When it begins, and after answers that were lost, the target's keys are read to see
    /// which codes it has, so that nothing is sent twice.
    ///
    /// `observer` is called after each chunk of keys.
    ///
    /// # Cancel safety
    ///
    /// Safe: the next run with the same journal continues.
    ///
    /// # Errors
    ///
    /// [`MigrateError::Impossible`] before anything is read or written. [`MigrateError::Provider`] when the source
    /// cannot be read, when the target does not answer for about a minute, or when it refuses the credential. What was
    /// done is in the journal.
    pub async fn run(
        &self,
        journal: &mut Journal,
        observer: &mut (dyn FnMut(&Progress) + Send),
    ) -> Result<Outcome, MigrateError> {
        self.check()?;
        journal.bind(self.source.name(), self.target.name()).await?;
        journal.forget_claims().await?;
        self.read_target(journal, None).await?;
        let mut run = Run {
            migration: self,
            journal,
            outcome: Outcome::default(),
            open: Vec::new(),
            fatal: None,
            last: None,
            sent: 0,
            began: Instant::now(),
            observer,
        };
        run.all().await?;
        Ok(run.outcome)
    }
}

impl Run<'_> {
    async fn all(&mut self) -> Result<(), MigrateError> {
        let mut reader = Reader::new(&self.migration.source, self.migration.source_queries());
        while !self.outcome.reached_limit {
            let Some(decided) = self.migration.next_decided(&mut reader, self.journal).await? else { break };
            self.chunk(decided).await?;
            self.report();
        }
        self.resolve().await?;
        self.report();
        self.outcome.unreadable = reader.unreadable;
        Ok(())
    }

    async fn chunk(&mut self, decided: Vec<Decided>) -> Result<(), MigrateError> {
        let (mut entries, mut works) = (Vec::new(), Vec::new());
        for decided in decided {
            if let Some(work) = self.begin(&decided) {
                entries.push(work.entry.clone());
                works.push(work);
            } else if self.outcome.reached_limit {
                break;
            } else {
                entries.extend(entry_of(
                    &decided.key,
                    decided.code,
                    &decided.decision,
                    decided.entry.as_ref(),
                ));
            }
            self.outcome.keys += 1;
        }
        self.journal.write(&entries).await?;
        let (before, sent) = (self.open.len(), works.len());
        self.work_off(works).await?;
        let all_failed = sent > 1 && self.open.len() - before == sent;
        if all_failed || self.open.len() >= OPEN { self.resolve().await } else { Ok(()) }
    }

    /// What is to be sent for a key. Counts the keys for which nothing is.
    fn begin(&mut self, decided: &Decided) -> Option<Work> {
        let before = decided.entry.as_ref().filter(|entry| entry.state.is_ours());
        match &decided.decision {
            Decision::Create(wanted) => {
                if self.migration.limit.is_some_and(|limit| self.sent >= limit) {
                    self.outcome.reached_limit = true;
                    return None;
                }
                self.sent += 1;
                let mut entry = Entry::new(decided.key.id.clone(), decided.code, State::Sending);
                entry.sent_at = before.and_then(|entry| entry.sent_at).or(Some(self.migration.clock.now()));
                entry.losses.clone_from(&wanted.losses);
                return Some(Work::new(entry, Step::Create, (**wanted).clone(), before.is_some()));
            }
            Decision::Finish { id, patch, wanted } => {
                let before = before?.clone();
                let entry = Entry { state: State::Created, target: Some(id.clone()), ..before };
                let step = Step::Finish(id.clone(), patch.clone());
                return Some(Work::new(entry, step, (**wanted).clone(), true));
            }
            Decision::Done { .. } if before.is_some_and(|entry| entry.state == State::Done) => {
                self.outcome.done += 1;
            }
            decision => self.count(decision),
        }
        None
    }

    /// Counts a decision for which nothing is sent.
    pub(crate) const fn count(&mut self, decision: &Decision) {
        match decision {
            Decision::Done { .. } => self.outcome.finished += 1,
            Decision::AlreadyThere { .. } => self.outcome.already_there += 1,
            Decision::Conflict { .. } => self.outcome.conflicts += 1,
            Decision::Skip(_) => self.outcome.skipped += 1,
            Decision::Create(_) | Decision::Finish { .. } => {}
        }
    }

    fn report(&mut self) {
        let open = u64::try_from(self.open.len()).unwrap_or(u64::MAX);
        let progress = Progress::new(&self.outcome, open, self.began.elapsed());
        (self.observer)(&progress);
    }
}
