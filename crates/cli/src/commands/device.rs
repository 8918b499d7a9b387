//! What a device asks for: `validate`, `activate`, `renew`, `deactivate`.

use std::sync::Arc;

use anykey::{
    ActivateRequest, DeactivateRequest, LicenseProvider, Metadata, PastedKey, RenewRequest, ValidateRequest,
};

use crate::args::{ActivateArgs, SeatArgs, ValidateArgs};
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
    let action = format!("activate the key {}", pasted.code.masked());
    let change = Change::harmless(context, args.change, action)?;
    let request = ActivateRequest::new(pasted.code.clone(), args.label)
        .metadata(Metadata::from_iter(args.metadata))
        .conditions(Metadata::from_iter(args.conditions));
    let activate = async |provider: Arc<dyn LicenseProvider>| provider.activate(request).await;
    if let Some(activation) = run(context, change, &pasted, activate).await? {
        context.print(&ActivationView::new(&activation))?;
    }
    Ok(Exit::Done)
}

pub(super) async fn renew(context: &Context, args: SeatArgs) -> Result<Exit, Failure> {
    let pasted = args.key.read().await?;
    let action = format!("renew {} of the key {}", args.activation, pasted.code.masked());
    let change = Change::harmless(context, args.change, action)?;
    let request = RenewRequest::new(pasted.code.clone(), args.activation);
    let renew = async |provider: Arc<dyn LicenseProvider>| provider.renew(request).await;
    if let Some(activation) = run(context, change, &pasted, renew).await? {
        context.print(&ActivationView::new(&activation))?;
    }
    Ok(Exit::Done)
}

pub(super) async fn deactivate(context: &Context, args: SeatArgs) -> Result<Exit, Failure> {
    let pasted = args.key.read().await?;
    let action = format!("deactivate {} of the key {}", args.activation, pasted.code.masked());
    let change = Change::taking_away(context, args.change, action)?;
    let request = DeactivateRequest::new(pasted.code.clone(), args.activation.as_str());
    let deactivate = async |provider: Arc<dyn LicenseProvider>| provider.deactivate(request).await;
    if run(context, change, &pasted, deactivate).await?.is_some() {
        context.print(&DoneView::removed(args.activation))?;
    }
    Ok(Exit::Done)
}

/// Makes a change with a pasted key. After a refusal it says what looks wrong with the key.
async fn run<T, F>(
    context: &Context,
    change: Change<'_>,
    pasted: &PastedKey,
    operation: impl FnOnce(Arc<dyn LicenseProvider>) -> F + Send,
) -> Result<Option<T>, Failure>
where
    T: Send + Sync,
    F: Future<Output = anykey::Result<T>> + Send,
{
    let with_hints = async |provider: Arc<dyn LicenseProvider>| {
        let hints = PastedHints::new(pasted, &*provider);
        let answer = operation(provider).await;
        hints.after(context, &answer);
        answer
    };
    change.masking(&pasted.code).run(with_hints).await
}
