//! What holds for a license and its machines at a time.
//!
//! Every rule is that of the vendor's models (source, June 2026). Nothing here changes a record.

use anykey_core::{SignedDuration, Timestamp};

use super::policy_spec::{PolicySpec, Resurrection};
use super::records::{License, Limits, Machine};
use super::time::{earlier, later};

/// How long before its expiry a license is `EXPIRING`.
const THREE_DAYS: SignedDuration = SignedDuration::from_hours(72);
/// How long a license without use is still `ACTIVE`, in seconds.
const NINETY_DAYS: u64 = 90 * 86_400;
/// The time between two heartbeats where the policy has none.
const HEARTBEAT_SECONDS: u64 = 600;

impl License {
    pub(super) fn is_expired(&self, now: Timestamp) -> bool {
        self.expiry.is_some_and(|expiry| expiry < now)
    }

    /// Whether it ends within three days. Such a license is usable.
    pub(super) fn is_expiring(&self, now: Timestamp) -> bool {
        let soon = now.checked_add(THREE_DAYS).unwrap_or(Timestamp::MAX);
        self.expiry.is_some_and(|expiry| expiry > now && expiry < soon)
    }

    /// Whether it was created, validated, checked in or checked out within 90 days.
    pub(super) fn is_active(&self, now: Timestamp) -> bool {
        let since = earlier(now, NINETY_DAYS);
        let uses = [self.last_validated, self.last_check_in, self.last_check_out];
        self.created >= since || uses.into_iter().flatten().any(|used| used >= since)
    }

    /// The attribute `status`, of which the first that fits counts. `banned` is whether the owner is. `EXPIRING` and
    /// `INACTIVE` are usable.
    pub(super) fn status(&self, banned: bool, now: Timestamp) -> &'static str {
        match () {
            () if banned => "BANNED",
            () if self.suspended => "SUSPENDED",
            () if self.is_expired(now) => "EXPIRED",
            () if self.is_expiring(now) => "EXPIRING",
            () if self.is_active(now) => "ACTIVE",
            () => "INACTIVE",
        }
    }

    pub(super) fn users_count(&self) -> u64 {
        count(self.users.len()).saturating_add(u64::from(self.owner.is_some()))
    }

    pub(super) fn machines_count(&self) -> u64 {
        count(self.machines.len())
    }

    /// A sum over all machines.
    pub(super) fn total(&self, part: impl Fn(&Machine) -> Option<u64>) -> u64 {
        self.machines.iter().filter_map(part).sum()
    }
}

impl Limits {
    /// The limits that hold: the license's own, or else those of the policy. A limit of 0 counts as absent, as in the
    /// vendor's framework.
    pub(super) fn or(self, policy: &PolicySpec) -> Self {
        let or = |own: Option<u64>, policy: Option<u64>| own.filter(|own| *own > 0).or(policy);
        Self {
            machines: or(self.machines, policy.max_machines.or((!policy.floating).then_some(1))),
            users: or(self.users, policy.max_users),
            cores: or(self.cores, policy.max_cores),
            memory: or(self.memory, policy.max_memory),
            disk: or(self.disk, policy.max_disk),
            uses: or(self.uses, policy.max_uses),
            processes: self.processes,
        }
    }
}

impl PolicySpec {
    pub(super) fn heartbeat_seconds(&self) -> u64 {
        self.heartbeat_duration.unwrap_or(HEARTBEAT_SECONDS)
    }
}

impl Machine {
    pub(super) fn next_heartbeat(&self, policy: &PolicySpec) -> Option<Timestamp> {
        Some(later(self.last_heartbeat?, policy.heartbeat_seconds()))
    }

    /// The attribute `heartbeatStatus`. Where heartbeats are required, a machine that never sent one is dead once it
    /// is older than the time between two.
    pub(super) fn heartbeat_status(&self, policy: &PolicySpec, now: Timestamp) -> &'static str {
        let is_new = self.created >= earlier(now, policy.heartbeat_seconds());
        match self.next_heartbeat(policy) {
            None if !policy.require_heartbeat || is_new => "NOT_STARTED",
            Some(next) if next >= now && self.resurrected => "RESURRECTED",
            Some(next) if next >= now => "ALIVE",
            _ => "DEAD",
        }
    }

    pub(super) fn is_dead(&self, policy: &PolicySpec, now: Timestamp) -> bool {
        self.heartbeat_status(policy, now) == "DEAD"
    }

    pub(super) fn is_not_started(&self, policy: &PolicySpec, now: Timestamp) -> bool {
        self.heartbeat_status(policy, now) == "NOT_STARTED"
    }

    /// Whether a heartbeat makes it alive again. The policy's 15 minutes count from the heartbeat that was missed.
    pub(super) fn can_resurrect(&self, policy: &PolicySpec, now: Timestamp) -> bool {
        match policy.heartbeat_resurrection {
            Resurrection::Never => false,
            Resurrection::Always => true,
            Resurrection::FifteenMinutes => {
                let end = self.next_heartbeat(policy).map(|next| later(next, 15 * 60));
                end.is_some_and(|end| now <= end)
            }
        }
    }
}

pub(super) fn count(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}
