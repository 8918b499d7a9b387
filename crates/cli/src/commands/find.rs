//! `anykey find`.

use crate::args::SearchArgs;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::search::{Needle, exit_without_a_key, search};
use crate::view::FoundView;

pub(super) async fn run(context: &Context, args: SearchArgs) -> Result<Exit, Failure> {
    let needle = Needle::new(args.what.read().await?);
    let searched = search(context, &needle).await?;
    let mut sink = context.sink()?;
    let mut count: usize = 0;
    for (one, found) in searched.iter().flat_map(|one| one.found.iter().map(move |found| (one, found))) {
        sink.push(FoundView::new(&one.target.name, found, context.now, context.codes()))?;
        count = count.saturating_add(1);
    }
    sink.finish()?;
    searched.iter().for_each(|one| one.note(context));
    if count > 0 {
        return Ok(Exit::Done);
    }
    needle.hints.iter().for_each(|hint| context.note(hint.description()));
    let exit = exit_without_a_key(&searched);
    context.print_line(
        "error",
        match exit {
            Exit::Refused => {
                "no provider has it; next: check it with the customer, and look for the order or payment"
            }
            _ => "it was not found where it could be looked for; the notes say where it was not",
        },
    );
    Ok(exit)
}
