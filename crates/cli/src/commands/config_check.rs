//! `anykey config check`.

use std::path::Path;

use anykey::{ErrorKind, LicenseProvider};

use crate::args::{CheckArgs, ConfigCommand};
use crate::config::{load, schema};
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::target::{Target, chosen_name};

pub(super) mod credential;
mod grants;
pub(super) mod online;
mod report;

use grants::Grants;
use report::CheckView;

pub(super) async fn run(context: &Context, command: ConfigCommand) -> Result<Exit, Failure> {
    match command {
        ConfigCommand::Check(args) => {
            let (config, asked) = (context.global.config.as_deref(), context.global.provider.as_deref());
            check_file(context, config, asked, args).await
        }
        ConfigCommand::Schema => {
            context.print_bytes(format!("{:#}\n", schema(&context.registry)).as_bytes())?;
            Ok(Exit::Done)
        }
    }
}

/// Explains every provider of the file, or the one that is `asked` for; the first that is wrong becomes the error.
pub(super) async fn check_file(
    context: &Context,
    config: Option<&Path>,
    asked: Option<&str>,
    args: CheckArgs,
) -> Result<Exit, Failure> {
    let loaded = load(config)?;
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
                    let (explanation, outcome) = ask(&target, &*provider).await;
                    view.online(explanation);
                    outcome
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

/// What harmless calls say about the configuration, and what is wrong with it.
async fn ask(target: &Target, provider: &dyn LicenseProvider) -> (String, anykey::Result<()>) {
    let probe = target.probe();
    let answer = online::call(provider, probe).await;
    let explanation = online::explain(&answer, &target.scope);
    let is_known = answer.as_ref().map_or_else(|error| error.kind() == ErrorKind::PermissionDenied, |_| true);
    let Some((is_of_an_app, everything)) = target.with_everything().filter(|_| is_known) else {
        return (explanation, answer.map(|_| ()));
    };
    let explanation = match everything {
        Ok(everything) => {
            let grants = Grants::of(&*everything, probe).await;
            match is_of_an_app {
                true => format!("the vendor knows the credential{}", grants.explain_of_an_app()),
                false => explanation + &grants.explain(),
            }
        }
        Err(_) => explanation,
    };
    (explanation, answer.map(|_| ()))
}
