//! Sending requests to the target, and what their answers mean.

use anykey_core::{Error, ErrorKind, LicenseKey, LicensePatch};
use futures_util::StreamExt as _;
use futures_util::stream;

use crate::reader::passes;
use crate::run::Run;
use crate::work::{Step, Work};
use crate::{MigrateError, State};

/// What follows from an answer.
enum Next {
    /// Nothing: the entry is settled.
    Settled,
    /// The key is there and has to be changed.
    Send,
    /// It is looked up, and sent again if it is not there.
    Open,
}

impl Run<'_> {
    /// Sends the requests of `works` and what follows from their answers. What has no answer is open then.
    pub(crate) async fn work_off(&mut self, mut works: Vec<Work>) -> Result<(), MigrateError> {
        while !works.is_empty() {
            let target = &*self.migration.target;
            let send = |work: Work| async move {
                let answer = work.send(target).await;
                (work, answer)
            };
            let answers: Vec<_> =
                stream::iter(works).map(send).buffer_unordered(self.migration.concurrency).collect().await;
            works = Vec::new();
            let mut entries = Vec::new();
            for (mut work, answer) in answers {
                let next = match answer {
                    Ok(key) => self.succeeded(&mut work, key),
                    Err(error) => self.failed(&mut work, error),
                };
                entries.push(work.entry.clone());
                match next {
                    Next::Settled => {}
                    Next::Send => works.push(work),
                    Next::Open => self.open.push(work),
                }
            }
            self.journal.write(&entries).await?;
            if let Some(error) = self.fatal.take() {
                return Err(error.into());
            }
        }
        Ok(())
    }

    fn succeeded(&mut self, work: &mut Work, key: LicenseKey) -> Next {
        work.entry.detail.clear();
        match &work.step {
            Step::Create => {
                work.entry.target = Some(key.id.clone());
                self.outcome.created += 1;
                if work.wanted.follow_up == LicensePatch::new() {
                    work.entry.state = State::Done;
                    return Next::Settled;
                }
                work.entry.state = State::Created;
                work.step = Step::Finish(key.id, work.wanted.follow_up.clone());
                work.may_exist = false;
                Next::Send
            }
            Step::Finish(..) => {
                work.entry.state = State::Done;
                // One that was created in this run is counted already.
                if work.may_exist {
                    self.outcome.finished += 1;
                }
                Next::Settled
            }
        }
    }

    fn failed(&mut self, work: &mut Work, error: Error) -> Next {
        let is_of_credential = matches!(
            error.kind(),
            ErrorKind::Unauthenticated | ErrorKind::PermissionDenied | ErrorKind::Config
        );
        let is_open = passes(&error) || error.may_have_taken_effect();
        work.entry.detail =
            if is_open { String::new() } else { format!("{}: {}", error.kind(), error.message()) };
        let creates = matches!(work.step, Step::Create);
        if is_open {
            work.may_exist |= creates && error.may_have_taken_effect();
            self.last = Some(error);
            return Next::Open;
        }
        if creates && error.kind() == ErrorKind::Conflict {
            work.conflicts += 1;
            if !work.may_exist {
                // Nothing was created, so what is there is somebody else's.
                work.entry.state = State::Rejected;
            }
            self.last = Some(error);
            return Next::Open;
        }
        if is_of_credential {
            self.fatal = Some(error);
        }
        if creates && work.may_exist {
            return Next::Open;
        }
        if creates {
            work.entry.state = State::Rejected;
            self.outcome.rejected += 1;
        } else {
            self.outcome.unfinished += 1;
        }
        Next::Settled
    }
}
