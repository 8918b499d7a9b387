use std::path::PathBuf;

use anykey::PastedKey;
use anykey::migrate::Filter;
use clap::{Args, Subcommand};

use super::ChangeArgs;
use super::key_input::pasted;
use super::provider_names::provider_names;
use crate::failure::Failure;

#[derive(Debug, Subcommand)]
pub(crate) enum MigrateCommand {
    /// Read both ends and show what a run would do; nothing is written
    Plan(PlanArgs),
    /// Create the keys at the target, as the plan says; a run that was cut off continues
    Run(RunArgs),
    /// Compare both ends key by key: exit code 0 if all keys are there, 1 if not
    Verify(Ends),
    /// Show what a journal says of each key; `--html` for a page to print
    Report(ReportArgs),
    /// Switch off, at the target, the keys that the runs of a journal created
    Undo(UndoArgs),
    /// Remove a journal; its runs cannot be continued or undone after that
    Forget(ForgetArgs),
}

/// Both ends, and which keys.
#[derive(Args, Debug)]
pub(crate) struct Ends {
    /// The provider of the configuration that has the keys
    #[arg(long, value_name = "NAME", add = provider_names())]
    pub(crate) from: String,
    /// The provider of the configuration that gets them
    #[arg(long, value_name = "NAME", add = provider_names())]
    pub(crate) to: String,
    /// What products and customers of the source are at the target: a TOML file, or a CSV file with the header
    /// kind,source,target; may be repeated
    #[arg(long, value_name = "FILE", required = true)]
    pub(crate) map: Vec<PathBuf>,
    /// Only keys with product=ID, customer=ID, key=ID or status=WORD; may be repeated
    #[arg(long, value_name = "FILTER")]
    pub(crate) only: Vec<Filter>,
    #[command(flatten)]
    pub(crate) journal: JournalArgs,
}

#[derive(Args)]
pub(crate) struct PlanArgs {
    #[command(flatten)]
    pub(crate) ends: Ends,
    /// Copy nothing: check and print the configuration of a router that creates each key when its customer next
    /// activates
    ///
    /// The source's keys are not listed, so no right to export them is needed.
    #[arg(long)]
    pub(crate) on_first_use: bool,
    /// Say of this key of the source what its next activation would do; `-` reads it from stdin
    #[arg(long, value_name = "KEY", requires = "on_first_use")]
    sample: Option<String>,
}

impl PlanArgs {
    /// The key that is tried.
    pub(crate) async fn sample(&self) -> Result<Option<PastedKey>, Failure> {
        match &self.sample {
            Some(typed) => Ok(Some(pasted(typed).await?)),
            None => Ok(None),
        }
    }
}

/// Without the sample, which is a license key.
impl std::fmt::Debug for PlanArgs {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { ends, on_first_use, sample: _ } = self;
        f.debug_struct("PlanArgs")
            .field("ends", ends)
            .field("on_first_use", on_first_use)
            .finish_non_exhaustive()
    }
}

#[derive(Args, Debug)]
pub(crate) struct JournalArgs {
    /// Where the journal of this migration is
    #[arg(long = "journal", value_name = "FILE", default_value = "anykey-migration.journal")]
    pub(crate) path: PathBuf,
}

#[derive(Args, Debug)]
pub(crate) struct RunArgs {
    #[command(flatten)]
    pub(crate) ends: Ends,
    /// Create at most this many keys
    #[arg(long, short = 'L', value_name = "N")]
    pub(crate) limit: Option<u64>,
    #[command(flatten)]
    pub(crate) change: ChangeArgs,
}

#[derive(Args, Debug)]
pub(crate) struct ReportArgs {
    #[command(flatten)]
    pub(crate) journal: JournalArgs,
    /// Write a page to print
    #[arg(long)]
    pub(crate) html: bool,
}

#[derive(Args, Debug)]
pub(crate) struct UndoArgs {
    /// The provider of the configuration that got the keys
    #[arg(long, value_name = "NAME", add = provider_names())]
    pub(crate) to: String,
    #[command(flatten)]
    pub(crate) journal: JournalArgs,
    #[command(flatten)]
    pub(crate) change: ChangeArgs,
}

#[derive(Args, Debug)]
pub(crate) struct ForgetArgs {
    #[command(flatten)]
    pub(crate) journal: JournalArgs,
    /// Do not ask for confirmation
    #[arg(long, short)]
    pub(crate) yes: bool,
}
