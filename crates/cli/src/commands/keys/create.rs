use anykey::{CreateRequest, Expiry, LicenseProvider};

use crate::args::{CreateArgs, Moment};
use crate::change::Change;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::pasted;
use crate::view::KeyView;

pub(super) async fn run(context: &Context, args: CreateArgs) -> Result<Exit, Failure> {
    let code = pasted::checked(context, args.key.read().await?);
    let action = format!("create the key {} of {} for {}", code.masked(), args.product, args.customer);
    let change = Change::harmless(context, args.change, action)?.masking(&code);
    args.expires_at.as_ref().and_then(Moment::note).into_iter().for_each(|note| context.note(&note));
    let expiry = args.expires_at.map_or(Expiry::Never, |moment| Expiry::At(moment.at));
    let request = CreateRequest::new(code, args.customer, args.product)
        .activation_limit(args.activation_limit)
        .expiry(expiry);
    if let Some(key) = change.run(async |provider| provider.create(request).await).await? {
        context.print(&KeyView::new(&key, context.now, context.codes()))?;
    }
    Ok(Exit::Done)
}
