//! `anykey activations`.

use anykey::{
    Activation, ActivationId, DeactivateRequest, Error, ErrorKind, KeyCode, LicenseKeyId, LicenseProvider,
    Operation,
};

use crate::args::{ActivationsCommand, IdArgs, RemoveArgs, RenameArgs};
use crate::change::Change;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::vendors::Opened;
use crate::view::{ActivationView, DoneView};

pub(super) async fn run(context: &Context, command: ActivationsCommand) -> Result<Exit, Failure> {
    match command {
        ActivationsCommand::List(args) => list(context, args).await,
        ActivationsCommand::Rename(args) => rename(context, args).await,
        ActivationsCommand::Remove(args) => remove(context, args).await,
    }
}

async fn list(context: &Context, args: IdArgs) -> Result<Exit, Failure> {
    let provider = context.target()?.open()?.provider;
    let activations = provider.activations(&LicenseKeyId::from(args.id)).await?;
    let mut sink = context.sink()?;
    activations.iter().map(ActivationView::new).try_for_each(|activation| sink.push(activation))?;
    sink.finish()?;
    if activations.is_empty() {
        context.note("the key has no activation");
    }
    Ok(Exit::Done)
}

async fn rename(context: &Context, args: RenameArgs) -> Result<Exit, Failure> {
    let action = format!("rename the activation {}", args.activation);
    let change = Change::harmless(context, args.change, action)?;
    let id = ActivationId::from(args.activation);
    let renamed = change.run(async |opened| rename_with(&opened, &id, &args.name).await).await?;
    if let Some(activation) = renamed {
        context.print(&ActivationView::new(&activation))?;
    }
    Ok(Exit::Done)
}

async fn rename_with(opened: &Opened, id: &ActivationId, name: &str) -> anykey::Result<Activation> {
    match &opened.renaming {
        Some(vendor) => vendor.rename_activation(id, name).await,
        None => Err(Error::new(ErrorKind::Unsupported, "this provider cannot rename activations")
            .with_provider(opened.provider.name().to_owned())
            .with_operation(Operation::Vendor("rename_activation"))),
    }
}

async fn remove(context: &Context, args: RemoveArgs) -> Result<Exit, Failure> {
    let action = format!("remove the activation {} of the key {}", args.activation, args.id);
    let change = Change::taking_away(context, args.change, action)?;
    let id = LicenseKeyId::from(args.id);
    let activation = ActivationId::from(args.activation);
    // Stands for the code that the first request would bring, and is masked whole: it is that short.
    let unread = KeyCode::verbatim("unread");
    let change = change.masking(&unread);
    if let Some(mut preview) = change.preview() {
        let request = DeactivateRequest::new(unread, activation);
        preview.add(async |opened: Opened| opened.provider.get(&id).await).await?;
        preview.add(async |opened: Opened| opened.provider.deactivate(request).await).await?;
        preview.print()?;
        return Ok(Exit::Done);
    }
    let opened = change.confirmed().await?;
    let key = opened.provider.get(&id).await?;
    opened.provider.deactivate(DeactivateRequest::new(key.code, activation.clone())).await?;
    context.print(&DoneView::removed(activation.as_str()))?;
    Ok(Exit::Done)
}
