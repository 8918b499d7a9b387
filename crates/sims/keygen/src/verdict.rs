//! The verdict about a license: checks in the order of the vendor's server, of which the first one that fails decides.
//!
//! `license_validation_service.rb`, June 2026. `valid` may be true with a code other than `VALID`: beyond a limit
//! that the policy lets exceed, and after an expiry that it does not enforce.

use anykey_core::Timestamp;
use serde_json::{Map, Value};

use super::account::Account;
use super::license_state::count;
use super::policy_spec::{ExpirationStrategy, Matching, PolicySpec};
use super::records::{License, Machine};
use super::time::earlier;

/// Whether a license is valid, the sentence and the code.
pub(super) type Verdict = (bool, &'static str, &'static str);

type Scope = Map<String, Value>;

/// A license with what its verdict depends on.
struct Subject<'a> {
    account: &'a Account,
    license: &'a License,
    policy: PolicySpec,
    scope: Scope,
    now: Timestamp,
}

impl Account {
    /// The verdict about a license; `None` for `scope` skips the scopes.
    pub(super) fn verdict(&self, license: &License, scope: Option<&Scope>, now: Timestamp) -> Verdict {
        let policy = self.settings(license);
        if self.is_banned(license) {
            return (false, "is banned", "BANNED");
        }
        if license.suspended {
            return (false, "is suspended", "SUSPENDED");
        }
        let is_expired = license.is_expired(now);
        if is_expired && policy.expiration_strategy == ExpirationStrategy::RevokeAccess {
            return (false, "is expired", "EXPIRED");
        }
        let since = |seconds| license.last_check_in.is_some_and(|last| last < earlier(now, seconds));
        if policy.check_in_interval.is_some_and(since) {
            return (false, "is overdue for check in", "OVERDUE");
        }
        let subject =
            Subject { account: self, license, policy, scope: scope.cloned().unwrap_or_default(), now };
        if scope.is_some()
            && let Some((detail, code)) = subject.scopes()
        {
            return (false, detail, code);
        }
        if let Some(verdict) = subject.users() {
            return verdict;
        }
        if subject.policy.strict
            && let Some(verdict) = subject.limits()
        {
            return verdict;
        }
        if is_expired {
            let is_lenient = matches!(
                subject.policy.expiration_strategy,
                ExpirationStrategy::AllowAccess | ExpirationStrategy::MaintainAccess
            );
            return (is_lenient, "is expired", "EXPIRED");
        }
        (true, "is valid", "VALID")
    }
}

impl Subject<'_> {
    fn text(&self, name: &str) -> Option<&str> {
        self.scope.get(name).and_then(Value::as_str)
    }

    /// The first scope that does not match, or that the policy requires and the request lacks.
    fn scopes(&self) -> Option<(&'static str, &'static str)> {
        let has = |name: &str| self.scope.contains_key(name);
        let policy = &self.policy;
        if has("environment") {
            return Some(("environment scope does not match", "ENVIRONMENT_SCOPE_MISMATCH"));
        }
        match self.text("product") {
            Some(id) if id != self.license.product => {
                return Some(("product scope does not match", "PRODUCT_SCOPE_MISMATCH"));
            }
            None if policy.require_product_scope => {
                return Some(("product scope is required", "PRODUCT_SCOPE_REQUIRED"));
            }
            _ => {}
        }
        match self.text("policy") {
            Some(id) if id != self.license.policy => {
                return Some(("policy scope does not match", "POLICY_SCOPE_MISMATCH"));
            }
            None if policy.require_policy_scope => {
                return Some(("policy scope is required", "POLICY_SCOPE_REQUIRED"));
            }
            _ => {}
        }
        if has("user") && !self.is_of_user() {
            return Some(("user scope does not match", "USER_SCOPE_MISMATCH"));
        }
        if !has("user") && policy.require_user_scope {
            return Some(("user scope is required", "USER_SCOPE_REQUIRED"));
        }
        // No license here has entitlements.
        match self.scope.get("entitlements").and_then(Value::as_array).map(Vec::len) {
            Some(0) => return Some(("entitlements scope is empty", "ENTITLEMENTS_SCOPE_EMPTY")),
            Some(_) => return Some(("is missing one or more required entitlements", "ENTITLEMENTS_MISSING")),
            None => {}
        }
        self.machine_scope().or_else(|| self.fingerprint_scope()).or_else(|| self.release_scopes())
    }

    /// The scope of one machine by its id.
    fn machine_scope(&self) -> Option<(&'static str, &'static str)> {
        let Some(id) = self.text("machine") else {
            let required = self.policy.require_machine_scope;
            return required.then_some(("machine scope is required", "MACHINE_SCOPE_REQUIRED"));
        };
        if self.license.machines.is_empty() {
            return Some(match self.policy.floating {
                false => ("machine is not activated (has no associated machine)", "NO_MACHINE"),
                true => ("machine is not activated (has no associated machines)", "NO_MACHINES"),
            });
        }
        let machine = self.license.machines.iter().find(|machine| machine.id == id);
        let Some(machine) = machine else {
            let detail = "machine is not activated (does not match any associated machines)";
            return Some((detail, "MACHINE_SCOPE_MISMATCH"));
        };
        if !self.is_owned_by_user(machine) {
            let detail = "user scope does not match (does not match associated machine owner)";
            return Some((detail, "USER_SCOPE_MISMATCH"));
        }
        if self.policy.require_heartbeat && machine.is_not_started(&self.policy, self.now) {
            return Some(("machine heartbeat is required", "HEARTBEAT_NOT_STARTED"));
        }
        let is_dead = machine.is_dead(&self.policy, self.now);
        is_dead.then_some(("machine heartbeat is dead", "HEARTBEAT_DEAD"))
    }

    /// The scope of one or several fingerprints. Dead machines match only for `HEARTBEAT_DEAD`, which needs as many
    /// of them as there are fingerprints.
    fn fingerprint_scope(&self) -> Option<(&'static str, &'static str)> {
        let Some(asked) = self.fingerprints() else {
            let required = self.policy.require_fingerprint_scope;
            return required.then_some(("fingerprint scope is required", "FINGERPRINT_SCOPE_REQUIRED"));
        };
        if asked.is_empty() {
            return Some(("fingerprint scope is empty", "FINGERPRINT_SCOPE_EMPTY"));
        }
        if self.license.machines.is_empty() {
            return Some(match self.policy.floating {
                false => ("fingerprint is not activated (has no associated machine)", "NO_MACHINE"),
                true => ("fingerprint is not activated (has no associated machines)", "NO_MACHINES"),
            });
        }
        let matching = self.license.machines.iter();
        let matching = matching.filter(|machine| asked.contains(&machine.fingerprint.as_str()));
        let (dead, alive): (Vec<_>, Vec<_>) =
            matching.partition(|machine| machine.is_dead(&self.policy, self.now));
        if dead.len() == asked.len() {
            return Some(("machine heartbeat is dead", "HEARTBEAT_DEAD"));
        }
        let (least, detail) = match self.policy.machine_matching {
            _ if asked.len() == 1 => {
                (1, "fingerprint is not activated (does not match any associated machines)")
            }
            Matching::Any => {
                (1, "one or more fingerprint is not activated (does not match any associated machines)")
            }
            Matching::Two => (
                2,
                "one or more fingerprint is not activated (does not match at least 2 associated machines)",
            ),
            Matching::Most => (
                asked.len().div_ceil(2),
                "one or more fingerprint is not activated (does not match enough associated machines)",
            ),
            Matching::All => (
                asked.len(),
                "one or more fingerprint is not activated (does not match all associated machines)",
            ),
        };
        if alive.len() < least {
            return Some((detail, "FINGERPRINT_SCOPE_MISMATCH"));
        }
        if !alive.iter().all(|machine| self.is_owned_by_user(machine)) {
            let detail = "user scope does not match (does not match associated machine owners)";
            return Some((detail, "USER_SCOPE_MISMATCH"));
        }
        let waits = alive.iter().any(|machine| machine.is_not_started(&self.policy, self.now));
        (self.policy.require_heartbeat && waits)
            .then_some(("machine heartbeat is required", "HEARTBEAT_NOT_STARTED"))
    }

    /// The scopes of components and releases. No product here has any, so they never match.
    fn release_scopes(&self) -> Option<(&'static str, &'static str)> {
        if let Some(components) = self.scope.get("components").and_then(Value::as_array) {
            return Some(match components.as_slice() {
                _ if self.text("fingerprint").is_none() => (
                    "fingerprint scope is required when using the components scope",
                    "FINGERPRINT_SCOPE_REQUIRED",
                ),
                [] => ("components scope is empty", "COMPONENTS_SCOPE_EMPTY"),
                _ => (
                    "one or more component is not activated (does not match any associated components)",
                    "COMPONENTS_SCOPE_MISMATCH",
                ),
            });
        }
        if self.scope.contains_key("checksum") {
            let detail = "checksum scope is not valid (does not match any accessible artifacts)";
            return Some((detail, "CHECKSUM_SCOPE_MISMATCH"));
        }
        let detail = "version scope is not valid (does not match any accessible releases)";
        self.scope.contains_key("version").then_some((detail, "VERSION_SCOPE_MISMATCH"))
    }

    fn users(&self) -> Option<Verdict> {
        let limit = self.license.limits.or(&self.policy).users?;
        let count = self.license.users_count();
        let is_allowed = self.policy.overage_strategy.allows(count, limit);
        (count > limit).then_some((is_allowed, "has too many associated users", "TOO_MANY_USERS"))
    }

    /// The checks of a strict policy, on machines, cores, memory and disk. Beyond a limit, the overage strategy
    /// decides whether the verdict is yes.
    fn limits(&self) -> Option<Verdict> {
        let limits = self.license.limits.or(&self.policy);
        if self.license.machines.is_empty() {
            return Some(match self.policy.floating {
                false => (false, "must have exactly 1 associated machine", "NO_MACHINE"),
                true => (false, "must have at least 1 associated machine", "NO_MACHINES"),
            });
        }
        let counted = self.counted_machines();
        let sum = |part: fn(&Machine) -> Option<u64>| counted.iter().copied().filter_map(part).sum::<u64>();
        // A limit of one machine is only exceeded by a second one.
        let machines = limits.machines.filter(|_| self.license.machines.len() > 1);
        let rows = [
            (machines, count(counted.len()), "has too many associated machines", "TOO_MANY_MACHINES"),
            (
                limits.cores,
                sum(|machine| machine.cores),
                "has too many associated machine cores",
                "TOO_MANY_CORES",
            ),
            (
                limits.memory,
                sum(|machine| machine.memory),
                "has too much associated machine memory",
                "TOO_MUCH_MEMORY",
            ),
            (
                limits.disk,
                sum(|machine| machine.disk),
                "has too much associated machine disk",
                "TOO_MUCH_DISK",
            ),
        ];
        rows.into_iter().find_map(|(limit, count, detail, code)| {
            let limit = limit.filter(|limit| count > *limit)?;
            Some((self.policy.overage_strategy.allows(count, limit), detail, code))
        })
    }

    /// The machines that a limit counts: all, or those of the user.
    fn counted_machines(&self) -> Vec<&Machine> {
        let user = self.text("user").and_then(|name| self.account.user_called(name)).map(|user| &user.id);
        let is_counted =
            |machine: &&Machine| !self.policy.machine_limit_per_user || machine.owner.as_ref() == user;
        self.license.machines.iter().filter(is_counted).collect()
    }

    /// The fingerprints that are asked about, each once; `fingerprint` wins over `fingerprints`.
    fn fingerprints(&self) -> Option<Vec<&str>> {
        if let Some(one) = self.text("fingerprint") {
            return Some(vec![one]);
        }
        let several = self.scope.get("fingerprints")?.as_array()?;
        let mut asked: Vec<_> = several.iter().filter_map(Value::as_str).collect();
        asked.sort_unstable();
        asked.dedup();
        Some(asked)
    }

    /// Whether the scope's user is the owner or one of the users. A null user matches a license without an owner.
    fn is_of_user(&self) -> bool {
        let Some(name) = self.text("user") else { return self.license.owner.is_none() };
        let user = self.account.user_called(name).map(|user| &user.id);
        user.is_some_and(|id| self.license.owner.as_ref() == Some(id) || self.license.users.contains(id))
    }

    /// Whether the scope's user owns a machine. A machine without an owner, and a scope without a user, match.
    fn is_owned_by_user(&self, machine: &Machine) -> bool {
        let Some(name) = self.text("user") else { return true };
        let Some(owner) = machine.owner.as_deref() else { return true };
        owner == name || self.account.user(owner).is_some_and(|user| user.email == name)
    }
}
