//! `anykey keys`.

use crate::args::KeysCommand;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::shell_command::shell_command;
use crate::view::Codes;

mod create;
mod filter;
#[cfg(feature = "migrate")]
mod import;
mod list;
mod read;
mod update;

pub(super) async fn run(context: &Context, command: KeysCommand) -> Result<Exit, Failure> {
    match command {
        KeysCommand::List(args) => list::run(context, args).await,
        KeysCommand::Get(args) => read::get(context, args).await,
        KeysCommand::Find(args) => read::find(context, args).await,
        KeysCommand::Create(args) => create::run(context, args).await,
        #[cfg(feature = "migrate")]
        KeysCommand::Import(args) => import::run(context, args).await,
        KeysCommand::Update(args) => update::update(context, args).await,
        KeysCommand::Rotate(args) => update::rotate(context, args).await,
        KeysCommand::Disable(args) => update::disable(context, args).await,
        KeysCommand::Enable(args) => update::enable(context, args).await,
        KeysCommand::Revoke(args) => update::revoke(context, args).await,
    }
}

/// A new code is of use to nobody who cannot read it. The command to paste is for the same provider.
fn note_masked_code(context: &Context, id: &str) {
    if context.codes() == Codes::Masked {
        let provider = context.global.provider.as_deref().filter(|name| !name.is_empty());
        let words = provider.into_iter().flat_map(|name| ["-p", name]);
        let words = words.chain(["--show-keys", "keys", "get", id]);
        let command = shell_command(context.global.config.as_deref(), words);
        context.note(&format!("the new key is shown masked; `{command}` shows it whole"));
    }
}
