//! The database, and reading from one of its two copies.

use std::collections::{HashMap, VecDeque};

use anykey_core::Clock;
use uuid::Uuid;

use super::error::SimError;
use super::ids::Ids;
use super::jobs::Job;
use super::moment::Moment;
use super::options::{ApiVersion, Environment, Release};
use super::overlaps::Overlaps;
use super::rate_limit::RateLimiter;
use super::records::{Benefit, Customer, LicenseKey, Member, Organization};
use super::tokens::Tokens;
use super::webhooks::{Outbox, StateChanges};

/// The state of the server: database, job queue and counters.
pub(super) struct State {
    pub(super) clock: Clock,
    pub(super) ids: Ids,
    pub(super) environment: Environment,
    pub(super) release: Release,
    /// The served versions, for `Polar-Version`.
    pub(super) versions: Vec<ApiVersion>,
    pub(super) current_version: ApiVersion,
    /// The initial organization.
    pub(super) home: Uuid,
    pub(super) organizations: HashMap<Uuid, Organization>,
    pub(super) customers: HashMap<Uuid, Customer>,
    pub(super) members: HashMap<Uuid, Member>,
    pub(super) benefits: HashMap<Uuid, Benefit>,
    keys: HashMap<Uuid, LicenseKey>,
    pub(super) tokens: Tokens,
    pub(super) rates: RateLimiter,
    pub(super) overlaps: Overlaps,
    pub(super) jobs: VecDeque<Job>,
    pub(super) outbox: Outbox,
    pub(super) state_changes: StateChanges,
    replica: Replica,
}

/// The database replica that some reads use.
#[derive(Default)]
struct Replica {
    /// Whether writes do not reach the replica.
    lagging: bool,
    /// The previous state of the keys that have changed since the last sync; `None` if they did not exist.
    previous: HashMap<Uuid, Option<LicenseKey>>,
}

/// The database that a read uses.
#[derive(Clone, Copy)]
pub(super) enum Copy {
    Primary,
    Replica,
}

impl State {
    /// An empty server, without an organization yet.
    pub(super) fn new(clock: Clock, environment: Environment, release: Release, seed: u64) -> Self {
        let mut ids = Ids::seeded(seed);
        let home = ids.uuid();
        let (versions, current_version) = match release {
            Release::August2026 => (vec![ApiVersion::V2026_04, ApiVersion::V2026_10], ApiVersion::V2026_04),
            Release::October2026 => {
                (vec![ApiVersion::V2026_04, ApiVersion::V2026_10, ApiVersion::V2027_01], ApiVersion::V2026_10)
            }
        };
        Self {
            clock,
            ids,
            environment,
            release,
            versions,
            current_version,
            home,
            organizations: HashMap::new(),
            customers: HashMap::new(),
            members: HashMap::new(),
            benefits: HashMap::new(),
            keys: HashMap::new(),
            tokens: Tokens::default(),
            rates: RateLimiter::default(),
            overlaps: Overlaps::default(),
            jobs: VecDeque::new(),
            outbox: Outbox::seeded(seed),
            state_changes: StateChanges::default(),
            replica: Replica::default(),
        }
    }

    /// Serves a version that the release does not have.
    pub(super) fn serve(&mut self, version: ApiVersion) {
        if !self.versions.contains(&version) {
            self.versions.push(version);
        }
    }

    /// The time of the clock, in whole microseconds.
    pub(super) fn now(&self) -> Moment {
        self.clock.now().into()
    }

    /// The number of keys of all organizations.
    pub(super) fn key_count(&self) -> usize {
        self.keys.len()
    }

    /// A key in the primary database.
    pub(super) fn key(&self, id: Uuid) -> Option<&LicenseKey> {
        self.keys.get(&id)
    }

    /// Whether `copy` is up to date.
    pub(super) fn is_complete(&self, copy: Copy) -> bool {
        matches!(copy, Copy::Primary) || self.replica.previous.is_empty()
    }

    /// A key in `copy`.
    pub(super) fn key_in(&self, copy: Copy, id: Uuid) -> Option<&LicenseKey> {
        match (copy, self.replica.previous.get(&id)) {
            (Copy::Replica, Some(earlier)) => earlier.as_ref(),
            _ => self.keys.get(&id),
        }
    }

    /// The id of the key with exactly this string; case-sensitive.
    pub(super) fn key_by_code(&self, organization: Uuid, code: &str) -> Option<Uuid> {
        self.organizations.get(&organization)?.codes.get(code).copied()
    }

    /// A key for changes. A lagging replica keeps the previous state.
    pub(super) fn key_mut(&mut self, id: Uuid) -> Option<&mut LicenseKey> {
        let key = self.keys.get_mut(&id)?;
        if self.replica.lagging {
            self.replica.previous.entry(id).or_insert_with(|| Some(key.clone()));
        }
        Some(key)
    }

    /// Adds a key. Its string must be new in the organization.
    pub(super) fn insert_key(&mut self, key: LicenseKey) -> Result<(), SimError> {
        let organization =
            self.organizations.get_mut(&key.organization_id).ok_or(SimError::UnknownOrganization)?;
        let customer = self.customers.get_mut(&key.customer_id).ok_or(SimError::UnknownCustomer)?;
        if organization.codes.contains_key(&key.key) {
            return Err(SimError::KeyTaken);
        }
        organization.codes.insert(key.key.clone(), key.id);
        for list in [&mut organization.keys, &mut customer.keys] {
            let later = list.iter().rev().take_while(|other| {
                self.keys.get(*other).is_some_and(|other| other.created_at > key.created_at)
            });
            let place = list.len() - later.count();
            list.insert(place, key.id);
        }
        if self.replica.lagging {
            self.replica.previous.insert(key.id, None);
        }
        self.keys.insert(key.id, key);
        Ok(())
    }

    /// Replaces a key's string. The old one is unknown immediately.
    pub(super) fn rename_key(&mut self, id: Uuid, code: String) {
        let Some(key) = self.key_mut(id) else { return };
        let organization_id = key.organization_id;
        let old = std::mem::replace(&mut key.key, code.clone());
        if let Some(organization) = self.organizations.get_mut(&organization_id) {
            organization.codes.remove(&old);
            organization.codes.insert(code, id);
        }
    }

    /// Stops the replication of writes.
    pub(super) const fn lag_replica(&mut self) {
        self.replica.lagging = true;
    }

    /// Replicates all writes so far.
    pub(super) fn sync_replica(&mut self) {
        self.replica.previous.clear();
    }

    /// A benefit of `organization`, unless it was deleted.
    pub(super) fn live_benefit(&self, id: Uuid) -> Option<&Benefit> {
        self.benefits.get(&id).filter(|benefit| !benefit.deleted)
    }

    /// A customer, unless deleted.
    pub(super) fn live_customer(&self, id: Uuid) -> Option<&Customer> {
        self.customers.get(&id).filter(|customer| customer.deleted_at.is_none())
    }
}
