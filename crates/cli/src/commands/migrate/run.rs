use anykey::migrate::{Journal, Plan};

use super::bar::Bar;
use super::view::{OutcomeView, PlanView};
use super::{Opened, journal_to_read};
use crate::args::RunArgs;
use crate::change::confirm;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;

pub(super) async fn run(context: &Context, args: &RunArgs) -> Result<Exit, Failure> {
    let ends = &args.ends;
    let Opened { mut migration, target } = Opened::new(context, ends)?;
    if let Some(limit) = args.limit {
        migration = migration.limit(limit);
    }
    let mut journal = journal_to_read(&ends.journal.path).await?;
    let plan = migration.plan(&mut journal, &mut |_, _| {}).await?;
    journal.close().await?;
    if args.change.dry_run {
        context.note(&format!("dry run: nothing was sent to {target}"));
        context.print(&PlanView::new(&ends.from, &ends.to, &plan))?;
        return Ok(Exit::Done);
    }
    let action = action(&plan, args.limit);
    context.note(&format!("{target}: {action}"));
    if plan.to_write() > 0 {
        confirm(context, args.change, &target, &action).await?;
    }
    let to_write = args.limit.map_or(plan.to_write(), |limit| plan.to_create.min(limit) + plan.to_finish);
    let mut journal = Journal::open(&ends.journal.path).await?;
    let bar = Bar::new(context, to_write);
    let outcome = migration.run(&mut journal, &mut |progress| bar.show(progress)).await;
    drop(bar);
    // Also after an error: everything is in the one file then.
    journal.close().await?;
    let outcome = outcome?;
    context.print(&OutcomeView::new(&ends.from, &ends.to, &outcome))?;
    let is_whole = outcome.conflicts == 0 && outcome.rejected == 0 && outcome.unfinished == 0;
    Ok(if is_whole { Exit::Done } else { Exit::Refused })
}

/// What the run writes, as an order.
fn action(plan: &Plan, limit: Option<u64>) -> String {
    let create = limit.map_or(plan.to_create, |limit| plan.to_create.min(limit));
    let mut action = format!("create {create} keys");
    if plan.to_finish > 0 {
        action.push_str(&format!(", complete {} more", plan.to_finish));
    }
    let left = [
        (plan.done + plan.already_there, "are there"),
        (plan.skipped_in_all(), "are skipped"),
        (plan.conflicts, "conflict"),
        (plan.unreadable, "cannot be read"),
    ];
    let left: Vec<_> =
        left.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}")).collect();
    if left.is_empty() { action } else { format!("{action} ({})", left.join(", ")) }
}
