use std::fmt;
use std::path::{Path, PathBuf};

use anykey::{ActivationId, LicenseKeyId};
use clap::Args;

use crate::failure::Failure;
use crate::records::records;

/// One record, or several that are changed one after the other.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Chosen<T> {
    /// The one that the command line names: its result is shown with all its facts.
    One(T),
    /// Those of the command line, of stdin or of a file: one line each.
    Many(Vec<T>),
}

impl<T> Chosen<T> {
    /// The records, in the order in which they are changed.
    pub(crate) fn records(&self) -> &[T] {
        match self {
            Self::One(record) => std::slice::from_ref(record),
            Self::Many(records) => records,
        }
    }
}

/// The keys that a change is for.
#[derive(Args, Debug)]
pub(crate) struct KeyIds {
    #[command(flatten)]
    named: NamedKeys,
    #[command(flatten)]
    pub(crate) rest: RestArgs,
}

#[derive(Args, Debug)]
#[group(required = true, multiple = false)]
struct NamedKeys {
    /// The record ids of keys, as `keys list` shows them; `-` reads them from stdin, one a line
    #[arg(value_name = "ID")]
    ids: Vec<String>,
    /// Read the ids from this file: one a line, or what `keys list` prints with --csv or --jsonl
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
}

#[derive(Args, Debug)]
pub(crate) struct RestArgs {
    /// Write what is left to this new file, for a second run with --file; it is removed when nothing is left
    #[arg(long = "rest", id = "rest", value_name = "FILE")]
    pub(crate) path: Option<PathBuf>,
}

impl KeyIds {
    /// Reads the ids, each once.
    pub(crate) async fn read(&self) -> Result<Chosen<LicenseKeyId>, Failure> {
        let text = match (&self.named.file, self.named.ids.as_slice()) {
            (Some(file), _) => read_file(file)?,
            (None, [stdin]) if stdin == "-" => read_stdin().await?,
            (None, [id]) if self.rest.path.is_none() => {
                return Ok(Chosen::One(LicenseKeyId::from(id.as_str())));
            }
            (None, ids) if ids.iter().any(|id| id == "-") => {
                return Err(Failure::Usage("`-` reads all ids from stdin; leave the others out".to_owned()));
            }
            (None, ids) => ids.join("\n"),
        };
        let ids = records(&text, ["id"]).map_err(Failure::Usage)?;
        some(ids.into_iter().map(|[id]| LicenseKeyId::from(id)).collect())
    }
}

/// A seat: the activation, and the key that it is of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Seat {
    pub(crate) key: LicenseKeyId,
    pub(crate) activation: ActivationId,
}

impl fmt::Display for Seat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.key, self.activation)
    }
}

/// The seats that a change is for.
#[derive(Args, Debug)]
pub(crate) struct SeatIds {
    /// The key's record id, as `keys list` shows it; `-` reads lines of a key's and an activation's id from stdin
    #[arg(value_name = "ID", required_unless_present = "file")]
    key: Option<String>,
    /// The ids of its activations, as `activations list` shows them
    #[arg(value_name = "ACTIVATION")]
    activations: Vec<String>,
    /// Read lines of a key's and an activation's id from this file, or what `activations list` prints with --csv or
    /// --jsonl
    #[arg(long, value_name = "FILE", conflicts_with_all = ["key", "activations"])]
    file: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) rest: RestArgs,
}

impl SeatIds {
    /// Reads the ids, each pair once.
    pub(crate) async fn read(&self) -> Result<Chosen<Seat>, Failure> {
        let seat = |key: &str, activation: &str| Seat { key: key.into(), activation: activation.into() };
        let text = match (&self.file, self.key.as_deref(), self.activations.as_slice()) {
            (Some(file), _, _) => read_file(file)?,
            (None, Some("-"), []) => read_stdin().await?,
            (None, Some("-"), _) => {
                return Err(Failure::Usage("`-` reads both ids from stdin; leave the others out".to_owned()));
            }
            (None, Some(key), [one]) if self.rest.path.is_none() => return Ok(Chosen::One(seat(key, one))),
            (None, Some(key), several @ [_, ..]) => {
                let mut seats: Vec<Seat> = Vec::new();
                for named in several.iter().map(|activation| seat(key, activation)) {
                    if !seats.contains(&named) {
                        seats.push(named);
                    }
                }
                return Ok(Chosen::Many(seats));
            }
            (None, _, _) => {
                return Err(Failure::Usage(
                    "name the activation too; next: see them with `anykey activations list ID`".to_owned(),
                ));
            }
        };
        let ids = records(&text, ["key_id", "id"]).map_err(Failure::Usage)?;
        some(ids.into_iter().map(|[key, activation]| seat(&key, &activation)).collect())
    }
}

fn some<T>(records: Vec<T>) -> Result<Chosen<T>, Failure> {
    if records.is_empty() {
        return Err(Failure::Usage("no id was given; nothing was sent".to_owned()));
    }
    Ok(Chosen::Many(records))
}

/// The whole of a file that the user names, as text.
pub(crate) fn read_file(path: &Path) -> Result<String, Failure> {
    std::fs::read_to_string(path)
        .map_err(|error| Failure::Usage(format!("cannot read {}: {error}", path.display())))
}

/// The whole of stdin. Waiting for it does not hold Ctrl-C back.
async fn read_stdin() -> Result<String, Failure> {
    let read = tokio::task::spawn_blocking(|| std::io::read_to_string(std::io::stdin())).await;
    let read = read.map_err(std::io::Error::other)?;
    read.map_err(|error| Failure::Usage(format!("cannot read the ids from stdin: {error}")))
}
