//! `anykey config check`.

use anykey::LicenseProvider;

use crate::args::{CheckArgs, ConfigCommand};
use crate::config::load;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::target::{Target, chosen_name};

pub(super) mod credential;
pub(super) mod online;
mod report;

use report::CheckView;

pub(super) async fn run(context: &Context, command: ConfigCommand) -> Result<Exit, Failure> {
    match command {
        ConfigCommand::Check(args) => check(context, args).await,
    }
}

/// Explains every provider, or the one that is asked for; the first that is wrong becomes the error.
async fn check(context: &Context, args: CheckArgs) -> Result<Exit, Failure> {
    let asked = context.global.provider.as_deref();
    let loaded = load(context.global.config.as_deref())?;
    let chosen = chosen_name(&loaded, asked)?;
    let names = loaded.config.names().filter(|name| asked.is_none() || *name == chosen);
    let mut views = Vec::new();
    let mut wrong = None;
    for name in names {
        let target = Target::of(&loaded, name, name == chosen, &context.registry)?;
        let is_default = loaded.config.default_name().is_ok_and(|default| default == name);
        let mut view = CheckView::new(&loaded.place, &target, is_default);
        let outcome = match target.open() {
            Ok(provider) => {
                view.capabilities(provider.capabilities());
                if args.online {
                    let answer = online::call(&*provider).await;
                    view.online(online::explain(&answer, &target.scope));
                    answer.map(|_| ())
                } else {
                    Ok(())
                }
            }
            Err(error) => Err(error),
        };
        let webhooks = || if target.receives_webhooks() { target.receiver().map(drop) } else { Ok(()) };
        if let Err(error) = outcome.and_then(|()| webhooks()) {
            view.problem(error.message());
            wrong.get_or_insert((target, error));
        }
        views.push(view);
    }
    context.print_each(views)?;
    match wrong {
        None => Ok(Exit::Done),
        Some((target, error)) => {
            context.name_target(&target);
            Err(error.into())
        }
    }
}
