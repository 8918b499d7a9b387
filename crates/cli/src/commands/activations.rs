//! `anykey activations`.

use anykey::adapter::KeyCodeExt as _;
use anykey::{
    ActivationId, DeactivateRequest, KeyCode, LicenseKey, LicenseKeyId, LicenseProvider, async_trait,
};

use crate::args::{ActivationsCommand, Chosen, IdArgs, RemoveArgs, RenameArgs, Seat};
use crate::change::{Change, Step};
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
    let chosen = args.seats.read().await?;
    let seats = chosen.records();
    let action = match &chosen {
        Chosen::One(seat) => removal(seat),
        Chosen::Many(seats) => format!("remove {} activations", seats.len()),
    };
    let change = Change::taking_away(context, args.change, action)?;
    // Stands for the code that the first request would bring, and is masked whole: it is that short.
    let unread = KeyCode::verbatim("unread");
    let change = change.masking(&unread);
    if let Some(mut preview) = change.preview() {
        if seats.len() > 1 {
            preview.of_several();
        }
        for seat in seats {
            let request = DeactivateRequest::new(unread.clone(), seat.activation.clone());
            preview.set_action(removal(seat));
            preview.add(async |provider| provider.get(&seat.key).await).await?;
            preview.add(async |provider| provider.deactivate(request).await).await?;
        }
        return preview.print();
    }
    let Chosen::One(seat) = &chosen else {
        return change.run_each(&Removal, seats, args.seats.rest.path.as_deref()).await;
    };
    Removal.apply(&*change.confirmed().await?, seat).await?;
    context.print(&DoneView::removed(seat.activation.as_str()))?;
    Ok(Exit::Done)
}

fn removal(seat: &Seat) -> String {
    format!("remove the activation {} of the key {}", seat.activation, seat.key)
}

/// Gives a seat back: the second time it is unknown.
struct Removal;

#[async_trait]
impl Step for Removal {
    type Record = Seat;
    const IS_REPEATABLE: bool = true;

    async fn apply(&self, provider: &dyn LicenseProvider, seat: &Seat) -> anykey::Result<Option<LicenseKey>> {
        let key = provider.get(&seat.key).await?;
        provider.deactivate(DeactivateRequest::new(key.code, seat.activation.clone())).await?;
        Ok(None)
    }
}
