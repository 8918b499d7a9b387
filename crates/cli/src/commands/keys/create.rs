use anykey::{ActivationLimit, CreateRequest, LicenseProvider};

use crate::args::CreateArgs;
use crate::change::Change;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::view::KeyView;

pub(super) async fn run(context: &Context, args: CreateArgs) -> Result<Exit, Failure> {
    let code = args.key.read().await?;
    let action = format!("create the key {} of {} for {}", code.masked(), args.product, args.customer);
    let change = Change::harmless(context, args.change, action)?.masking(&code);
    let mut request = CreateRequest::new(code, args.customer, args.product);
    if let ActivationLimit::AtMost(limit) = args.activation_limit {
        request = request.activation_limit(limit);
    }
    if let Some(at) = args.expires_at {
        request = request.expires_at(at);
    }
    if let Some(key) = change.run(async |opened| opened.provider.create(request).await).await? {
        context.print(&KeyView::new(&key, context.now, context.codes()))?;
    }
    Ok(Exit::Done)
}
