use std::path::Path;

use anykey::migrate::{Journal, Migration, Outcome, Plan};

use super::bar::Bar;
use super::view::{OutcomeView, PlanView};
use super::{Opened, journal_to_read};
use crate::args::{ChangeArgs, RunArgs};
use crate::change::confirm;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::target::Target;

pub(super) async fn run(context: &Context, args: &RunArgs) -> Result<Exit, Failure> {
    let ends = &args.ends;
    let Opened { migration, target } = Opened::new(context, ends)?;
    let run = Run { migration, target, from: &ends.from, journal: &ends.journal.path, limit: args.limit };
    let Some(outcome) = run.execute(context, args.change).await? else { return Ok(Exit::Done) };
    let is_whole = outcome.conflicts == 0 && outcome.rejected == 0 && outcome.unfinished == 0;
    Ok(if is_whole { Exit::Done } else { Exit::Refused })
}

/// A migration that is about to be run.
pub(in crate::commands) struct Run<'a> {
    pub(in crate::commands) migration: Migration,
    pub(in crate::commands) target: Target,
    /// What the source is called.
    pub(in crate::commands) from: &'a str,
    pub(in crate::commands) journal: &'a Path,
    pub(in crate::commands) limit: Option<u64>,
}

impl Run<'_> {
    /// Plans it, asks, runs it and prints the outcome; `None` for a dry run, of which the plan is printed.
    pub(in crate::commands) async fn execute(
        self,
        context: &Context,
        change: ChangeArgs,
    ) -> Result<Option<Outcome>, Failure> {
        let Self { mut migration, target, from, journal: path, limit } = self;
        let to = &target.name;
        if let Some(limit) = limit {
            migration = migration.limit(limit);
        }
        let mut journal = journal_to_read(path).await?;
        let plan = migration.plan(&mut journal, &mut |_, _| {}).await?;
        journal.close().await?;
        if change.dry_run {
            context.note(&format!("dry run: nothing was sent to {target}"));
            context.print(&PlanView::new(from, to, &plan))?;
            return Ok(None);
        }
        let action = action(&plan, limit);
        context.note(&format!("{target}: {action}"));
        if plan.to_write() > 0 {
            confirm(context, change, &target, &action).await?;
        }
        let to_write = limit.map_or(plan.to_write(), |limit| plan.to_create.min(limit) + plan.to_finish);
        let mut journal = Journal::open(path).await?;
        let bar = Bar::new(context, to_write);
        let outcome = migration.run(&mut journal, &mut |progress| bar.show(progress)).await;
        drop(bar);
        // Also after an error: everything is in the one file then.
        journal.close().await?;
        let outcome = outcome?;
        context.print(&OutcomeView::new(from, to, &outcome))?;
        Ok(Some(outcome))
    }
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
