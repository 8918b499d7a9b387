//! What changes keys: one, or several one after the other.

use anykey::{LicenseKey, LicenseKeyId, LicensePatch, LicenseProvider, StatusChange, async_trait};

use super::note_masked_code;
use crate::args::{ChangeArgs, Chosen, KeyIds, StatusArgs, UpdateArgs};
use crate::change::{Change, Step};
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::view::KeyView;

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
    Work { verb: "update", takes_away: true }.run(context, &args.keys, args.change, Patch(patch)).await
}

pub(super) async fn disable(context: &Context, args: StatusArgs) -> Result<Exit, Failure> {
    let patch = Patch(LicensePatch::new().status(StatusChange::Disable));
    Work { verb: "disable", takes_away: true }.run(context, &args.keys, args.change, patch).await
}

pub(super) async fn enable(context: &Context, args: StatusArgs) -> Result<Exit, Failure> {
    let patch = Patch(LicensePatch::new().status(StatusChange::Enable));
    Work { verb: "enable", takes_away: false }.run(context, &args.keys, args.change, patch).await
}

pub(super) async fn revoke(context: &Context, args: StatusArgs) -> Result<Exit, Failure> {
    let patch = Patch(LicensePatch::new().status(StatusChange::Revoke));
    Work { verb: "revoke", takes_away: true }.run(context, &args.keys, args.change, patch).await
}

pub(super) async fn rotate(context: &Context, args: StatusArgs) -> Result<Exit, Failure> {
    Work { verb: "rotate", takes_away: true }.run(context, &args.keys, args.change, Rotation).await
}

/// What is done, as an order.
struct Work {
    verb: &'static str,
    /// Whether it may cut a customer off.
    takes_away: bool,
}

impl Work {
    async fn run(
        &self,
        context: &Context,
        keys: &KeyIds,
        options: ChangeArgs,
        step: impl Step<Record = LicenseKeyId>,
    ) -> Result<Exit, Failure> {
        let chosen = keys.read().await?;
        let action = match &chosen {
            Chosen::One(id) => self.action_on(id),
            Chosen::Many(ids) => format!("{} {} keys", self.verb, ids.len()),
        };
        let change = match self.takes_away {
            true => Change::taking_away(context, options, action)?,
            false => Change::harmless(context, options, action)?,
        };
        let ids = chosen.records();
        if let Some(mut preview) = change.preview() {
            if ids.len() > 1 {
                preview.of_several();
            }
            for id in ids {
                preview.set_action(self.action_on(id));
                preview.add(async |provider| step.apply(&*provider, id).await).await?;
            }
            return preview.print();
        }
        let Chosen::One(id) = &chosen else {
            let exit = change.run_each(&step, ids, keys.rest.path.as_deref()).await?;
            self.note_masked_codes(context, "ID");
            return Ok(exit);
        };
        if let Some(key) = step.apply(&*change.confirmed().await?, id).await? {
            context.print(&KeyView::new(&key, context.now, context.codes()))?;
            self.note_masked_codes(context, id.as_str());
        }
        Ok(Exit::Done)
    }

    fn note_masked_codes(&self, context: &Context, id: &str) {
        if self.verb == "rotate" {
            note_masked_code(context, id);
        }
    }

    fn action_on(&self, id: &LicenseKeyId) -> String {
        format!("{} the key {id}", self.verb)
    }
}

/// A change of fields: the second one changes nothing.
struct Patch(LicensePatch);

#[async_trait]
impl Step for Patch {
    type Record = LicenseKeyId;
    const IS_REPEATABLE: bool = true;

    async fn apply(
        &self,
        provider: &dyn LicenseProvider,
        id: &LicenseKeyId,
    ) -> anykey::Result<Option<LicenseKey>> {
        provider.update(id, self.0.clone()).await.map(Some)
    }
}

/// A new code: the second one is another.
struct Rotation;

#[async_trait]
impl Step for Rotation {
    type Record = LicenseKeyId;
    const IS_REPEATABLE: bool = false;

    async fn apply(
        &self,
        provider: &dyn LicenseProvider,
        id: &LicenseKeyId,
    ) -> anykey::Result<Option<LicenseKey>> {
        provider.rotate(id).await.map(Some)
    }
}
