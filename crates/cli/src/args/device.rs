use anykey::MetadataValue;
use clap::Args;

use super::value::named_value;
use super::{ChangeArgs, KeyInput};

#[derive(Args, Debug)]
pub(crate) struct ValidateArgs {
    #[command(flatten)]
    pub(crate) key: KeyInput,
    /// Read license keys from stdin, one a line, and print a line of JSON for each as soon as the vendor answers, in
    /// the order of the lines
    #[arg(long, group = "KeyInput", conflicts_with_all = ["activation", "increment_usage", "conditions"])]
    pub(crate) stdin: bool,
    /// Ask for the device that holds this activation id
    #[arg(long, value_name = "ID")]
    pub(crate) activation: Option<String>,
    /// Require the key to be for this product id (Polar: benefit)
    #[arg(long, value_name = "ID")]
    pub(crate) product: Option<String>,
    /// Require the key to belong to this customer id
    #[arg(long, value_name = "ID")]
    pub(crate) customer: Option<String>,
    /// Count this much usage if the key is good
    #[arg(long, value_name = "N", default_value_t = 0, hide_default_value = true)]
    pub(crate) increment_usage: u64,
    /// A condition that the activation was made with; repeat it for each
    #[arg(long = "condition", value_name = "NAME=VALUE", value_parser = named_value)]
    pub(crate) conditions: Vec<(String, MetadataValue)>,
}

#[derive(Args, Debug)]
pub(crate) struct ActivateArgs {
    #[command(flatten)]
    pub(crate) key: KeyInput,
    /// What the device is called; customer and seller see it
    #[arg(long, value_name = "NAME")]
    pub(crate) label: String,
    /// Keep this with the activation; may be repeated
    #[arg(long = "metadata", value_name = "NAME=VALUE", value_parser = named_value)]
    pub(crate) metadata: Vec<(String, MetadataValue)>,
    /// Tie the activation to this condition; may be repeated
    #[arg(long = "condition", value_name = "NAME=VALUE", value_parser = named_value)]
    pub(crate) conditions: Vec<(String, MetadataValue)>,
    #[command(flatten)]
    pub(crate) change: ChangeArgs,
}

/// A seat, by its key and its id.
#[derive(Args, Debug)]
pub(crate) struct SeatArgs {
    #[command(flatten)]
    pub(crate) key: KeyInput,
    /// The activation id of the seat
    #[arg(long, value_name = "ID")]
    pub(crate) activation: String,
    #[command(flatten)]
    pub(crate) change: ChangeArgs,
}
