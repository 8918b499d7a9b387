//! What tests assert about the account.

use anykey_core::Timestamp;

use super::KeygenSim;

/// A machine, for assertions of tests.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct MachineInfo {
    /// The machine's id, a UUID: the id of an activation.
    pub id: String,
    /// The fingerprint, as it was sent when the machine was activated.
    pub fingerprint: String,
    /// The name; absent if none was sent.
    pub name: Option<String>,
    /// The last heartbeat; absent before the first one, and after a reset.
    pub last_heartbeat: Option<Timestamp>,
}

/// The state of the account, for assertions of tests.
impl KeygenSim {
    /// The number of licenses of this account.
    #[must_use]
    pub fn license_count(&self) -> usize {
        self.with_call(|call| call.account.licenses.len()).unwrap_or_default()
    }

    /// The status of the license with this id, in the vendor's word; `None` if it is unknown.
    #[must_use]
    pub fn status(&self, license: &str) -> Option<String> {
        let found = self.with_call(|call| {
            let license = call.account.licenses.get(license)?;
            Some(license.status(call.account.is_banned(license), call.now).to_owned())
        });
        found.flatten()
    }

    /// The machines of the license with this id, oldest first; empty if it is unknown.
    #[must_use]
    pub fn machines(&self, license: &str) -> Vec<MachineInfo> {
        let found = self.with_call(|call| {
            let machines = call.account.licenses.get(license).map(|license| license.machines.clone());
            machines.unwrap_or_default()
        });
        let info = |machine: super::records::Machine| MachineInfo {
            id: machine.id,
            fingerprint: machine.fingerprint,
            name: machine.name,
            last_heartbeat: machine.last_heartbeat,
        };
        found.unwrap_or_default().into_iter().map(info).collect()
    }

    /// The name of the user with this id; `None` if it is unknown.
    #[must_use]
    pub fn user_name(&self, user: &str) -> Option<String> {
        self.with_call(|call| call.account.user(user).map(|user| user.name.clone())).flatten()
    }

    /// The name of the product with this id; `None` if it is unknown.
    #[must_use]
    pub fn product_name(&self, product: &str) -> Option<String> {
        let found = self.with_call(|call| {
            let product = call.account.products.iter().find(|found| found.id == product);
            product.map(|product| product.name.clone())
        });
        found.flatten()
    }
}
