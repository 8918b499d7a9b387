//! The state of the server, and one call on it.

use anykey_core::Timestamp;
use serde_json::{Map, Value};

use super::account::Account;
use super::ids::IdSource;
use super::quirks::Quirks;
use super::rate_limit::RateLimiter;
use super::webhooks::Outbox;

/// Everything that the simulated server knows.
pub(super) struct State {
    pub(super) quirks: Quirks,
    pub(super) limiter: RateLimiter,
    pub(super) ids: IdSource,
    pub(super) accounts: Vec<Account>,
    pub(super) outbox: Outbox,
}

/// One request or action, for one account at one time.
pub(super) struct Call<'s> {
    pub(super) account: &'s mut Account,
    pub(super) quirks: &'s Quirks,
    pub(super) ids: &'s mut IdSource,
    pub(super) outbox: &'s mut Outbox,
    pub(super) now: Timestamp,
}

impl State {
    /// A call for the account with this id or slug; `None` if there is none. Machines whose time is over are deleted
    /// first, so that no call sees them.
    pub(super) fn call(&mut self, account: &str, now: Timestamp) -> Option<Call<'_>> {
        let account = self.accounts.iter_mut().find(|found| found.id == account || found.slug == account)?;
        let mut call =
            Call { account, quirks: &self.quirks, ids: &mut self.ids, outbox: &mut self.outbox, now };
        call.cull();
        Some(call)
    }
}

impl Call<'_> {
    /// Deletes the machines whose heartbeats stopped.
    fn cull(&mut self) {
        for (license_id, machine) in self.account.cull(self.now) {
            let Some(license) = self.account.licenses.get(&license_id) else { continue };
            let document = self.account.machine_document(license, &machine, self.now);
            for event in ["machine.heartbeat.dead", "machine.deleted"] {
                self.announce(event, &document, None);
            }
        }
    }

    /// Queues an event with the license as it is now; nothing for an unknown one.
    pub(super) fn announce_license(&mut self, event: &str, id: &str, meta: Option<&Map<String, Value>>) {
        if let Some(license) = self.account.licenses.get(id) {
            let document = self.account.license_document(license, self.now);
            self.announce(event, &document, meta);
        }
    }

    /// Queues an event with the machine as it is now; nothing for an unknown one.
    pub(super) fn announce_machine(&mut self, event: &str, id: &str) {
        if let Some((license, machine)) = self.account.machine(id) {
            let document = self.account.machine_document(license, machine, self.now);
            self.announce(event, &document, None);
        }
    }
}
