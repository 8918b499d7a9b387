use clap::{Args, Subcommand};

use super::{ChangeArgs, IdArgs, SeatIds};

#[derive(Debug, Subcommand)]
pub(crate) enum ActivationsCommand {
    /// List the live activations of a key
    List(IdArgs),
    /// Give an activation another name
    Rename(RenameArgs),
    /// Free seats without the device: reads the key's code, then deactivates
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
    #[command(flatten)]
    pub(crate) seats: SeatIds,
    #[command(flatten)]
    pub(crate) change: ChangeArgs,
}
