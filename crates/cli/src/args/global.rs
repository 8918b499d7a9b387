use std::path::PathBuf;

use clap::{ArgAction, Args, ColorChoice};

use super::provider_names::provider_names;

/// What goes with every command.
#[derive(Args, Debug)]
#[command(next_help_heading = "Global options")]
pub(crate) struct GlobalArgs {
    /// Read the configuration from this file
    #[arg(long, global = true, value_name = "FILE", env = "ANYKEY_CONFIG", hide_env_values = true)]
    pub(crate) config: Option<PathBuf>,
    /// Use this provider of the configuration instead of its default
    #[arg(
        long,
        short,
        global = true,
        value_name = "NAME",
        env = "ANYKEY_PROVIDER",
        hide_env_values = true,
        add = provider_names()
    )]
    pub(crate) provider: Option<String>,
    #[command(flatten)]
    pub(crate) format: FormatArgs,
    /// With --csv: put no apostrophe in front of values that a spreadsheet would run as formulas
    #[arg(long, global = true)]
    pub(crate) csv_raw: bool,
    /// Print whole license keys instead of their last six characters
    #[arg(long, global = true)]
    pub(crate) show_keys: bool,
    /// When to use colors; `auto` heeds NO_COLOR
    #[arg(long, global = true, value_name = "WHEN", default_value_t = ColorChoice::Auto, value_enum)]
    pub(crate) color: ColorChoice,
    /// Print neither notes nor progress
    #[arg(long, short, global = true)]
    pub(crate) quiet: bool,
    /// After an error print its causes, the vendor's request id and the number of attempts
    #[arg(long, short, global = true, action = ArgAction::SetTrue)]
    pub(crate) verbose: bool,
    /// Print every request's span to stderr: operation, status, attempts, time
    #[arg(long, global = true)]
    pub(crate) trace: bool,
}

/// Not a clap group: its conflicts would not reach options that stand in front of the subcommand.
#[derive(Args, Clone, Copy, Debug)]
pub(crate) struct FormatArgs {
    /// Print one JSON document
    #[arg(long, global = true, help_heading = "Global options")]
    json: bool,
    /// Print one JSON document a line, as soon as it arrives
    #[arg(long, global = true, help_heading = "Global options")]
    jsonl: bool,
    /// Print comma-separated values with a header, as soon as they arrive
    #[arg(long, global = true, help_heading = "Global options")]
    csv: bool,
}

/// How results are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    Table,
    Json,
    Jsonl,
    Csv,
}

impl FormatArgs {
    pub(crate) const fn choice(self) -> Format {
        match self {
            Self { json: true, .. } => Format::Json,
            Self { jsonl: true, .. } => Format::Jsonl,
            Self { csv: true, .. } => Format::Csv,
            _ => Format::Table,
        }
    }

    /// Whether two formats are asked for at once.
    pub(crate) fn contradicts_itself(self) -> bool {
        [self.json, self.jsonl, self.csv].into_iter().filter(|chosen| *chosen).count() > 1
    }
}

impl Format {
    /// Whether rows are printed while more are still to come.
    pub(crate) const fn streams(self) -> bool {
        matches!(self, Self::Jsonl | Self::Csv)
    }
}
