//! What a seller does in the dashboard. None of it needs a credential, and changes send webhooks like those of the
//! API.

use std::fmt;

use anykey_core::Timestamp;
use anykey_sim_kit::StartError;
use serde_json::{Map, Value};

use super::builder::new_account;
use super::issuing::NewLicense;
use super::license_spec::{IssuedLicense, LicenseSpec};
use super::machine_rules::NewMachine;
use super::policy_spec::PolicySpec;
use super::records::{Group, License, Policy, Product, Role, Token, User};
use super::state::Call;
use super::time::{later, written};
use super::{KeygenSim, Quirks};

/// Why a license cannot be issued.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum IssueError {
    /// The license key exists.
    KeyTaken,
    /// There is no policy or owner with this id.
    UnknownRelation,
}

impl fmt::Display for IssueError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::KeyTaken => "the license key exists",
            Self::UnknownRelation => "there is no such policy or owner",
        })
    }
}

impl std::error::Error for IssueError {}

/// Actions of the seller in the dashboard. Each method acts for the account of this handle.
impl KeygenSim {
    /// The id of the account that this handle acts for: a UUID, which paths and signatures contain.
    #[must_use]
    pub fn account_id(&self) -> &str {
        &self.account
    }

    /// The slug of the account, which paths may have instead of the id.
    #[must_use]
    pub fn account_slug(&self) -> String {
        self.with_call(|call| call.account.slug.clone()).unwrap_or_default()
    }

    /// The account's Ed25519 public key, 64 hexadecimal digits. An adapter verifies answers, files and webhooks with
    /// it.
    #[must_use]
    pub fn public_key(&self) -> String {
        self.with_call(|call| call.account.public_key()).unwrap_or_default()
    }

    /// The current differences from the hosted API.
    #[must_use]
    pub fn quirks(&self) -> Quirks {
        self.lock().quirks.clone()
    }

    /// Adds another account and returns a handle that acts for it. Its licenses and tokens are unknown to the first
    /// account.
    ///
    /// # Errors
    ///
    /// [`StartError`] if its signing key cannot be made, which is a bug.
    pub fn other_account(&self) -> Result<Self, StartError> {
        let mut state = self.lock();
        let slug = format!("demo-{}", state.accounts.len());
        let account = new_account(&mut state.ids, &slug)?;
        let id = account.id.clone();
        state.accounts.push(account);
        Ok(Self { clock: self.clock.clone(), state: self.state.clone(), account: id })
    }

    /// Adds a product and returns its id.
    pub fn add_product(&self, name: &str) -> String {
        self.add(|call, id| call.account.products.push(Product { id, name: name.to_owned() }))
    }

    /// Adds a policy for the product with this id, and returns the policy's id. The product does not have to exist.
    ///
    /// ```
    /// use anykey_core::{ManualClock, Timestamp};
    /// use anykey_keygen_sim::{KeygenSim, LicenseSpec, PolicySpec};
    ///
    /// let sim = KeygenSim::new(ManualClock::at(Timestamp::UNIX_EPOCH))?;
    /// let product = sim.add_product("Editor Pro");
    /// // Two machines, and a heartbeat every hour.
    /// let spec = PolicySpec {
    ///     max_machines: Some(2),
    ///     require_heartbeat: true,
    ///     heartbeat_duration: Some(3600),
    ///     ..PolicySpec::default()
    /// };
    /// let policy = sim.add_policy(&product, spec);
    /// let license = sim.issue(LicenseSpec { policy: Some(policy), ..LicenseSpec::default() })?;
    /// assert!(sim.activate(&license.id, "laptop").is_some());
    /// # Ok::<(), anykey_keygen_sim::kit::StartError>(())
    /// ```
    pub fn add_policy(&self, product: &str, spec: PolicySpec) -> String {
        let product = product.to_owned();
        self.add(|call, id| {
            let created = call.now;
            call.account.policies.push(Policy { id, product, created, spec });
        })
    }

    /// Changes the settings of the policy with this id, which hold for its licenses at once. False if it is unknown.
    pub fn change_policy(&self, policy: &str, change: impl FnOnce(&mut PolicySpec)) -> bool {
        let changed = self.with_call(|call| {
            let found = call.account.policies.iter_mut().find(|found| found.id == policy);
            found.map(|found| change(&mut found.spec)).is_some()
        });
        changed.unwrap_or_default()
    }

    /// Adds a user and returns the id.
    pub fn add_user(&self, name: &str, email: &str) -> String {
        self.add(|call, id| {
            let (name, email) = (name.to_owned(), email.to_owned());
            call.account.users.push(User { id, name, email, banned: false });
        })
    }

    /// Bans the user with this id, or lifts the ban; false if the user is unknown. Licenses that the user owns are
    /// `BANNED` meanwhile.
    pub fn set_banned(&self, user: &str, banned: bool) -> bool {
        let changed = self.with_call(|call| {
            let found = call.account.users.iter_mut().find(|found| found.id == user);
            found.map(|found| found.banned = banned).is_some()
        });
        changed.unwrap_or_default()
    }

    /// Adds a group with a limit of machines over all its licenses, `None` for no limit, and returns its id.
    pub fn add_group(&self, max_machines: Option<u64>) -> String {
        self.add(|call, id| call.account.groups.push(Group { id, max_machines }))
    }

    /// Issues a license. Without a policy in `spec` and in the account, a product and a default policy are added
    /// first.
    ///
    /// # Errors
    ///
    /// [`IssueError`] if the license key exists, or if policy or owner are unknown.
    pub fn issue(&self, spec: LicenseSpec) -> Result<IssuedLicense, IssueError> {
        if self.with_call(|call| call.account.policies.is_empty()).unwrap_or_default()
            && spec.policy.is_none()
        {
            let product = self.add_product("Product");
            self.add_policy(&product, PolicySpec::default());
        }
        self.with_call(|call| call.issue(spec)).unwrap_or(Err(IssueError::UnknownRelation))
    }

    /// Suspends or reinstates the license with this id; false if it is unknown. A suspended license keeps its
    /// machines, and its key cannot authenticate.
    pub fn set_suspended(&self, license: &str, suspended: bool) -> bool {
        let event = if suspended { "license.suspended" } else { "license.reinstated" };
        self.change(license, event, |license| license.suspended = suspended)
    }

    /// Sets or clears the expiry of the license with this id; false if it is unknown. `None` is no expiry, also where
    /// the policy has a duration.
    pub fn set_expiry(&self, license: &str, at: Option<Timestamp>) -> bool {
        self.change(license, "license.updated", |license| license.expiry = at)
    }

    /// Sets the license's own machine limit, or returns to the policy's with `None`; false if it is unknown. Machines
    /// beyond a lower limit stay.
    pub fn set_max_machines(&self, license: &str, limit: Option<u64>) -> bool {
        self.change(license, "license.updated", |license| license.limits.machines = limit)
    }

    /// Sets the license's own user limit, or returns to the policy's with `None`; false if it is unknown.
    pub fn set_max_users(&self, license: &str, limit: Option<u64>) -> bool {
        self.change(license, "license.updated", |license| license.limits.users = limit)
    }

    /// Attaches a user besides the owner; false if the license is unknown.
    pub fn attach_user(&self, license: &str, user: &str) -> bool {
        self.change(license, "license.updated", |license| license.users.push(user.to_owned()))
    }

    /// Puts the license into a group; false if the license is unknown.
    pub fn set_group(&self, license: &str, group: Option<String>) -> bool {
        self.change(license, "license.updated", |license| license.group = group)
    }

    /// Deletes the license with this id and its machines; false if it is unknown. The vendor calls this action
    /// revoke, and keeps nothing.
    pub fn revoke(&self, license: &str) -> bool {
        let removed = self.with_call(|call| {
            call.announce_license("license.revoked", license, None);
            call.account.remove_license(license).is_some()
        });
        removed.unwrap_or_default()
    }

    /// Activates the license with this id as another device does, and returns the machine's id. `None` if the license
    /// is unknown or suspended, or if a limit does not allow it.
    pub fn activate(&self, license: &str, name: &str) -> Option<String> {
        self.with_call(|call| call.activate(license, name)).flatten()
    }

    /// Sets the word that records of the license have as `status`; `None` restores the real one. The behaviour does
    /// not change, so a test sees what an adapter makes of a word that it does not know. False if the license is
    /// unknown.
    pub fn force_status_word(&self, license: &str, word: Option<&str>) -> bool {
        let changed = self.with_call(|call| {
            let license = call.account.licenses.get_mut(license);
            license.map(|license| license.status_word = word.map(str::to_owned)).is_some()
        });
        changed.unwrap_or_default()
    }

    /// Creates a token for everything in the account.
    #[must_use]
    pub fn admin_token(&self) -> String {
        self.token("admin", Role::Admin, None)
    }

    /// Creates a token for the licenses of one product. Those of others are not found with it.
    #[must_use]
    pub fn product_token(&self, product: &str) -> String {
        self.token("prod", Role::Product(product.to_owned()), None)
    }

    /// Creates a token for everything in the account, which expires after `seconds`: then it is a 401.
    #[must_use]
    pub fn expiring_token(&self, seconds: u64) -> String {
        self.token("admin", Role::Admin, Some(seconds))
    }

    /// Revokes a token with immediate effect; false if it is unknown or already revoked.
    pub fn revoke_token(&self, token: &str) -> bool {
        self.with_call(|call| call.account.tokens.remove(token).is_some()).unwrap_or_default()
    }

    fn token(&self, prefix: &str, role: Role, seconds: Option<u64>) -> String {
        let made = self.with_call(|call| {
            let token = call.ids.token(prefix);
            let expiry = seconds.map(|seconds| later(call.now, seconds));
            call.account.tokens.insert(token.clone(), Token { role, expiry });
            token
        });
        made.unwrap_or_default()
    }

    fn add(&self, add: impl FnOnce(&mut Call<'_>, String)) -> String {
        let added = self.with_call(|call| {
            let id = call.ids.uuid();
            add(call, id.clone());
            id
        });
        added.unwrap_or_default()
    }

    /// Changes a license and sends `event`. False if the license is unknown.
    fn change(&self, license: &str, event: &str, change: impl FnOnce(&mut License)) -> bool {
        let changed = self.with_call(|call| {
            let now = call.now;
            let Some(found) = call.account.licenses.get_mut(license) else { return false };
            change(found);
            found.updated = now;
            call.announce_license(event, license, None);
            true
        });
        changed.unwrap_or_default()
    }
}

impl Call<'_> {
    /// Adds a license as the API does, without checking a credential.
    fn issue(&mut self, spec: LicenseSpec) -> Result<IssuedLicense, IssueError> {
        let LicenseSpec { policy, owner, key, expiry, max_machines, max_uses } = spec;
        let first = || self.account.policies.first().map(|policy| policy.id.clone());
        let policy = policy.or_else(first).ok_or(IssueError::UnknownRelation)?;
        let is_known = self.account.policy(&policy).is_some()
            && owner.as_deref().is_none_or(|id| self.account.user(id).is_some());
        if !is_known {
            return Err(IssueError::UnknownRelation);
        }
        if key.as_deref().is_some_and(|key| self.account.has_key(key)) {
            return Err(IssueError::KeyTaken);
        }
        let attributes: [(&str, Option<Value>); 4] = [
            ("key", key.map(Value::from)),
            ("expiry", expiry.map(|at| written(at).into())),
            ("maxMachines", max_machines.map(Value::from)),
            ("maxUses", max_uses.map(Value::from)),
        ];
        let attributes: Map<String, Value> =
            attributes.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect();
        let id = self.add_license(NewLicense { id: None, policy, owner, attributes });
        self.announce_license("license.created", &id, None);
        let license = self.account.licenses.get(&id).ok_or(IssueError::UnknownRelation)?;
        Ok(IssuedLicense {
            id,
            key: license.key.clone(),
            product: license.product.clone(),
            policy: license.policy.clone(),
            owner: license.owner.clone(),
        })
    }

    /// Adds a machine with a random fingerprint, if the license and its limits allow it.
    fn activate(&mut self, license: &str, name: &str) -> Option<String> {
        let found = self.account.licenses.get(license)?;
        if found.suspended || found.is_expired(self.now) || self.account.is_banned(found) {
            return None;
        }
        let fingerprint = self.ids.uuid();
        let attributes = [("fingerprint", fingerprint), ("name", name.to_owned())];
        let attributes = attributes.map(|(name, value)| (name.to_owned(), Value::from(value)));
        let new = NewMachine {
            id: None,
            license: license.to_owned(),
            owner: None,
            attributes: attributes.into_iter().collect(),
        };
        self.faults_of_new_machine(&new).is_empty().then(|| self.add_machine(new))
    }
}
