//! The JSON:API resources.
//!
//! Names are in camel case, and an absent value is null. Metadata is stored in snake case, so a name may come back in
//! another form than it was sent in.

use anykey_core::Timestamp;
use serde_json::{Map, Value, json};

use super::account::Account;
use super::params::camel;
use super::records::{License, Machine, Policy, User};
use super::time::{date, written};

impl Account {
    /// The resource of a user, without relationships and times, which are not simulated.
    pub(super) fn user_document(&self, user: &User) -> Value {
        json!({
            "id": user.id,
            "type": "users",
            "attributes": {
                "fullName": user.name,
                "email": user.email,
                "status": if user.banned { "BANNED" } else { "ACTIVE" },
                "role": "user",
                "metadata": {},
            },
            "links": { "self": format!("/v1/accounts/{}/users/{}", self.id, user.id) },
        })
    }

    /// The resource of a license. Limits are those that hold, the license's own or the policy's;
    /// `machines.meta.count` is the number of activations.
    pub(super) fn license_document(&self, license: &License, now: Timestamp) -> Value {
        let policy = self.settings(license);
        let limits = license.limits.or(&policy);
        let next_check_in = policy
            .check_in_interval
            .and_then(|seconds| license.last_check_in.map(|last| super::time::later(last, seconds)));
        let path = format!("/v1/accounts/{}/licenses/{}", self.id, license.id);
        let status = license.status(self.is_banned(license), now);
        let related = |name: &str| json!({ "related": format!("{path}/{name}") });
        let owner = license.owner.as_ref().map(|id| json!({ "type": "users", "id": id }));
        let group = license.group.as_ref().map(|id| json!({ "type": "groups", "id": id }));
        json!({
            "id": license.id,
            "type": "licenses",
            "attributes": {
                "name": license.name,
                "key": license.key,
                "expiry": date(license.expiry),
                "status": license.status_word.as_deref().unwrap_or(status),
                "uses": license.uses,
                "suspended": license.suspended,
                "scheme": null,
                "encrypted": false,
                "strict": policy.strict,
                "floating": policy.floating,
                "protected": license.protected.unwrap_or(policy.protected),
                "version": null,
                "maxMachines": limits.machines,
                "maxProcesses": limits.processes,
                "maxUsers": limits.users,
                "maxCores": limits.cores,
                "maxMemory": limits.memory,
                "maxDisk": limits.disk,
                "maxUses": limits.uses,
                "requireHeartbeat": policy.require_heartbeat,
                "requireCheckIn": policy.check_in_interval.is_some(),
                "lastValidated": date(license.last_validated),
                "lastCheckIn": date(license.last_check_in),
                "nextCheckIn": date(next_check_in),
                "lastCheckOut": date(license.last_check_out),
                "metadata": camel_metadata(&license.metadata),
                "created": written(license.created),
                "updated": written(license.updated),
            },
            "relationships": {
                "account": self.account_link(),
                "product": { "data": { "type": "products", "id": license.product }, "links": related("product") },
                "policy": { "data": { "type": "policies", "id": license.policy }, "links": related("policy") },
                "group": { "data": group, "links": related("group") },
                "owner": { "data": owner, "links": related("owner") },
                "users": { "links": related("users"), "meta": { "count": license.users_count() } },
                "machines": { "links": related("machines"), "meta": {
                    "cores": license.total(|machine| machine.cores),
                    "memory": license.total(|machine| machine.memory),
                    "disk": license.total(|machine| machine.disk),
                    "count": license.machines_count(),
                }},
                "tokens": { "links": related("tokens") },
                "entitlements": { "links": related("entitlements") },
            },
            "links": { "self": path },
        })
    }

    /// The resource of a machine. `requireHeartbeat` is true after any heartbeat, also where the policy does not ask
    /// for one.
    pub(super) fn machine_document(&self, license: &License, machine: &Machine, now: Timestamp) -> Value {
        let policy = self.settings(license);
        let path = format!("/v1/accounts/{}/machines/{}", self.id, machine.id);
        let related = |name: &str| json!({ "related": format!("{path}/{name}") });
        let owner = machine.owner.as_ref().map(|id| json!({ "type": "users", "id": id }));
        let group = machine.group.as_ref().map(|id| json!({ "type": "groups", "id": id }));
        json!({
            "id": machine.id,
            "type": "machines",
            "attributes": {
                "fingerprint": machine.fingerprint,
                "cores": machine.cores,
                "memory": machine.memory,
                "disk": machine.disk,
                "ip": machine.ip,
                "hostname": machine.hostname,
                "platform": machine.platform,
                "name": machine.name,
                "requireHeartbeat": policy.require_heartbeat || machine.last_heartbeat.is_some(),
                "heartbeatStatus": machine.heartbeat_status(&policy, now),
                "heartbeatDuration": policy.heartbeat_seconds(),
                "maxProcesses": license.limits.processes,
                "lastCheckOut": date(machine.last_check_out),
                "lastHeartbeat": date(machine.last_heartbeat),
                "nextHeartbeat": date(machine.next_heartbeat(&policy)),
                "metadata": camel_metadata(&machine.metadata),
                "created": written(machine.created),
                "updated": written(machine.updated),
            },
            "relationships": {
                "account": self.account_link(),
                "product": { "data": { "type": "products", "id": license.product }, "links": related("product") },
                "group": { "data": group, "links": related("group") },
                "license": { "data": { "type": "licenses", "id": license.id }, "links": related("license") },
                "owner": { "data": owner, "links": related("owner") },
                "components": { "links": related("components") },
                "processes": { "links": related("processes") },
            },
            "links": { "self": path },
        })
    }

    /// The resource of a policy, with the attributes that decide about licenses.
    pub(super) fn policy_document(&self, policy: &Policy) -> Value {
        let spec = &policy.spec;
        json!({
            "id": policy.id,
            "type": "policies",
            "attributes": {
                "name": "Policy",
                "duration": spec.duration,
                "strict": spec.strict,
                "floating": spec.floating,
                "protected": spec.protected,
                "maxMachines": spec.max_machines.or((!spec.floating).then_some(1)),
                "maxUsers": spec.max_users,
                "maxCores": spec.max_cores,
                "maxMemory": spec.max_memory,
                "maxDisk": spec.max_disk,
                "maxUses": spec.max_uses,
                "requireHeartbeat": spec.require_heartbeat,
                "heartbeatDuration": spec.heartbeat_duration,
                "heartbeatCullStrategy": spec.heartbeat_cull_strategy.word(),
                "heartbeatResurrectionStrategy": spec.heartbeat_resurrection.word(),
                "heartbeatBasis": spec.heartbeat_basis.word(),
                "machineUniquenessStrategy": spec.machine_uniqueness.word(),
                "machineMatchingStrategy": spec.machine_matching.word(),
                "expirationStrategy": spec.expiration_strategy.word(),
                "expirationBasis": spec.expiration_basis.word(),
                "renewalBasis": spec.renewal_basis.word(),
                "authenticationStrategy": spec.authentication_strategy.word(),
                "overageStrategy": spec.overage_strategy.word(),
                "created": written(policy.created),
                "updated": written(policy.created),
            },
            "relationships": {
                "account": self.account_link(),
                "product": { "data": { "type": "products", "id": policy.product } },
            },
            "links": { "self": format!("/v1/accounts/{}/policies/{}", self.id, policy.id) },
        })
    }

    fn account_link(&self) -> Value {
        json!({
            "data": { "type": "accounts", "id": self.id },
            "links": { "related": format!("/v1/accounts/{}", self.id) },
        })
    }
}

fn camel_metadata(metadata: &Map<String, Value>) -> Value {
    metadata.iter().map(|(name, value)| (camel(name), value.clone())).collect::<Map<_, _>>().into()
}
