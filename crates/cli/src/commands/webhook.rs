//! `anykey webhook`.

use crate::args::WebhookCommand;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;

mod archive;
mod arrival;
mod endpoint;
mod feed;
mod forward;
mod listen;
mod replay;
mod saved_request;
#[cfg(feature = "sim")]
mod trigger;
mod verify;

pub(super) async fn run(context: &Context, command: WebhookCommand) -> Result<Exit, Failure> {
    match command {
        WebhookCommand::Verify(args) => verify::run(context, args).await,
        WebhookCommand::Listen(args) => listen::run(context, args).await,
        #[cfg(feature = "sim")]
        WebhookCommand::Trigger(args) => trigger::run(context, args).await,
        WebhookCommand::Replay(args) => replay::run(context, args).await,
    }
}
