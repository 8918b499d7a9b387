use std::pin::Pin;

use anykey::{ErrorKind, LicenseProvider, LicenseProviderExt};
use anykey_http::redact;
use futures_util::stream::Peekable;
use futures_util::{FutureExt, StreamExt};

use super::filter::Filter;
use crate::args::ListArgs;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::listing::{PAGES_IN_FLIGHT, Watched};
use crate::output::Sink;
use crate::view::KeyView;

type Keys<'a> = Peekable<anykey::Keys<'a>>;

pub(super) async fn run(context: &Context, args: ListArgs) -> Result<Exit, Failure> {
    let provider = context.target()?.open()?;
    let limit = args.limit.unwrap_or(u64::MAX);
    let mut filter = Filter::new(args, provider.capabilities());
    let watched = Watched::new(provider, context.progress());
    let keys = start(&watched, &mut filter, limit).await;
    if let Some(word) = filter.unknown_status() {
        let word = redact(word, &[]);
        return Err(Failure::Usage(format!(
            "{}: the vendor knows no status `{word}`; write active, inactive, expired, disabled or revoked",
            watched.name()
        )));
    }
    if let Some(filters) = filter.done_here() {
        let vendor = watched.name();
        context
            .note(&format!("{vendor} cannot filter by {filters}: all its keys are read and filtered here"));
    }
    let shown = print(context, keys, &filter, limit).await?;
    if shown == 0 {
        context.note("there is no such key");
    }
    Ok(Exit::Done)
}

/// Asks for the first page; what the vendor then says it cannot filter by is filtered here.
async fn start<'a>(provider: &'a Watched, filter: &mut Filter, limit: u64) -> Keys<'a> {
    loop {
        let mut keys = provider.keys(filter.query(limit)).prefetch(PAGES_IN_FLIGHT).peekable();
        match Pin::new(&mut keys).peek().await {
            Some(Err(error))
                if error.kind() == ErrorKind::Unsupported
                    && error.capability().is_some_and(|capability| filter.do_here(capability)) => {}
            _ => return keys,
        }
    }
}

/// Prints the keys that pass, and counts them.
async fn print(context: &Context, mut keys: Keys<'_>, filter: &Filter, limit: u64) -> Result<u64, Failure> {
    let mut sink: Option<Box<dyn Sink<KeyView>>> = None;
    let mut shown = 0;
    let progress = context.progress();
    while shown < limit {
        let next = match keys.next().now_or_never() {
            Some(next) => next,
            None => {
                // What is there already must not wait for the next page.
                sink.as_mut().map_or(Ok(()), |sink| sink.flush())?;
                keys.next().await
            }
        };
        let Some(key) = next.transpose()? else { break };
        progress.key();
        if filter.passes(&key, context.now) {
            let sink = match &mut sink {
                Some(sink) => sink,
                None => sink.insert(context.sink()?),
            };
            sink.push(KeyView::new(&key, context.now, context.codes()))?;
            shown += 1;
        }
    }
    context.stop_progress();
    for record in keys.get_ref().unreadable() {
        context.note(&format!("one more key was left out: {}", record.error().message()));
    }
    let sink = sink.map_or_else(|| context.sink(), Ok)?;
    sink.finish()?;
    Ok(shown)
}
