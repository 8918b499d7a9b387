//! `anykey webhook`.

use crate::args::WebhookCommand;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;

mod endpoint;
mod listen;
mod saved_request;
mod verify;

pub(super) async fn run(context: &Context, command: WebhookCommand) -> Result<Exit, Failure> {
    match command {
        WebhookCommand::Verify(args) => verify::run(context, args).await,
        WebhookCommand::Listen(args) => listen::run(context, args).await,
    }
}
