use std::path::PathBuf;

#[cfg(feature = "sim")]
use clap::ValueEnum;
use clap::{Args, Subcommand};
use clap_complete::Shell;
#[cfg(feature = "sim")]
use url::Url;

#[cfg(feature = "sim")]
use super::value::web_address;

#[derive(Debug, Subcommand)]
pub(crate) enum ConfigCommand {
    /// Explain what the configuration resolves to: which vendor, plane and credential source
    Check(CheckArgs),
    /// Print the JSON Schema of a configuration, by which editors complete and check `anykey.toml`
    Schema,
}

/// What a first configuration says. Without a terminal nothing is asked: what is missing and needed is an error.
#[derive(Args, Debug)]
pub(crate) struct InitArgs {
    /// The vendor, by its word in `anykey providers`
    #[arg(long, value_name = "VENDOR")]
    pub(crate) vendor: Option<String>,
    /// What the provider is called, in the configuration and by --provider; the vendor's word by default
    #[arg(long, value_name = "NAME")]
    pub(crate) name: Option<String>,
    /// The vendor's environment: live, the default, or sandbox
    #[arg(long, value_name = "WORD")]
    pub(crate) environment: Option<String>,
    /// Set a field of the vendor, such as organization_id=ID; a list has commas; may be repeated
    #[arg(long, value_name = "FIELD=VALUE", value_parser = field_value)]
    pub(crate) set: Vec<(String, String)>,
    /// The environment variable that holds the token; NAME_TOKEN by default, and NAME_FIELD for a further credential
    #[arg(long, value_name = "VARIABLE", conflicts_with_all = ["token_file", "no_token"])]
    pub(crate) token_env: Option<String>,
    /// The file that holds the token; a relative path counts from the configuration's folder
    #[arg(long, value_name = "FILE", conflicts_with = "no_token")]
    pub(crate) token_file: Option<PathBuf>,
    /// Put the token into the system's keyring, into ENTRY or else NAME/token: it is asked for, or read from stdin
    #[arg(
        long,
        value_name = "ENTRY",
        num_args = 0..=1,
        require_equals = true,
        conflicts_with_all = ["token_env", "token_file", "no_token"]
    )]
    pub(crate) token_keyring: Option<Option<String>>,
    /// Configure no credential: what an installed app may do, and nothing else
    #[arg(long)]
    pub(crate) no_token: bool,
    /// The file to write; one that is there is never replaced
    #[arg(long, short, value_name = "FILE", default_value = "anykey.toml")]
    pub(crate) output: PathBuf,
    /// Do not ask the vendor whether the token is good
    #[arg(long)]
    pub(crate) offline: bool,
}

fn field_value(text: &str) -> Result<(String, String), String> {
    let (field, value) =
        text.split_once('=').filter(|(field, _)| !field.is_empty()).ok_or("write it as FIELD=VALUE")?;
    Ok((field.to_owned(), value.to_owned()))
}

#[derive(Args, Debug)]
pub(crate) struct CheckArgs {
    /// Make harmless calls and explain what comes back: list a key, and change one that does not exist
    #[arg(long)]
    pub(crate) online: bool,
}

#[cfg(feature = "sim")]
#[derive(Args, Debug)]
pub(crate) struct SimArgs {
    /// How many keys each vendor has
    #[arg(long, value_name = "N", default_value_t = 12, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub(crate) keys: u32,
    /// Sell one key in each state instead: full, expired, disabled, revoked, of another seller and so on
    #[arg(long, value_name = "WHAT", conflicts_with = "keys")]
    pub(crate) seed: Option<Seed>,
    /// Simulate another release of a vendor's API, such as dodo=RELEASE; may be repeated
    #[arg(long = "release", value_name = "VENDOR=RELEASE", value_parser = vendor_release)]
    pub(crate) releases: Vec<(String, String)>,
    /// Let one request in ten fail: lost answers, server errors, rate limits, pages of a sign-in
    ///
    /// The same SEED gives the same faults for the same requests.
    #[arg(long, value_name = "SEED", num_args = 0..=1, require_equals = true, default_missing_value = "1")]
    pub(crate) chaos: Option<u64>,
    /// Write anykey.toml and the token files into this directory
    #[arg(long, value_name = "DIR")]
    pub(crate) write: Option<PathBuf>,
    /// Send signed webhooks to URL/VENDOR for each vendor, as soon as somebody listens there
    ///
    /// `anykey webhook listen` does, at http://127.0.0.1:8790, with the configuration that is written here.
    #[arg(long, value_name = "URL", value_parser = web_address)]
    pub(crate) webhooks: Option<Url>,
    /// Show the simulators on a local page, to watch them and to change what they do
    ///
    /// Its address is printed and holds a secret. PORT is that of the page; without one any free port is taken.
    #[cfg(feature = "sim-ui")]
    #[arg(long, value_name = "PORT", num_args = 0..=1, require_equals = true, default_missing_value = "0")]
    pub(crate) ui: Option<u16>,
}

/// What the simulated sellers have sold.
#[cfg(feature = "sim")]
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Seed {
    /// One key in each state that the vendor has
    Roles,
}

#[cfg(feature = "sim")]
fn vendor_release(text: &str) -> Result<(String, String), String> {
    let (vendor, release) = text.split_once('=').ok_or("write it as VENDOR=RELEASE")?;
    Ok((vendor.to_owned(), release.to_owned()))
}

const INSTALLATION: &str = "\
To install:
  bash        anykey completions bash > ~/.local/share/bash-completion/completions/anykey
  zsh         source <(anykey completions zsh)   # in .zshrc, after compinit
  fish        anykey completions fish > ~/.config/fish/completions/anykey.fish
  elvish      anykey completions elvish > ~/.config/elvish/lib/anykey.elv; then `use anykey` in rc.elv
  powershell  anykey completions powershell >> $PROFILE

The script asks this command, which has to be in PATH, each time: commands, options, statuses, columns, and the names of the
providers that the configuration has. It reads no credential and sends nothing. Print it again after an update.";

#[derive(Args, Debug)]
#[command(after_help = INSTALLATION)]
pub(crate) struct CompletionsArgs {
    /// The shell to print it for
    #[arg(value_name = "SHELL")]
    pub(crate) shell: Shell,
}

#[derive(Args, Debug)]
pub(crate) struct ManArgs {
    /// Write a page for every command into this directory instead
    #[arg(long, value_name = "DIR")]
    pub(crate) dir: Option<PathBuf>,
}
