use super::view::PlanView;
use super::{Opened, journal_to_read};
use crate::args::Ends;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;

pub(super) async fn run(context: &Context, ends: &Ends) -> Result<Exit, Failure> {
    let opened = Opened::new(context, ends)?;
    let mut journal = journal_to_read(&ends.journal.path).await?;
    let plan = opened.migration.plan(&mut journal, &mut |_, _| {}).await?;
    journal.close().await?;
    context.print(&PlanView::new(&ends.from, &ends.to, &plan))?;
    Ok(Exit::Done)
}
