//! One change of several records: one after the other, and a failure of one does not end it.

use std::fmt::Display;
use std::io;
use std::path::Path;

use anykey::{Error, ErrorKind, LicenseKey, LicenseKeyId, LicenseProvider, async_trait};

use super::Change;
use super::rest::Rest;
use crate::args::Seat;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::view::ChangedView;

/// What names a record. It is shown as it stands on a line of a file of records.
pub(crate) trait Record: Display + Sync {
    /// The id of the record, and of a seat the id of its key.
    fn ids(&self) -> (&str, Option<&str>);
}

impl Record for LicenseKeyId {
    fn ids(&self) -> (&str, Option<&str>) {
        (self.as_str(), None)
    }
}

impl Record for Seat {
    fn ids(&self) -> (&str, Option<&str>) {
        (self.activation.as_str(), Some(self.key.as_str()))
    }
}

/// What is done to each record.
#[async_trait]
pub(crate) trait Step: Sync {
    /// What is changed.
    type Record: Record;

    /// Whether a second request does what the first one did, so that a record whose answer was lost may come again.
    const IS_REPEATABLE: bool;

    /// Changes one record. The result is the key as it is now, where the vendor shows it.
    async fn apply(
        &self,
        provider: &dyn LicenseProvider,
        record: &Self::Record,
    ) -> anykey::Result<Option<LicenseKey>>;
}

/// How many records came to what.
#[derive(Debug, Default)]
struct Tally {
    done: usize,
    failed: usize,
    exits: Vec<Exit>,
}

impl Change<'_> {
    /// Does `step` to each of `records` and prints what came of each at once. What is left is written to `rest`.
    ///
    /// An error that every other record would get as well, such as a wrong credential, ends it, and so does a closed
    /// pipe: nobody would know what came of the others. That is an error here, since not all of the work is done.
    pub(crate) async fn run_each<S: Step>(
        self,
        step: &S,
        records: &[S::Record],
        rest: Option<&Path>,
    ) -> Result<Exit, Failure> {
        let context = self.context;
        let provider = self.confirmed().await?;
        let names = records.iter().map(ToString::to_string).collect();
        let mut left = Rest::create(rest, names, S::IS_REPEATABLE)?;
        let mut sink = context.live_sink::<ChangedView>()?;
        let mut tally = Tally::default();
        let mut shown = Ok(());
        for record in records {
            left.begin();
            let outcome = step.apply(&*provider, record).await;
            left.end(&outcome);
            tally.count(&outcome);
            let view = ChangedView::new(record.ids(), &outcome, context.now, context.codes());
            shown = sink.push(view).and_then(|()| sink.flush());
            if shown.is_err() || outcome.as_ref().is_err_and(is_everybodys) {
                break;
            }
        }
        let shown = shown.and_then(|()| sink.finish());
        let text = tally.text(records.len()) + &left.close()?;
        match shown {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe || tally.untried(records.len()) > 0 => {
                Err(Failure::Usage(format!("results cannot be written any more: {error}; {text}")))
            }
            _ => {
                context.print_line("result", &text);
                Ok(Exit::most_serious(&tally.exits).unwrap_or(Exit::Done))
            }
        }
    }
}

/// Whether the next record would get the same error.
pub(crate) fn is_everybodys(error: &Error) -> bool {
    matches!(error.kind(), ErrorKind::Config | ErrorKind::Unauthenticated | ErrorKind::Unsupported)
}

impl Tally {
    fn count<T>(&mut self, outcome: &anykey::Result<T>) {
        match outcome {
            Ok(_) => self.done = self.done.saturating_add(1),
            Err(error) => {
                self.failed = self.failed.saturating_add(1);
                self.exits.push(Exit::of(error));
            }
        }
    }

    const fn untried(&self, of: usize) -> usize {
        of.saturating_sub(self.done).saturating_sub(self.failed)
    }

    /// `2 of 5 done, 1 failed, 2 not tried`.
    fn text(&self, of: usize) -> String {
        let Self { done, failed, .. } = self;
        let mut text = format!("{done} of {of} done");
        for (count, what) in [(*failed, "failed"), (self.untried(of), "not tried")] {
            if count > 0 {
                text.push_str(&format!(", {count} {what}"));
            }
        }
        text
    }
}
