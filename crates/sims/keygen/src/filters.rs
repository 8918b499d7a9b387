//! The filters of lists. A parameter with another name filters nothing.

use serde_json::{Map, Value};

use super::paging::Query;
use super::params::snake;
use super::records::{License, Machine};
use super::state::Call;

impl Query<'_> {
    fn is(&self, name: &str, actual: Option<&str>) -> bool {
        self.value(name).is_none_or(|asked| Some(asked) == actual)
    }

    /// Each `metadata[name]` as the text, or as the number or truth value that it is written as.
    fn has_metadata(&self, metadata: &Map<String, Value>) -> bool {
        self.members("metadata").all(|(name, asked)| {
            let typed = serde_json::from_str::<Value>(asked).ok();
            let typed = typed.filter(|typed| typed.is_number() || typed.is_boolean() || typed.is_null());
            metadata
                .get(&snake(name))
                .is_some_and(|found| found.as_str() == Some(asked) || typed.as_ref() == Some(found))
        })
    }

    /// Each `name[eq]`, `[gt]`, `[gte]`, `[lt]` and `[lte]`.
    fn has_count(&self, name: &str, count: u64) -> bool {
        self.members(name).all(|(comparison, asked)| {
            let asked = asked.parse().unwrap_or(0);
            match comparison {
                "eq" => count == asked,
                "gt" => count > asked,
                "gte" => count >= asked,
                "lt" => count < asked,
                "lte" => count <= asked,
                _ => true,
            }
        })
    }
}

impl Call<'_> {
    /// Whether the license passes the filters of the query. `status` looks at activity, ban, suspension and expiry each
    /// alone, so `ACTIVE` also finds suspended and expired licenses, unlike the attribute of that name.
    pub(super) fn is_listed(&self, license: &License, query: &Query<'_>) -> bool {
        let owner = license.owner.as_deref().and_then(|id| self.account.user(id));
        let named = |name: &str| {
            query
                .value(name)
                .is_none_or(|asked| owner.is_some_and(|user| user.id == asked || user.email == asked))
        };
        let flag = |name: &str, actual: bool| query.flag(name).is_none_or(|asked| asked == actual);
        let status = query.value("status").map(str::to_ascii_uppercase);
        let has_status = status.is_none_or(|status| match status.as_str() {
            "BANNED" => self.account.is_banned(license),
            "SUSPENDED" => license.suspended,
            "EXPIRED" => license.is_expired(self.now),
            "EXPIRING" => license.is_expiring(self.now),
            "ACTIVE" => license.is_active(self.now) && !self.account.is_banned(license),
            "INACTIVE" => !license.is_active(self.now) && !self.account.is_banned(license),
            _ => false,
        });
        let has_machine = query
            .value("machine")
            .is_none_or(|asked| license.machines.iter().any(|machine| machine.id == asked));
        query.is("product", Some(&license.product))
            && query.is("policy", Some(&license.policy))
            && query.is("group", license.group.as_deref())
            && named("owner")
            && named("user")
            && flag("suspended", license.suspended)
            && flag("expired", license.is_expired(self.now))
            && flag("expiring", license.is_expiring(self.now))
            && flag("assigned", license.users_count() > 0)
            && flag("unassigned", license.users_count() == 0)
            && flag("activated", !license.machines.is_empty())
            && query.has_count("activations", license.machines_count())
            && query.has_metadata(&license.metadata)
            && has_machine
            && has_status
    }

    /// Whether the machine passes the filters of the query.
    pub(super) fn is_machine_listed(&self, license: &License, machine: &Machine, query: &Query<'_>) -> bool {
        let is_dead = machine.is_dead(&self.account.settings(license), self.now);
        let has_status =
            query.value("status").is_none_or(|status| match status.to_ascii_uppercase().as_str() {
                "ALIVE" => !is_dead,
                "DEAD" => is_dead,
                _ => false,
            });
        query.is("license", Some(&license.id))
            && query.is("key", Some(&license.key))
            && query.is("product", Some(&license.product))
            && query.is("policy", Some(&license.policy))
            && query.is("fingerprint", Some(&machine.fingerprint))
            && query.is("owner", machine.owner.as_deref())
            && query.is("group", machine.group.as_deref())
            && query.is("hostname", machine.hostname.as_deref())
            && query.is("ip", machine.ip.as_deref())
            && query.has_metadata(&machine.metadata)
            && has_status
    }
}
