//! `anykey explain`.

use crate::args::{ExplainArgs, Format};
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::search::{Found, Needle, Searched, exit_without_a_key, search};
use crate::view::FoundView;

mod advice;
mod case;
mod explanation;
mod finding;
mod reply;

use case::Case;
use explanation::Explanation;

pub(super) async fn run(context: &Context, args: ExplainArgs) -> Result<Exit, Failure> {
    if context.format() == Format::Csv {
        return Err(Failure::Usage("an explanation is no table; use --json instead of --csv".to_owned()));
    }
    let needle = Needle::new(args.what.read().await?);
    let searched = search(context, &needle).await?;
    let found = distinct(&searched);
    let explanation = match found[..] {
        [_, _, ..] => return several(context, &found),
        [(one, found)] => {
            context.name_target(&one.target);
            let case = Case::gather(context, one, found, &needle).await;
            Explanation::of(context, &case)
        }
        [] => {
            searched.iter().for_each(|one| one.note(context));
            needle.hints.iter().for_each(|hint| context.note(hint.description()));
            let exit = exit_without_a_key(&searched);
            if exit != Exit::Refused {
                context.print_line(
                    "error",
                    "it was not found where it could be looked for; the notes say where it was not",
                );
                return Ok(exit);
            }
            Explanation::unknown()
        }
    };
    if args.reply && context.format() == Format::Table {
        context.print_bytes(explanation.reply().as_bytes())?;
    } else {
        explanation.print(context)?;
    }
    Ok(if !found.is_empty() { Exit::Done } else { Exit::Refused })
}

/// The keys that were found, each once: two providers of a configuration may be two planes of one account. The one that
/// can do more with it is kept.
fn distinct(searched: &[Searched]) -> Vec<(&Searched, &Found)> {
    let mut kept: Vec<(&Searched, &Found)> = Vec::new();
    for (one, found) in searched.iter().flat_map(|one| one.found.iter().map(move |found| (one, found))) {
        let is_same = |other: &&mut (&Searched, &Found)| {
            other.0.target.config.provider == one.target.config.provider && other.1.key.code == found.key.code
        };
        match kept.iter_mut().find(is_same) {
            Some(other) if other.0.abilities() < one.abilities() => *other = (one, found),
            Some(_) => {}
            None => kept.push((one, found)),
        }
    }
    kept
}

/// Lists the keys, one of which has to be named.
fn several(context: &Context, found: &[(&Searched, &Found)]) -> Result<Exit, Failure> {
    let mut sink = context.sink()?;
    for (one, found) in found {
        sink.push(FoundView::new(&one.target.name, found, context.now, context.codes()))?;
    }
    sink.finish()?;
    Err(Failure::Usage("several keys match; next: explain one of them by its id".to_owned()))
}
