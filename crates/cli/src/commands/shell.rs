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
    page.extend_from_slice(FURTHER_SECTIONS.as_bytes());
    context.print_bytes(&page)?;
    Ok(Exit::Done)
}

/// What the grammar does not know.
const FURTHER_SECTIONS: &str = r".SH ENVIRONMENT
.TP
.B ANYKEY_CONFIG
The configuration's file, as with --config.
.TP
.B ANYKEY_PROVIDER
The provider's name, as with --provider. Without any file it is the vendor's word, and each further field comes from a
variable of its own.
.TP
.B ANYKEY_FIELD
Overrides the field of that name of the chosen provider: ANYKEY_TOKEN, ANYKEY_ENVIRONMENT, ANYKEY_BASE_URL.
.TP
.B NO_COLOR
Colors are off when it is set.
.TP
.BR HTTPS_PROXY \ and\  ALL_PROXY
The proxy, unless the field `network` says otherwise.
.SH FILES
The first of these that is there is read:
.TP
.B anykey.toml
in the working directory, or in the nearest one above it that only this user and root can write.
.TP
.B ~/.config/anykey/anykey.toml
on Linux; on macOS ~/Library/Application Support/anykey, on Windows %APPDATA%\\anykey\\config.
";
