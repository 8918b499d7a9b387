//! What became of requests without an answer.

use anykey_core::{LicenseKey, SignedDuration, Timestamp};

use crate::decision::{Known, conflict, decide, entry_of};
use crate::reader::{passes, wait};
use crate::run::Run;
use crate::work::{Step, Work};
use crate::{Decision, Difference, MigrateError, State};

/// How often they are looked up and sent again: within about a minute.
const ATTEMPTS: u32 = 6;

/// How much earlier than this machine's time of a request the target may say that a key was created.
const MARGIN: SignedDuration = SignedDuration::from_hours(24);

impl Run<'_> {
    /// Looks up what is open at the target, and sends again what is not there.
    ///
    /// # Errors
    ///
    /// The last error of the target when something stays open.
    pub(crate) async fn resolve(&mut self) -> Result<(), MigrateError> {
        for attempt in 0..ATTEMPTS {
            if self.open.is_empty() {
                return Ok(());
            }
            wait(attempt, self.last.as_ref()).await;
            let since = self.open.iter().filter_map(|work| work.entry.sent_at).min();
            let since = since.map(|at| at.checked_sub(MARGIN).unwrap_or(Timestamp::MIN));
            match self.migration.read_target(self.journal, since).await {
                Err(MigrateError::Provider(error)) if passes(&error) => self.last = Some(error),
                answer => {
                    answer?;
                    self.repeat().await?;
                }
            }
        }
        match self.last.take().filter(|_| !self.open.is_empty()) {
            Some(error) => Err(error.into()),
            None => Ok(()),
        }
    }

    async fn repeat(&mut self) -> Result<(), MigrateError> {
        let (mut entries, mut works) = (Vec::new(), Vec::new());
        let open = std::mem::take(&mut self.open);
        let codes: Vec<_> = open.iter().map(|work| work.entry.code).collect();
        let found = self.journal.found(&codes).await?;
        for mut work in open {
            if matches!(work.step, Step::Finish(..)) {
                works.push(work);
                continue;
            }
            let found = found.get(&work.entry.code);
            let known = Known { code: work.entry.code, entry: Some(&work.entry), found };
            match decide(Ok(work.wanted.clone()), known, self.journal.salt()) {
                Decision::Create(_) if work.conflicts > 1 => {
                    self.outcome.conflicts += 1;
                    entries.push(conflict(work.entry, None, &[Difference::Unlisted]));
                }
                Decision::Create(_) => {
                    // It is not there, so a refusal says all.
                    work.may_exist = false;
                    work.entry.state = State::Sending;
                    entries.push(work.entry.clone());
                    works.push(work);
                }
                Decision::Finish { id, patch, .. } => {
                    work.entry.state = State::Created;
                    work.entry.target = Some(id.clone());
                    work.step = Step::Finish(id, patch);
                    work.may_exist = false;
                    self.outcome.created += 1;
                    entries.push(work.entry.clone());
                    works.push(work);
                }
                decision => {
                    self.settle(&decision);
                    entries.extend(settled(&work, &decision));
                }
            }
        }
        self.journal.write(&entries).await?;
        self.work_off(works).await
    }

    fn settle(&mut self, decision: &Decision) {
        match decision {
            // Its request was sent in this run.
            Decision::Done { .. } => self.outcome.created += 1,
            decision => self.count(decision),
        }
    }
}

fn settled(work: &Work, decision: &Decision) -> Option<crate::Entry> {
    match decision {
        Decision::Conflict { id, differences } => Some(conflict(work.entry.clone(), id.clone(), differences)),
        decision => {
            let code = work.wanted.request.code.clone()?;
            let key =
                LicenseKey::new("", work.entry.source.clone(), code, anykey_core::LicenseStatus::Active);
            entry_of(&key, work.entry.code, decision, Some(&work.entry))
        }
    }
}
