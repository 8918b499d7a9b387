use super::view::FindingView;
use super::{Opened, journal_to_read};
use crate::args::Ends;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;

pub(super) async fn run(context: &Context, ends: &Ends) -> Result<Exit, Failure> {
    let opened = Opened::new(context, ends)?;
    let mut journal = journal_to_read(&ends.journal.path).await?;
    let mut sink = context.sink::<FindingView>()?;
    let mut failure = None;
    let verification = opened
        .migration
        .verify(&mut journal, &mut |finding| {
            if failure.is_none() {
                failure = sink.push(FindingView::new(finding)).err();
            }
        })
        .await?;
    journal.close().await?;
    if let Some(error) = failure {
        return Err(error.into());
    }
    sink.finish()?;
    let skipped: u64 = verification.skipped.values().sum();
    let mut text =
        format!("{} of {} keys are at `{}` as they are to be", verification.equal, verification.of, ends.to);
    for (count, what) in [
        (verification.not_compared_fully, "of them with an end or a limit that it does not report"),
        (skipped, "further ones are skipped"),
        (verification.unreadable, "further ones cannot be read"),
    ] {
        if count > 0 {
            text.push_str(&format!("; {count} {what}"));
        }
    }
    context.note(&text);
    Ok(if verification.is_complete() { Exit::Done } else { Exit::Refused })
}
