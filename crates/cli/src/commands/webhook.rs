//! `anykey webhook`.

use std::sync::Arc;

use anykey::{Registry, WebhookReceiver};

use crate::args::WebhookCommand;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::target::Target;

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

/// Builds the receiver of the deliveries of `target` from its webhook secrets.
pub(super) fn receiver(target: &Target) -> anykey::Result<Arc<dyn WebhookReceiver>> {
    Registry::builtin().with_secrets(target.secrets()).build_webhooks(&target.config)
}
