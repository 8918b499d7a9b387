//! What a device asks for: `validate`, `activate`, `deactivate`.

use anykey::{ActivateRequest, ActivationId, DeactivateRequest, LicenseProvider, Metadata, ValidateRequest};

use crate::args::{ActivateArgs, DeactivateArgs, ValidateArgs};
use crate::change::Change;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::pasted::PastedHints;
use crate::view::{ActivationView, DoneView, VerdictView};

mod lines;

pub(super) async fn validate(context: &Context, args: ValidateArgs) -> Result<Exit, Failure> {
    let target = context.target()?;
    if args.stdin {
        return lines::validate(context, &target, &args).await;
    }
    let pasted = args.key.read().await?;
    let provider = target.open()?;
    let hints = PastedHints::new(&pasted, &*provider);
    let mut request = ValidateRequest::new(pasted.code)
        .increment_usage(args.increment_usage)
        .conditions(Metadata::from_iter(args.conditions));
    request.activation = args.activation.map(Into::into);
    request.product = args.product.map(Into::into);
    request.customer = args.customer.map(Into::into);
    let validation = provider.validate(request).await?;
    context.print(&VerdictView::new(&validation, context.now, context.codes()))?;
    if validation.is_valid() {
        return Ok(Exit::Done);
    }
    hints.note(context);
    Ok(Exit::Refused)
}

pub(super) async fn activate(context: &Context, args: ActivateArgs) -> Result<Exit, Failure> {
    let pasted = args.key.read().await?;
    let code = pasted.code.clone();
    let action = format!("activate the key {}", code.masked());
    let change = Change::harmless(context, args.change, action)?.masking(&code);
    let request = ActivateRequest::new(code, args.label)
        .metadata(Metadata::from_iter(args.metadata))
        .conditions(Metadata::from_iter(args.conditions));
    let activate = async |provider: std::sync::Arc<dyn LicenseProvider>| {
        let hints = PastedHints::new(&pasted, &*provider);
        let activated = provider.activate(request).await;
        hints.after(context, &activated);
        activated
    };
    if let Some(activation) = change.run(activate).await? {
        context.print(&ActivationView::new(&activation))?;
    }
    Ok(Exit::Done)
}

pub(super) async fn deactivate(context: &Context, args: DeactivateArgs) -> Result<Exit, Failure> {
    let pasted = args.key.read().await?;
    let code = pasted.code.clone();
    let activation = ActivationId::from(args.activation);
    let action = format!("deactivate {activation} of the key {}", code.masked());
    let change = Change::taking_away(context, args.change, action)?.masking(&code);
    let request = DeactivateRequest::new(code, activation.clone());
    let deactivate = async |provider: std::sync::Arc<dyn LicenseProvider>| {
        let hints = PastedHints::new(&pasted, &*provider);
        let deactivated = provider.deactivate(request).await;
        hints.after(context, &deactivated);
        deactivated
    };
    if change.run(deactivate).await?.is_some() {
        context.print(&DoneView::removed(activation.as_str()))?;
    }
    Ok(Exit::Done)
}
