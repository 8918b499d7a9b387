//! The commands, one file each.

use crate::args::Command;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;

mod activations;
mod config_check;
mod device;
mod doctor;
mod explain;
mod find;
mod init;
mod keys;
#[cfg(feature = "migrate")]
mod migrate;
mod providers;
mod shell;
#[cfg(feature = "sim")]
mod sim;
mod webhook;

/// Does what was typed.
pub(crate) async fn run(context: &Context, command: Command) -> Result<Exit, Failure> {
    if context.global.format.contradicts_itself() {
        return Err(Failure::Usage("choose one of --json, --jsonl and --csv".to_owned()));
    }
    match command {
        Command::Keys(command) => keys::run(context, command).await,
        Command::Activations(command) => activations::run(context, command).await,
        Command::Find(args) => find::run(context, args).await,
        Command::Explain(args) => explain::run(context, args).await,
        Command::Validate(args) => device::validate(context, args).await,
        Command::Activate(args) => device::activate(context, args).await,
        Command::Renew(args) => device::renew(context, args).await,
        Command::Deactivate(args) => device::deactivate(context, args).await,
        Command::Webhook(command) => webhook::run(context, command).await,
        #[cfg(feature = "migrate")]
        Command::Migrate(command) => migrate::run(context, command).await,
        Command::Providers => providers::run(context),
        Command::Doctor(args) => doctor::run(context, args).await,
        Command::Init(args) => init::run(context, args).await,
        Command::Config(command) => config_check::run(context, command).await,
        #[cfg(feature = "sim")]
        Command::Sim(args) => sim::run(context, args).await,
        Command::Completions(args) => shell::completions(context, &args),
        Command::Man(args) => shell::man(context, &args),
    }
}
