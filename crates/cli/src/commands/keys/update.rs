use anykey::{LicenseKey, LicenseKeyId, LicensePatch, LicenseProvider, StatusChange};

use crate::args::{StatusArgs, UpdateArgs};
use crate::change::Change;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::view::{Codes, KeyView};

pub(super) async fn update(context: &Context, args: UpdateArgs) -> Result<Exit, Failure> {
    let fields = &args.patch;
    let mut patch = LicensePatch::new();
    if let Some(moment) = &fields.expires_at {
        moment.note().into_iter().for_each(|note| context.note(&note));
        patch = patch.expiry(moment.at);
    }
    if fields.no_expiry {
        patch = patch.clear_expiry();
    }
    if let Some(limit) = fields.activation_limit {
        patch = patch.activation_limit(limit);
    }
    if let Some(used) = fields.usage {
        patch = patch.usage(used);
    }
    if let Some(limit) = fields.usage_limit {
        patch = patch.usage_limit(limit);
    }
    if fields.no_usage_limit {
        patch = patch.clear_usage_limit();
    }
    let change = Change::taking_away(context, args.change, format!("update the key {}", args.id))?;
    apply(context, change, args.id, patch).await
}

pub(super) async fn disable(context: &Context, args: StatusArgs) -> Result<Exit, Failure> {
    let change = Change::taking_away(context, args.change, format!("disable the key {}", args.id))?;
    apply(context, change, args.id, LicensePatch::new().status(StatusChange::Disable)).await
}

pub(super) async fn enable(context: &Context, args: StatusArgs) -> Result<Exit, Failure> {
    let change = Change::harmless(context, args.change, format!("enable the key {}", args.id))?;
    apply(context, change, args.id, LicensePatch::new().status(StatusChange::Enable)).await
}

pub(super) async fn revoke(context: &Context, args: StatusArgs) -> Result<Exit, Failure> {
    let change = Change::taking_away(context, args.change, format!("revoke the key {}", args.id))?;
    apply(context, change, args.id, LicensePatch::new().status(StatusChange::Revoke)).await
}

pub(super) async fn rotate(context: &Context, args: StatusArgs) -> Result<Exit, Failure> {
    let change = Change::taking_away(context, args.change, format!("rotate the key {}", args.id))?;
    let id = LicenseKeyId::from(args.id);
    let rotated = change.run(async |provider| provider.rotate(&id).await).await?;
    if rotated.is_some() && context.codes() == Codes::Masked {
        context
            .note(&format!("the new key is shown masked; `anykey --show-keys keys get {id}` shows it whole"));
    }
    print(context, rotated)
}

async fn apply(
    context: &Context,
    change: Change<'_>,
    id: String,
    patch: LicensePatch,
) -> Result<Exit, Failure> {
    let id = LicenseKeyId::from(id);
    print(context, change.run(async |provider| provider.update(&id, patch).await).await?)
}

fn print(context: &Context, changed: Option<LicenseKey>) -> Result<Exit, Failure> {
    if let Some(key) = changed {
        context.print(&KeyView::new(&key, context.now, context.codes()))?;
    }
    Ok(Exit::Done)
}
