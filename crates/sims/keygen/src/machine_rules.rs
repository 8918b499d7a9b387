//! What a new machine has to fulfil. All faults are reported.

use serde_json::{Map, Value};

use super::license_state::count;
use super::params::text;
use super::policy_spec::{HeartbeatBasis, PolicySpec, Uniqueness};
use super::problem::Fault;
use super::records::{License, Machine};
use super::state::Call;

/// A machine to create, with checked attributes.
pub(super) struct NewMachine {
    pub(super) id: Option<String>,
    /// The license's id.
    pub(super) license: String,
    /// The user who owns the machine; absent without one. It has to be a user of the license.
    pub(super) owner: Option<String>,
    pub(super) attributes: Map<String, Value>,
}

impl Call<'_> {
    /// The faults of a new machine, in this order: identity, amounts, lengths, owner, the
    /// limits of the license, the limit of its group.
    ///
    /// Whether the license is suspended or expired is not among them: with a seller's token, a machine can be added
    /// to either.
    pub(super) fn faults_of_new_machine(&self, new: &NewMachine) -> Vec<Fault> {
        let Some(license) = self.account.licenses.get(&new.license) else { return Vec::new() };
        let policy = self.account.settings(license);
        let mut faults = self.faults_of_identity(new, license, &policy);
        let part = |name: &str| new.attributes.get(name).and_then(Value::as_i64);
        for (name, code) in
            [("cores", "CORES_INVALID"), ("memory", "MEMORY_INVALID"), ("disk", "DISK_INVALID")]
        {
            if part(name).is_some_and(|amount| amount < 1) {
                let detail = "must be greater than or equal to 1";
                faults.push(Fault::new(&format!("/data/attributes/{name}"), code, detail));
            }
        }
        for name in ["name", "ip", "hostname", "platform"] {
            if text(&new.attributes, name).is_some_and(|text| text.chars().count() > 255) {
                let code = format!("{}_TOO_LONG", name.to_ascii_uppercase());
                let detail = "is too long (maximum is 255 characters)";
                faults.push(Fault::new(&format!("/data/attributes/{name}"), &code, detail));
            }
        }
        let is_licensed = |id: &String| license.owner.as_ref() == Some(id) || license.users.contains(id);
        if new.owner.as_ref().is_some_and(|id| !is_licensed(id)) {
            let detail = "must be a valid license user";
            faults.push(Fault::new("/data/relationships/owner", "OWNER_INVALID", detail));
        }
        faults.extend(machine_limit(new, license, &policy));
        let amount = |name: &str| part(name).and_then(|amount| u64::try_from(amount).ok()).unwrap_or(0);
        let limits = license.limits.or(&policy);
        let rows = [
            (
                "core count",
                "MACHINE_CORE_LIMIT_EXCEEDED",
                limits.cores,
                license.total(|found| found.cores),
                amount("cores"),
            ),
            (
                "memory",
                "MACHINE_MEMORY_LIMIT_EXCEEDED",
                limits.memory,
                license.total(|found| found.memory),
                amount("memory"),
            ),
            (
                "disk",
                "MACHINE_DISK_LIMIT_EXCEEDED",
                limits.disk,
                license.total(|found| found.disk),
                amount("disk"),
            ),
        ];
        for (what, code, limit, used, more) in rows {
            let total = used.saturating_add(more);
            if let Some(limit) = limit.filter(|limit| total > *limit && more > 0)
                && !policy.overage_strategy.allows(total, limit)
            {
                let detail = format!("machine {what} has exceeded maximum allowed for license ({limit})");
                faults.push(Fault::new("/data", code, detail));
            }
        }
        faults.extend(self.group_limit(license));
        faults
    }

    /// The same fingerprint again is `FINGERPRINT_TAKEN`, also when another license has it and the policy's
    /// uniqueness reaches that far. A fingerprint that is another machine's id is a conflict.
    fn faults_of_identity(&self, new: &NewMachine, license: &License, policy: &PolicySpec) -> Vec<Fault> {
        let mut faults = Vec::new();
        let fingerprint = text(&new.attributes, "fingerprint").unwrap_or_default();
        let place = "/data/attributes/fingerprint";
        if new.id.as_deref().is_some_and(|id| self.account.machine(id).is_some()) {
            let detail = "must not conflict with another machine";
            faults.push(Fault::new("/data/id", "ID_CONFLICT", detail));
        }
        if self.account.machine(&fingerprint).is_some() {
            let detail = "must not conflict with another machine's identifier (UUID)";
            faults.push(Fault::new(place, "FINGERPRINT_CONFLICT", detail));
        }
        let has = |found: &License| found.machines.iter().any(|machine| machine.fingerprint == fingerprint);
        let mut others = self.account.licenses.values();
        let (is_taken, detail) = match policy.machine_uniqueness {
            Uniqueness::PerLicense => (has(license), "has already been taken"),
            Uniqueness::PerAccount => (others.any(has), "has already been taken for this account"),
            Uniqueness::PerProduct => (
                others.any(|other| other.product == license.product && has(other)),
                "has already been taken for this product",
            ),
            Uniqueness::PerPolicy => (
                others.any(|other| other.policy == license.policy && has(other)),
                "has already been taken for this policy",
            ),
        };
        if is_taken {
            faults.push(Fault::new(place, "FINGERPRINT_TAKEN", detail));
        }
        faults
    }

    /// A machine belongs to the group of its license.
    fn group_limit(&self, license: &License) -> Option<Fault> {
        let group = license.group.as_deref()?;
        let limit = self.account.groups.iter().find(|found| found.id == group)?.max_machines?;
        let machines = self.account.licenses.values().flat_map(|license| &license.machines);
        let used = count(machines.filter(|machine| machine.group.as_deref() == Some(group)).count());
        (used >= limit).then(|| {
            let detail = format!("machine count has exceeded maximum allowed by current group ({limit})");
            Fault::new("/data/relationships/group", "GROUP_MACHINE_LIMIT_EXCEEDED", detail)
        })
    }

    /// The record of a new machine. Its heartbeat starts at once where the policy says `FROM_CREATION`.
    pub(super) fn machine_of(&mut self, new: NewMachine) -> Machine {
        let NewMachine { id, license, owner, attributes } = new;
        let found = self.account.licenses.get(&license);
        let policy = found.map(|license| self.account.settings(license)).unwrap_or_default();
        let starts = policy.require_heartbeat && policy.heartbeat_basis == HeartbeatBasis::FromCreation;
        let mut machine = Machine {
            group: found.and_then(|license| license.group.clone()),
            id: id.unwrap_or_else(|| self.ids.uuid()),
            fingerprint: text(&attributes, "fingerprint").unwrap_or_default(),
            name: None,
            ip: None,
            hostname: None,
            platform: None,
            cores: None,
            memory: None,
            disk: None,
            owner,
            metadata: Map::new(),
            last_heartbeat: starts.then_some(self.now),
            resurrected: false,
            last_check_out: None,
            created: self.now,
            updated: self.now,
        };
        machine.apply(&attributes);
        machine
    }
}

impl Machine {
    /// Applies checked attributes.
    pub(super) fn apply(&mut self, attributes: &Map<String, Value>) {
        let texts = [
            ("name", &mut self.name),
            ("ip", &mut self.ip),
            ("hostname", &mut self.hostname),
            ("platform", &mut self.platform),
        ];
        for (name, part) in texts {
            if attributes.contains_key(name) {
                *part = text(attributes, name);
            }
        }
        let amounts = [("cores", &mut self.cores), ("memory", &mut self.memory), ("disk", &mut self.disk)];
        for (name, part) in amounts {
            if let Some(amount) = attributes.get(name) {
                *part = amount.as_u64();
            }
        }
        if let Some(Value::Object(metadata)) = attributes.get("metadata") {
            self.metadata = metadata.clone();
        }
    }
}

/// The limit of machines, for the license or for each owner. The first machine always fits.
fn machine_limit(new: &NewMachine, license: &License, policy: &PolicySpec) -> Option<Fault> {
    let limit = license.limits.or(policy).machines?;
    let is_counted = |machine: &&Machine| !policy.machine_limit_per_user || machine.owner == new.owner;
    let used = count(license.machines.iter().filter(is_counted).count());
    let next = used.saturating_add(1);
    let fits = used == 0 || next <= limit || policy.overage_strategy.allows(next, limit);
    (!fits).then(|| {
        let whose = if policy.machine_limit_per_user { "user" } else { "license" };
        let detail = format!("machine count has exceeded maximum allowed for {whose} ({limit})");
        Fault::new("/data", "MACHINE_LIMIT_EXCEEDED", detail)
    })
}
