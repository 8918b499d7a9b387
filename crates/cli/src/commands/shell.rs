//! `anykey completions` and `anykey man`.

use clap::CommandFactory;

use crate::args::{Cli, CompletionsArgs, ManArgs};
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;

pub(super) fn completions(context: &Context, args: &CompletionsArgs) -> Result<Exit, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "anykey", &mut script);
    context.print_bytes(&script)?;
    Ok(Exit::Done)
}

pub(super) fn man(context: &Context, args: &ManArgs) -> Result<Exit, Failure> {
    let command = Cli::command();
    if let Some(folder) = &args.dir {
        std::fs::create_dir_all(folder)?;
        clap_mangen::generate_to(command, folder)?;
        return Ok(Exit::Done);
    }
    let mut page = Vec::new();
    clap_mangen::Man::new(command).render(&mut page)?;
    context.print_bytes(&page)?;
    Ok(Exit::Done)
}
