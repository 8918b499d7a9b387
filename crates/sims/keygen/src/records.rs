//! The records of an account. How they look in the API is in [`documents`](super::documents), and what holds for them
//! at a time in [`license_state`](super::license_state).

use anykey_core::Timestamp;
use serde_json::{Map, Value};

use super::policy_spec::PolicySpec;

#[derive(Debug)]
pub(super) struct Product {
    pub(super) id: String,
    pub(super) name: String,
}

#[derive(Debug)]
pub(super) struct Policy {
    pub(super) id: String,
    pub(super) product: String,
    pub(super) created: Timestamp,
    pub(super) spec: PolicySpec,
}

#[derive(Debug)]
pub(super) struct User {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) email: String,
    pub(super) banned: bool,
}

/// A group with a limit of machines.
#[derive(Debug)]
pub(super) struct Group {
    pub(super) id: String,
    pub(super) max_machines: Option<u64>,
}

/// What a token may act for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Admin,
    /// The licenses of the product with this id.
    Product(String),
}

#[derive(Debug)]
pub(super) struct Token {
    pub(super) role: Role,
    pub(super) expiry: Option<Timestamp>,
}

pub(super) struct License {
    pub(super) id: String,
    pub(super) key: String,
    pub(super) name: Option<String>,
    /// The policy's id.
    pub(super) policy: String,
    pub(super) product: String,
    pub(super) owner: Option<String>,
    /// Users besides the owner.
    pub(super) users: Vec<String>,
    pub(super) group: Option<String>,
    pub(super) expiry: Option<Timestamp>,
    pub(super) suspended: bool,
    /// `None` for the policy's setting.
    pub(super) protected: Option<bool>,
    pub(super) uses: u64,
    pub(super) limits: Limits,
    /// With names in snake case.
    pub(super) metadata: Map<String, Value>,
    pub(super) last_validated: Option<Timestamp>,
    pub(super) last_check_in: Option<Timestamp>,
    pub(super) last_check_out: Option<Timestamp>,
    pub(super) created: Timestamp,
    pub(super) updated: Timestamp,
    /// Oldest first.
    pub(super) machines: Vec<Machine>,
    /// What records have as `status` instead of the real word.
    pub(super) status_word: Option<String>,
}

/// A license's own limits; `None` for that of its policy.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Limits {
    pub(super) machines: Option<u64>,
    pub(super) users: Option<u64>,
    pub(super) cores: Option<u64>,
    pub(super) memory: Option<u64>,
    pub(super) disk: Option<u64>,
    pub(super) uses: Option<u64>,
    pub(super) processes: Option<u64>,
}

#[derive(Clone, Debug)]
pub(super) struct Machine {
    pub(super) id: String,
    pub(super) fingerprint: String,
    pub(super) name: Option<String>,
    pub(super) ip: Option<String>,
    pub(super) hostname: Option<String>,
    pub(super) platform: Option<String>,
    pub(super) cores: Option<u64>,
    pub(super) memory: Option<u64>,
    pub(super) disk: Option<u64>,
    pub(super) owner: Option<String>,
    pub(super) group: Option<String>,
    pub(super) metadata: Map<String, Value>,
    pub(super) last_heartbeat: Option<Timestamp>,
    /// Whether its last heartbeat made it alive again.
    pub(super) resurrected: bool,
    pub(super) last_check_out: Option<Timestamp>,
    pub(super) created: Timestamp,
    pub(super) updated: Timestamp,
}
