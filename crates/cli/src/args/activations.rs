use clap::{Args, Subcommand};

use super::{ChangeArgs, IdArgs};

#[derive(Debug, Subcommand)]
pub(crate) enum ActivationsCommand {
    /// List the live activations of a key
    List(IdArgs),
    /// Give an activation another name (Dodo Payments only)
    Rename(RenameArgs),
    /// Free a seat without the device: reads the key's code, then deactivates
    Remove(RemoveArgs),
}

#[derive(Args, Debug)]
pub(crate) struct RenameArgs {
    /// The activation's id, as `activations list` shows it
    #[arg(value_name = "ACTIVATION")]
    pub(crate) activation: String,
    /// The new name; customer and seller see it
    #[arg(value_name = "NAME")]
    pub(crate) name: String,
    #[command(flatten)]
    pub(crate) change: ChangeArgs,
}

#[derive(Args, Debug)]
pub(crate) struct RemoveArgs {
    /// The key's record id, as `keys list` shows it
    #[arg(value_name = "ID")]
    pub(crate) id: String,
    /// The activation's id, as `activations list` shows it
    #[arg(value_name = "ACTIVATION")]
    pub(crate) activation: String,
    #[command(flatten)]
    pub(crate) change: ChangeArgs,
}
