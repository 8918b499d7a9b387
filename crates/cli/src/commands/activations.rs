//! `anykey activations`.

use anykey::adapter::KeyCodeExt as _;
use anykey::{ActivationId, DeactivateRequest, KeyCode, LicenseKeyId, LicenseProvider};

use crate::args::{ActivationsCommand, IdArgs, RemoveArgs, RenameArgs};
use crate::change::Change;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::view::{ActivationView, DoneView};

pub(super) async fn run(context: &Context, command: ActivationsCommand) -> Result<Exit, Failure> {
    match command {
        ActivationsCommand::List(args) => list(context, args).await,
        ActivationsCommand::Rename(args) => rename(context, args).await,
        ActivationsCommand::Remove(args) => remove(context, args).await,
    }
}

async fn list(context: &Context, args: IdArgs) -> Result<Exit, Failure> {
    let provider = context.target()?.open()?;
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
    let renamed = change.run(async |provider| provider.rename_activation(&id, &args.name).await).await?;
    if let Some(activation) = renamed {
        context.print(&ActivationView::new(&activation))?;
    }
    Ok(Exit::Done)
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
        preview.add(async |provider| provider.get(&id).await).await?;
        preview.add(async |provider| provider.deactivate(request).await).await?;
        preview.print()?;
        return Ok(Exit::Done);
    }
    let provider = change.confirmed().await?;
    let key = provider.get(&id).await?;
    provider.deactivate(DeactivateRequest::new(key.code, activation.clone())).await?;
    context.print(&DoneView::removed(activation.as_str()))?;
    Ok(Exit::Done)
}
