use std::process::ExitCode;

use anykey::Registry;
use anykey_http::redact;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{CommandFactory, Parser};
use clap_complete::CompleteEnv;

use crate::args::{COMPLETION_VARIABLE, Cli, Command, WebhookCommand};
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::{commands, report, trace};

/// Runs the command line of this process with the vendors of this library.
#[must_use]
pub fn main() -> ExitCode {
    main_with(Registry::builtin())
}

/// Runs the command line of this process with the vendors of `registry`.
///
/// A vendor from outside this library reaches the command by a program of its own:
///
/// ```no_run
/// # use anykey::adapter::Vendor;
/// # fn run(acme: Vendor) -> std::process::ExitCode {
/// anykey_cli::main_with(anykey::Registry::builtin().with(acme))
/// # }
/// ```
#[must_use]
pub fn main_with(registry: Registry) -> ExitCode {
    CompleteEnv::with_factory(Cli::command).var(COMPLETION_VARIABLE).complete();
    let cli = Cli::try_parse().unwrap_or_else(|error| without_secrets(error).exit());
    if cli.global.trace {
        trace::start();
    }
    let verbose = cli.global.verbose;
    let ends_by_interrupt = ends_by_interrupt(&cli.command);
    let context = Context::new(cli.global, registry);
    let outcome = block_on(async {
        tokio::select! {
            biased;
            () = interrupted() => if ends_by_interrupt { Ok(Exit::Done) } else { Err(Failure::Interrupted) },
            outcome = commands::run(&context, cli.command) => outcome,
        }
    });
    context.stop_progress();
    outcome
        .unwrap_or_else(|failure| {
            report::print(&failure, context.target_name(), verbose);
            failure.exit()
        })
        .into()
}

/// What was typed is repeated only as far as it is harmless: a word too many may be the rest of a key that was not
/// quoted, a value a pasted token or an address with a password, and either may hold characters that act on the
/// terminal.
fn without_secrets(mut error: clap::Error) -> clap::Error {
    let is_stray_word = error.kind() == ErrorKind::UnknownArgument;
    let typed = [
        ContextKind::InvalidArg,
        ContextKind::InvalidValue,
        ContextKind::InvalidSubcommand,
        ContextKind::TrailingArg,
    ];
    for kind in typed {
        let Some(ContextValue::String(word)) = error.get(kind) else { continue };
        let shown = if is_stray_word && kind == ContextKind::InvalidArg && !word.starts_with('-') {
            "(not shown: it may be part of a key)".to_owned()
        } else if word.contains("://") {
            "(not shown: it may hold a password)".to_owned()
        } else {
            redact(word, &[])
        };
        error.insert(kind, ContextValue::String(shown));
    }
    error
}

fn block_on(command: impl Future<Output = Result<Exit, Failure>>) -> Result<Exit, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::Usage(format!("cannot start: {error}")))?;
    let outcome = runtime.block_on(command);
    // A question that waits for an answer on stdin must not hold the process back.
    runtime.shutdown_background();
    outcome
}

/// Whether Ctrl-C is the only end that the command has.
const fn ends_by_interrupt(command: &Command) -> bool {
    match command {
        Command::Webhook(WebhookCommand::Listen(_)) => true,
        #[cfg(feature = "sim")]
        Command::Sim(_) => true,
        _ => false,
    }
}

/// Comes when Ctrl-C does.
async fn interrupted() {
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}
