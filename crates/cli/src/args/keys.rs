#[cfg(feature = "migrate")]
use std::path::PathBuf;

use anykey::{ActivationLimit, LicenseStatus};
use clap::builder::PossibleValuesParser;
use clap::{Args, Subcommand};

use super::moment::{Moment, moment};
use super::status_parser::StatusParser;
use super::value::{activation_limit, creatable_limit, fields, order};
use super::{ChangeArgs, KeyIds, KeyInput};
use crate::output::{Order, Row as _};
use crate::view::KeyView;

#[derive(Debug, Subcommand)]
pub(crate) enum KeysCommand {
    /// List keys, all or those that pass every filter
    List(ListArgs),
    /// Show one key by its record id
    Get(IdArgs),
    /// Look for the record of a license key by reading the listing until it comes
    Find(FindArgs),
    /// Create a key, with a code of your own or one that the vendor makes
    Create(CreateArgs),
    /// Create the keys of a file, each with its own code; a run that was cut off continues
    #[cfg(feature = "migrate")]
    Import(ImportArgs),
    /// Change the expiry, activation limit or usage of keys
    Update(UpdateArgs),
    /// Give keys new codes; the old ones stop working at once
    Rotate(StatusArgs),
    /// Switch keys off
    Disable(StatusArgs),
    /// Put keys in force
    Enable(StatusArgs),
    /// Withdraw keys
    Revoke(StatusArgs),
}

#[derive(Args, Debug)]
pub(crate) struct ListArgs {
    /// Only keys with this status now: active, inactive, expired, disabled, revoked, or a vendor's own
    /// word; may be repeated
    #[arg(long, value_name = "STATUS", value_parser = StatusParser, hide_possible_values = true)]
    pub(crate) status: Vec<LicenseStatus>,
    /// Only keys of this customer id
    #[arg(long, value_name = "ID")]
    pub(crate) customer: Option<String>,
    /// Only keys of this product id (Polar: benefit); may be repeated
    #[arg(long, value_name = "ID")]
    pub(crate) product: Vec<String>,
    /// Only keys that end before this time: 2027-01-31T12:00:00Z, 2027-01-31 for its start in UTC, or a
    /// distance from now such as 30d, 12h or -2w
    #[arg(long, allow_hyphen_values = true, value_name = "TIME", value_parser = moment)]
    pub(crate) expires_before: Option<Moment>,
    /// Only keys that end at this time or later; keys without an end do not pass
    #[arg(long, allow_hyphen_values = true, value_name = "TIME", value_parser = moment)]
    pub(crate) expires_after: Option<Moment>,
    /// Stop after this many keys
    #[arg(long, short = 'L', value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) limit: Option<u64>,
    /// Show these fields, by the names that --json has, in this order
    #[arg(long, value_name = "FIELD,…", value_delimiter = ',', value_parser = PossibleValuesParser::new(KeyView::FIELDS), hide_possible_values = true)]
    pub(crate) columns: Vec<String>,
    /// Sort by this field, by its name in --json; with - in front, the largest first. All keys are read before one is
    /// shown
    #[arg(long, allow_hyphen_values = true, value_name = "FIELD", value_parser = order, add = fields())]
    pub(crate) sort: Option<Order>,
}

#[derive(Args, Debug)]
pub(crate) struct IdArgs {
    /// The key's record id, as `keys list` shows it
    #[arg(value_name = "ID")]
    pub(crate) id: String,
}

#[derive(Args, Debug)]
pub(crate) struct FindArgs {
    #[command(flatten)]
    pub(crate) key: KeyInput,
}

#[derive(Args, Debug)]
pub(crate) struct CreateArgs {
    #[command(flatten)]
    pub(crate) key: KeyInput,
    /// Let the vendor make the code; it also decides the limit and the end that are not given
    #[arg(long, group = "KeyInput")]
    pub(crate) generate: bool,
    /// Who gets the key: the vendor's customer id; may be left out with --generate
    #[arg(long, value_name = "ID", required_unless_present = "generate")]
    pub(crate) customer: Option<String>,
    /// What the key is for: the vendor's product id
    #[arg(long, value_name = "ID")]
    pub(crate) product: String,
    /// How many activations the key may have, or `unlimited`, which is the default for a code of your own
    #[arg(long, value_name = "N", value_parser = creatable_limit)]
    pub(crate) activation_limit: Option<ActivationLimit>,
    /// When the key ends (2027-01-31, 2027-01-31T12:00:00Z or 30d); by default a code of your own never ends
    #[arg(long, allow_hyphen_values = true, value_name = "TIME", value_parser = moment)]
    pub(crate) expires_at: Option<Moment>,
    #[command(flatten)]
    pub(crate) change: ChangeArgs,
}

/// The keys of a file, and where what was done with them is kept.
#[cfg(feature = "migrate")]
#[derive(Args, Debug)]
pub(crate) struct ImportArgs {
    /// The keys: FILE.csv with a header, or FILE.jsonl with an object on each line
    ///
    /// The names are those that `keys list --show-keys` prints with --csv or --jsonl. Only `key` is needed in each row,
    /// and `product` and `customer` where the vendor needs them; a key without `expires_at` never ends, and one without
    /// `activation_limit` is unlimited. What a vendor sets by itself, such as `created_at`, is read and not used.
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// What products and customers of the file are at the vendor, as for `migrate`: a TOML file, or a CSV file with the
    /// header kind,source,target; may be repeated. The others are taken for the vendor's own ids
    #[arg(long, value_name = "FILE")]
    pub(crate) map: Vec<PathBuf>,
    /// Where the journal of this import is; FILE.journal by default
    #[arg(long, value_name = "FILE")]
    pub(crate) journal: Option<PathBuf>,
    /// Create at most this many keys
    #[arg(long, short = 'L', value_name = "N")]
    pub(crate) limit: Option<u64>,
    /// Print what would be created, and create nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Do not ask for confirmation
    #[arg(long, short)]
    pub(crate) yes: bool,
}

#[derive(Args, Debug)]
pub(crate) struct UpdateArgs {
    #[command(flatten)]
    pub(crate) keys: KeyIds,
    #[command(flatten)]
    pub(crate) patch: PatchArgs,
    #[command(flatten)]
    pub(crate) change: ChangeArgs,
}

#[derive(Args, Debug)]
#[group(required = true, multiple = true)]
pub(crate) struct PatchArgs {
    /// End the key at this time (2027-01-31, 2027-01-31T12:00:00Z or 30d)
    #[arg(long, allow_hyphen_values = true, value_name = "TIME", value_parser = moment, conflicts_with = "no_expiry")]
    pub(crate) expires_at: Option<Moment>,
    /// Take the key's own end away
    #[arg(long)]
    pub(crate) no_expiry: bool,
    /// How many activations the key may have, `unlimited`, or `none`
    #[arg(long, value_name = "N", value_parser = activation_limit)]
    pub(crate) activation_limit: Option<ActivationLimit>,
    /// Set the usage counter
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    pub(crate) usage: Option<i64>,
    /// How much may be used
    #[arg(long, value_name = "N", conflicts_with = "no_usage_limit")]
    pub(crate) usage_limit: Option<u64>,
    /// Take the usage limit away
    #[arg(long)]
    pub(crate) no_usage_limit: bool,
}

#[derive(Args, Debug)]
pub(crate) struct StatusArgs {
    #[command(flatten)]
    pub(crate) keys: KeyIds,
    #[command(flatten)]
    pub(crate) change: ChangeArgs,
}
