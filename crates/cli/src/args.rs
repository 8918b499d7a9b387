//! What can be typed: the command's grammar, and nothing else.

use clap::{Parser, Subcommand};

mod activations;
mod change;
mod device;
mod doctor;
mod explain;
mod global;
mod key_input;
mod keys;
#[cfg(feature = "migrate")]
mod migrate;
mod moment;
mod provider_names;
mod record_ids;
mod setup;
mod status_parser;
pub(crate) mod value;
mod webhook;

pub(crate) use activations::{ActivationsCommand, RemoveArgs, RenameArgs};
pub(crate) use change::ChangeArgs;
pub(crate) use device::{ActivateArgs, SeatArgs, ValidateArgs};
pub(crate) use doctor::DoctorArgs;
pub(crate) use explain::{ExplainArgs, SearchArgs};
pub(crate) use global::{Format, GlobalArgs};
pub(crate) use key_input::KeyInput;
#[cfg(feature = "migrate")]
pub(crate) use keys::ImportArgs;
pub(crate) use keys::{CreateArgs, FindArgs, IdArgs, KeysCommand, ListArgs, StatusArgs, UpdateArgs};
#[cfg(feature = "migrate")]
pub(crate) use migrate::{Ends, ForgetArgs, MigrateCommand, PlanArgs, ReportArgs, RunArgs, UndoArgs};
pub(crate) use moment::Moment;
#[cfg(feature = "migrate")]
pub(crate) use record_ids::read_file;
pub(crate) use record_ids::{Chosen, KeyIds, Seat, SeatIds};
pub(crate) use setup::{CheckArgs, CompletionsArgs, ConfigCommand, InitArgs, ManArgs};
#[cfg(feature = "sim")]
pub(crate) use setup::{Seed, SimArgs};
#[cfg(feature = "sim")]
pub(crate) use webhook::TriggerArgs;
pub(crate) use webhook::{ListenArgs, ReplayArgs, VerificationTime, VerifyArgs, WebhookCommand};

/// Names the shell for which a completion script asks what fits; absent when a person runs the command.
pub(crate) const COMPLETION_VARIABLE: &str = "__ANYKEY_COMPLETE";

const EXIT_CODES: &str = "\
Exit codes:
  0    done; `validate`: the key is good; `webhook verify`: authentic
  1    refused by the vendor, with the reason; `webhook verify`: not authentic;
       `migrate` and `keys import`: keys are missing, differ or were refused
  2    usage or configuration is wrong, the credential included
  3    no answer: network, rate limit, failing vendor
  4    unsupported by this vendor or with this credential
  130  interrupted (Ctrl-C)";

/// License keys of every vendor, from a shell.
#[derive(Debug, Parser)]
#[command(name = "anykey", version, after_help = EXIT_CODES, max_term_width = 100)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: GlobalArgs,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// List, read and change license keys
    #[command(subcommand)]
    Keys(KeysCommand),
    /// List, rename and remove the activations of a key
    #[command(subcommand)]
    Activations(ActivationsCommand),
    /// Look for a key at every provider of the configuration
    Find(SearchArgs),
    /// Explain why a key works or not, what can be done, and what to answer its customer
    Explain(ExplainArgs),
    /// Ask whether a key is good: exit code 0 yes, 1 no, anything else no verdict
    Validate(ValidateArgs),
    /// Take a seat of a key for a device
    Activate(ActivateArgs),
    /// Keep a device's seat that ends by itself
    Renew(SeatArgs),
    /// Give a device's seat back
    Deactivate(SeatArgs),
    /// Verify and receive the vendors' webhooks
    #[command(subcommand)]
    Webhook(WebhookCommand),
    /// Move keys to another vendor, with the same codes
    #[cfg(feature = "migrate")]
    #[command(subcommand)]
    Migrate(MigrateCommand),
    /// Show the vendors that are built in and what each can do
    Providers,
    /// Examine configuration, credentials, network and vendors, with a remedy for each fault
    Doctor(DoctorArgs),
    /// Write a first configuration: asks for the vendor, where its token is and what else it needs, and checks it
    Init(InitArgs),
    /// Look at the configuration
    #[command(subcommand)]
    Config(ConfigCommand),
    /// Run the vendors' simulators on this machine, with made-up keys to play with
    #[cfg(feature = "sim")]
    Sim(SimArgs),
    /// Print the completion script for a shell
    Completions(CompletionsArgs),
    /// Print the manual page
    Man(ManArgs),
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_grammar_is_consistent() {
        super::Cli::command().debug_assert();
    }
}
