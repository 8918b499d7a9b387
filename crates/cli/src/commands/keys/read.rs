use std::sync::Arc;

use anykey::adapter::ErrorExt as _;
use anykey::{Error, ErrorKind, LicenseKeyId, LicenseProvider, LicenseProviderExt, ListQuery, Operation};
use futures_util::{StreamExt, TryStreamExt, future};

use crate::args::{FindArgs, IdArgs};
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::listing::Watched;
use crate::pasted::PastedHints;
use crate::view::KeyView;

pub(super) async fn get(context: &Context, args: IdArgs) -> Result<Exit, Failure> {
    let provider = context.target()?.open()?;
    let key = provider.get(&LicenseKeyId::from(args.id)).await?;
    context.print(&KeyView::new(&key, context.now, context.codes()))?;
    Ok(Exit::Done)
}

pub(super) async fn find(context: &Context, args: FindArgs) -> Result<Exit, Failure> {
    let target = context.target()?;
    let pasted = args.key.read().await?;
    let progress = context.progress();
    let provider = target.open()?;
    let hints = PastedHints::new(&pasted, &*provider);
    let code = pasted.code;
    let watched = Watched::new(provider, Arc::clone(&progress));
    let keys = watched.keys(ListQuery::new());
    let keys = keys.inspect_ok(|_| progress.key());
    let mut matching = keys.try_filter(|key| future::ready(key.code == code)).boxed();
    let found = matching.try_next().await?;
    let Some(key) = found else {
        context.stop_progress();
        hints.note(context);
        return Err(not_listed(watched.name()).into());
    };
    context.stop_progress();
    context.print(&KeyView::new(&key, context.now, context.codes()))?;
    Ok(Exit::Done)
}

fn not_listed(provider: &str) -> Error {
    Error::new(ErrorKind::NotFound, "no key in the listing has this code")
        .with_provider(provider.to_owned())
        .with_operation(Operation::List)
}
