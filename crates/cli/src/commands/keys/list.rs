use std::pin::Pin;

use anykey::{ErrorKind, LicenseProvider, LicenseProviderExt};
use anykey_http::redact;
use futures_util::stream::Peekable;
use futures_util::{FutureExt, StreamExt};

use super::filter::Filter;
use crate::args::{ListArgs, Moment};
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::listing::Watched;
use crate::output::{Order, Row as _, Sink};
use crate::view::KeyView;

type Keys<'a> = Peekable<anykey::Keys<'a>>;

pub(super) async fn run(context: &Context, args: ListArgs) -> Result<Exit, Failure> {
    let provider = context.target()?.open()?;
    let limit = args.limit.unwrap_or(u64::MAX);
    let columns = Columns::of(&args, limit);
    let bounds = [&args.expires_before, &args.expires_after];
    let bounds: Vec<_> = bounds.into_iter().flatten().filter_map(Moment::note).collect();
    // What comes first is known only when everything was read.
    let limit = if columns.order.is_some() { u64::MAX } else { limit };
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
    bounds.iter().for_each(|note| context.note(note));
    let shown = print(context, keys, &filter, limit, &columns).await?;
    if shown == 0 {
        context.note("there is no such key");
    }
    Ok(Exit::Done)
}

/// What of each key is shown, and in which order.
struct Columns {
    fields: Vec<&'static str>,
    order: Option<Order>,
    limit: u64,
}

impl Columns {
    fn of(args: &ListArgs, limit: u64) -> Self {
        let known = |name: &String| KeyView::FIELDS.iter().copied().find(|field| field == name);
        Self { fields: args.columns.iter().filter_map(known).collect(), order: args.sort.clone(), limit }
    }

    fn sink(&self, context: &Context) -> Result<Box<dyn Sink<KeyView>>, Failure> {
        context.sink_of(&self.fields, self.order.as_ref(), self.limit)
    }
}

/// Asks for the first page; what the vendor then says it cannot filter by is filtered here.
async fn start<'a>(provider: &'a Watched, filter: &mut Filter, limit: u64) -> Keys<'a> {
    loop {
        let mut keys = provider.keys(filter.query(limit)).peekable();
        match Pin::new(&mut keys).peek().await {
            Some(Err(error))
                if error.kind() == ErrorKind::Unsupported
                    && error.capability().is_some_and(|capability| filter.do_here(capability)) => {}
            _ => return keys,
        }
    }
}

/// Prints the keys that pass, and counts them.
async fn print(
    context: &Context,
    mut keys: Keys<'_>,
    filter: &Filter,
    limit: u64,
    columns: &Columns,
) -> Result<u64, Failure> {
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
                None => sink.insert(columns.sink(context)?),
            };
            sink.push(KeyView::new(&key, context.now, context.codes()))?;
            shown += 1;
        }
    }
    context.stop_progress();
    for record in keys.get_ref().unreadable() {
        context.note(&format!("one more key was left out: {}", record.error().message()));
    }
    let sink = sink.map_or_else(|| columns.sink(context), Ok)?;
    sink.finish()?;
    Ok(shown)
}
