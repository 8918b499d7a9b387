use anykey::{CreateRequest, Expiry, LicenseProvider};

use super::note_masked_code;
use crate::args::{CreateArgs, Moment};
use crate::change::Change;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::pasted;
use crate::view::KeyView;

pub(super) async fn run(context: &Context, args: CreateArgs) -> Result<Exit, Failure> {
    let product = &args.product;
    let (change, mut request) = if args.generate {
        let action = format!("create a key of {product} with a code of the vendor");
        let mut request = CreateRequest::minted(product.clone());
        request.customer = args.customer.map(Into::into);
        (Change::harmless(context, args.change, action)?, request)
    } else {
        let code = pasted::checked(context, args.key.read().await?);
        let customer = args.customer.unwrap_or_default();
        let action = format!("create the key {} of {product} for {customer}", code.masked());
        let change = Change::harmless(context, args.change, action)?.masking(&code);
        (change, CreateRequest::new(code, customer, product.clone()))
    };
    args.expires_at.as_ref().and_then(Moment::note).into_iter().for_each(|note| context.note(&note));
    if let Some(moment) = args.expires_at {
        request = request.expiry(Expiry::At(moment.at));
    }
    if let Some(limit) = args.activation_limit {
        request = request.activation_limit(limit);
    }
    if let Some(key) = change.run(async |provider| provider.create(request).await).await? {
        context.print(&KeyView::new(&key, context.now, context.codes()))?;
        if args.generate {
            note_masked_code(context, key.id.as_str());
        }
    }
    Ok(Exit::Done)
}
