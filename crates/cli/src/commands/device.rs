//! What a device asks for: `validate`, `activate`, `deactivate`.

use anykey::{ActivateRequest, ActivationId, DeactivateRequest, LicenseProvider, Metadata, ValidateRequest};

use crate::args::{ActivateArgs, DeactivateArgs, ValidateArgs};
use crate::change::Change;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::view::{ActivationView, DoneView, VerdictView};

pub(super) async fn validate(context: &Context, args: ValidateArgs) -> Result<Exit, Failure> {
    let target = context.target()?;
    let mut request = ValidateRequest::new(args.key.read().await?)
        .increment_usage(args.increment_usage)
        .conditions(Metadata::from_iter(args.conditions));
    request.activation = args.activation.map(Into::into);
    request.product = args.product.map(Into::into);
    request.customer = args.customer.map(Into::into);
    let validation = target.open()?.validate(request).await?;
    context.print(&VerdictView::new(&validation, context.now, context.codes()))?;
    Ok(if validation.is_valid() { Exit::Done } else { Exit::Refused })
}

pub(super) async fn activate(context: &Context, args: ActivateArgs) -> Result<Exit, Failure> {
    let code = args.key.read().await?;
    let action = format!("activate the key {}", code.masked());
    let change = Change::harmless(context, args.change, action)?.masking(&code);
    let request = ActivateRequest::new(code, args.label)
        .metadata(Metadata::from_iter(args.metadata))
        .conditions(Metadata::from_iter(args.conditions));
    if let Some(activation) = change.run(async |provider| provider.activate(request).await).await? {
        context.print(&ActivationView::new(&activation))?;
    }
    Ok(Exit::Done)
}

pub(super) async fn deactivate(context: &Context, args: DeactivateArgs) -> Result<Exit, Failure> {
    let code = args.key.read().await?;
    let activation = ActivationId::from(args.activation);
    let action = format!("deactivate {activation} of the key {}", code.masked());
    let change = Change::taking_away(context, args.change, action)?.masking(&code);
    let request = DeactivateRequest::new(code, activation.clone());
    if change.run(async |provider| provider.deactivate(request).await).await?.is_some() {
        context.print(&DoneView::removed(activation.as_str()))?;
    }
    Ok(Exit::Done)
}
