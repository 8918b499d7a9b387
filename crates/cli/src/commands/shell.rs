//! `anykey completions` and `anykey man`.

use clap::CommandFactory;
use clap_complete::env::Shells;

use crate::args::{COMPLETION_VARIABLE, Cli, CompletionsArgs, ManArgs};
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;

pub(super) fn completions(context: &Context, args: &CompletionsArgs) -> Result<Exit, Failure> {
    let mut script = Vec::new();
    let shell = args.shell.to_string();
    if let Some(shell) = Shells::builtins().completer(&shell) {
        shell.write_registration(COMPLETION_VARIABLE, "anykey", "anykey", "anykey", &mut script)?;
    }
    context.print_bytes(&script)?;
    Ok(Exit::Done)
}

pub(super) fn man(context: &Context, args: &ManArgs) -> Result<Exit, Failure> {
    let command = Cli::command();
    if let Some(folder) = &args.dir {
        std::fs::create_dir_all(folder)?;
        clap_mangen::generate_to(command.clone(), folder)?;
        std::fs::write(folder.join("anykey.1"), main_page(command)?)?;
        return Ok(Exit::Done);
    }
    context.print_bytes(&main_page(command)?)?;
    Ok(Exit::Done)
}

/// The page of the command itself, which has the sections that hold for all.
fn main_page(command: clap::Command) -> std::io::Result<Vec<u8>> {
    let mut page = Vec::new();
    clap_mangen::Man::new(command).render(&mut page)?;
    page.extend_from_slice(FURTHER_SECTIONS.as_bytes());
    Ok(page)
}

/// What the grammar does not know.
const FURTHER_SECTIONS: &str = r".SH EXIT STATUS
.TP
.B 0
Done, of several records all of them. Of
.B validate
the key is good, of
.B webhook verify
the request is authentic. A closed pipe is no error, unless several records are being changed.
.TP
.B 1
Refused by the vendor in its own words. Of
.B webhook verify
not authentic, of
.B webhook replay
not taken; of
.B migrate
and
.B keys import
keys are missing, differ or were refused.
.TP
.B 2
The command line, the configuration or the credential is wrong, or a confirmation was not given.
.TP
.B 3
No answer: network, rate limit, failing vendor, an answer that cannot be read.
.TP
.B 4
This vendor, or this credential, cannot do it.
.TP
.B 130
Interrupted by Ctrl-C.
.PP
Of several records that ended differently, 3 comes before 2, 4 and 1.
.SH ENVIRONMENT
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
.BR HTTPS_PROXY ,\  HTTP_PROXY\  and\  ALL_PROXY
The proxy, unless the field `network` says otherwise.
.TP
.B NO_PROXY
Hosts that are reached without the proxy.
.TP
.B TZ
The time zone of the times on a terminal; without it the system's. Everywhere else times are in UTC.
.TP
.BR SSL_CERT_FILE ,\  SSL_CERT_DIR
On Linux, the certificates that TLS trusts in place of the system's. `anykey doctor` says which are in use.
.TP
.BR HOME ,\  XDG_CONFIG_HOME ,\  XDG_CACHE_HOME
Where the folders below are.
.SH FILES
The first of these that is there is read:
.TP
.B anykey.toml
in the working directory, or in the nearest one above it that only this user and root can write.
.TP
.B ~/.config/anykey/anykey.toml
on Linux; on macOS ~/Library/Application Support/anykey, on Windows %APPDATA%\\anykey\\config.
.PP
Others:
.TP
.B ~/.cache/anykey/pacing/
The times of recent requests for each address of a vendor, by which the processes of one user keep its rate limits together.
They can be removed at any time.
.TP
.B anykey-migration.journal, FILE.journal
The journal of a migration and of an import of FILE: record ids and how far each key is, without codes.
.TP
.B anykey.schema.json
The JSON Schema of a configuration, written by
.B anykey init
for editors.
";
