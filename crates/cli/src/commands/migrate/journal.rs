//! What is done with a journal alone.

use std::io;

use anykey::migrate::{Journal, undo as undo_migration, write_page};

use super::open;
use super::view::{EntryView, UndoneView};
use crate::args::{ForgetArgs, ReportArgs, UndoArgs};
use crate::change::{ask_for, confirm};
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;

const CHUNK: u32 = 256;

pub(super) async fn report(context: &Context, args: &ReportArgs) -> Result<Exit, Failure> {
    let mut journal = Journal::open_existing(&args.journal.path).await?;
    if args.html {
        write_page(&mut journal, &mut io::stdout()).await?;
        return Ok(Exit::Done);
    }
    let mut sink = context.sink::<EntryView>()?;
    let mut after = None;
    loop {
        let entries = journal.entries_after(after.as_ref(), CHUNK).await?;
        let Some(last) = entries.last() else { break };
        after = Some(last.source.clone());
        for entry in &entries {
            sink.push(EntryView::new(entry))?;
        }
    }
    sink.finish()?;
    journal.close().await?;
    Ok(Exit::Done)
}

pub(super) async fn undo(context: &Context, args: &UndoArgs) -> Result<Exit, Failure> {
    let (target, opened) = open(context, &args.to)?;
    let mut journal = Journal::open_existing(&args.journal.path).await?;
    let counts = journal.counts().await?;
    let is_left = |state: anykey::migrate::State| state.is_ours() && state != anykey::migrate::State::Undone;
    let keys: u64 = counts.iter().filter(|(state, _)| is_left(*state)).map(|(_, count)| count).sum();
    let action = format!("switch off {keys} keys that this migration created");
    if args.change.dry_run {
        context.note(&format!("dry run: nothing was sent to {target}; this would {action}"));
        return Ok(Exit::Done);
    }
    context.note(&format!("{target}: {action}"));
    confirm(context, args.change, &target, &action).await?;
    let undone = undo_migration(opened, &mut journal).await;
    journal.close().await?;
    let undone = undone?;
    context.print(&UndoneView::new(&args.to, &undone))?;
    Ok(if undone.failed == 0 { Exit::Done } else { Exit::Refused })
}

pub(super) async fn forget(context: &Context, args: &ForgetArgs) -> Result<Exit, Failure> {
    let path = &args.journal.path;
    Journal::open_existing(path).await?.close().await?;
    if !args.yes {
        let action = "remove the journal, so that its runs can neither be continued nor undone";
        ask_for(context, &path.display().to_string(), action, " or keep it").await?;
    }
    Journal::forget(path).await?;
    context.note(&format!("{} is removed", path.display()));
    Ok(Exit::Done)
}
