//! The records of an account, with the indexes that calls look them up by.

use std::collections::{BTreeMap, HashMap};

use anykey_core::Timestamp;
use ring::signature::{Ed25519KeyPair, KeyPair as _};

use super::policy_spec::{CullStrategy, PolicySpec};
use super::records::{Group, License, Machine, Policy, Product, Token, User};
use super::time::later;

/// The seconds after which a dead machine is deleted: a choice, since the vendor deletes them in the background.
const CULLED_AFTER: u64 = 30;

/// A vendor's customer: the seller, with everything that belongs to it.
pub(super) struct Account {
    pub(super) id: String,
    pub(super) slug: String,
    /// Signs answers, files and webhooks.
    pub(super) signing_key: Ed25519KeyPair,
    pub(super) products: Vec<Product>,
    pub(super) policies: Vec<Policy>,
    pub(super) users: Vec<User>,
    pub(super) groups: Vec<Group>,
    pub(super) tokens: BTreeMap<String, Token>,
    /// By id.
    pub(super) licenses: HashMap<String, License>,
    /// The ids of the licenses by their keys.
    ids_by_key: HashMap<String, String>,
    /// The ids of the licenses by the ids of their machines.
    ids_by_machine: HashMap<String, String>,
}

impl Account {
    pub(super) fn new(id: String, slug: String, signing_key: Ed25519KeyPair) -> Self {
        Self {
            id,
            slug,
            signing_key,
            products: Vec::new(),
            policies: Vec::new(),
            users: Vec::new(),
            groups: Vec::new(),
            tokens: BTreeMap::new(),
            licenses: HashMap::new(),
            ids_by_key: HashMap::new(),
            ids_by_machine: HashMap::new(),
        }
    }

    /// 64 hexadecimal digits, as the vendor's dashboard shows it.
    pub(super) fn public_key(&self) -> String {
        self.signing_key.public_key().as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
    }

    pub(super) fn policy(&self, id: &str) -> Option<&Policy> {
        self.policies.iter().find(|policy| policy.id == id)
    }

    /// The settings of a license's policy.
    pub(super) fn settings(&self, license: &License) -> PolicySpec {
        self.policy(&license.policy).map(|policy| policy.spec.clone()).unwrap_or_default()
    }

    pub(super) fn user(&self, id: &str) -> Option<&User> {
        self.users.iter().find(|user| user.id == id)
    }

    /// The user with this id or e-mail address.
    pub(super) fn user_called(&self, name: &str) -> Option<&User> {
        self.users.iter().find(|user| user.id == name || user.email == name)
    }

    /// Whether the owner of a license is banned. A license without an owner is not.
    pub(super) fn is_banned(&self, license: &License) -> bool {
        license.owner.as_deref().and_then(|id| self.user(id)).is_some_and(|user| user.banned)
    }

    pub(super) fn has_key(&self, key: &str) -> bool {
        self.ids_by_key.contains_key(key)
    }

    pub(super) fn license_with_key(&self, key: &str) -> Option<&License> {
        self.licenses.get(self.ids_by_key.get(key)?)
    }

    /// The license with this id or key.
    pub(super) fn license(&self, alias: &str) -> Option<&License> {
        self.licenses.get(alias).or_else(|| self.license_with_key(alias))
    }

    pub(super) fn add_license(&mut self, license: License) {
        self.ids_by_key.insert(license.key.clone(), license.id.clone());
        self.licenses.insert(license.id.clone(), license);
    }

    /// Removes a license with its machines.
    pub(super) fn remove_license(&mut self, id: &str) -> Option<License> {
        let license = self.licenses.remove(id)?;
        self.ids_by_key.remove(&license.key);
        for machine in &license.machines {
            self.ids_by_machine.remove(&machine.id);
        }
        Some(license)
    }

    /// The license and the machine with this id.
    pub(super) fn machine(&self, id: &str) -> Option<(&License, &Machine)> {
        let license = self.licenses.get(self.ids_by_machine.get(id)?)?;
        Some((license, license.machines.iter().find(|machine| machine.id == id)?))
    }

    pub(super) fn machine_mut(&mut self, id: &str) -> Option<&mut Machine> {
        let license = self.licenses.get_mut(self.ids_by_machine.get(id)?)?;
        license.machines.iter_mut().find(|machine| machine.id == id)
    }

    pub(super) fn add_machine(&mut self, license: &str, machine: Machine) {
        if let Some(license) = self.licenses.get_mut(license) {
            self.ids_by_machine.insert(machine.id.clone(), license.id.clone());
            license.machines.push(machine);
        }
    }

    /// Removes a machine, and returns it with the id of its license.
    pub(super) fn remove_machine(&mut self, id: &str) -> Option<(String, Machine)> {
        let license_id = self.ids_by_machine.remove(id)?;
        let machines = &mut self.licenses.get_mut(&license_id)?.machines;
        let index = machines.iter().position(|machine| machine.id == id)?;
        Some((license_id, machines.remove(index)))
    }

    /// Deletes the machines whose heartbeats stopped, where the policy says so, and returns them with the ids of
    /// their licenses.
    ///
    /// A machine that never sent one counts from its creation if the policy requires heartbeats.
    pub(super) fn cull(&mut self, now: Timestamp) -> Vec<(String, Machine)> {
        let culled: Vec<_> = self
            .licenses
            .values()
            .flat_map(|license| license.machines.iter().map(move |machine| (license, machine)))
            .filter(|(license, machine)| {
                let Some(policy) = self.policy(&license.policy).map(|policy| &policy.spec) else {
                    return false;
                };
                let deletes = policy.heartbeat_cull_strategy == CullStrategy::DeactivateDead;
                let started = machine.last_heartbeat.or(policy.require_heartbeat.then_some(machine.created));
                let ends = |at| later(at, policy.heartbeat_seconds().saturating_add(CULLED_AFTER));
                deletes && started.is_some_and(|at| ends(at) < now)
            })
            .map(|(_, machine)| machine.id.clone())
            .collect();
        culled.iter().filter_map(|id| self.remove_machine(id)).collect()
    }
}
