//! The words of a vendor, as its adapter lists them.

use std::collections::BTreeMap;
use std::path::Path;

use anykey::{LicenseKey, Usage};
use serde::Deserialize;

use super::asked::Call;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Listed {
    /// Values of a member of a successful answer.
    pub(super) members: Vec<Member>,
    /// Answers in place of the successful one.
    pub(super) errors: Vec<ErrorAnswer>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Member {
    pub(super) calls: Vec<Call>,
    #[serde(default)]
    pub(super) request: Which,
    /// Where the member is, as a JSON pointer.
    pub(super) at: String,
    /// The values as JSON. `absent` removes the member.
    pub(super) values: Vec<String>,
    /// Other members that have another value then, with the value as JSON.
    #[serde(default)]
    pub(super) with: BTreeMap<String, String>,
    /// Whether the provider allows the key's product only.
    #[serde(default)]
    pub(super) only_its_product: bool,
    /// Whether the simulator's answer may be without the members, because only other keys have them.
    #[serde(default)]
    pub(super) may_be_new: bool,
    /// What of the key to show beside the outcome.
    pub(super) shows: Option<Fact>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ErrorAnswer {
    pub(super) calls: Vec<Call>,
    #[serde(default)]
    pub(super) request: Which,
    pub(super) status: u16,
    #[serde(default)]
    pub(super) headers: BTreeMap<String, String>,
    /// The body, in which each of the words replaces `$WORD`.
    #[serde(default)]
    pub(super) body: String,
    /// The table shows the word, or the body if there are none.
    #[serde(default)]
    pub(super) words: Vec<String>,
}

/// Which request of a call gets the answer.
#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Which {
    First,
    #[default]
    Last,
}

/// A part of a key.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Fact {
    Status,
    Limit,
    Expiry,
    Environment,
    Usage,
}

impl Listed {
    pub(super) fn read(path: &Path) -> Self {
        let text =
            std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }
}

impl Fact {
    pub(super) fn of(self, key: &LicenseKey) -> String {
        match self {
            Self::Status if key.status.is_usable() => format!("status `{:?}`, usable", key.status),
            Self::Status => format!("status `{:?}`", key.status),
            Self::Limit => format!("limit `{:?}`", key.activations.limit),
            Self::Expiry => format!("expiry `{:?}`", key.expiry),
            Self::Environment => match key.environment {
                Some(environment) => format!("environment `{environment:?}`"),
                None => "environment unknown".to_owned(),
            },
            Self::Usage => match key.usage {
                Some(Usage { used, limit: Some(limit) }) => format!("{used} of {limit} uses"),
                Some(Usage { used, limit: None }) => format!("{used} uses, no limit"),
                None => "uses unknown".to_owned(),
            },
        }
    }
}
