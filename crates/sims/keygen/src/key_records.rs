use anykey_core::adapter::KeyCodeExt as _;
use anykey_core::{ActivationLimit, KeyCode, LicenseStatus};
use anykey_sim_kit::KeyRecord;

use super::KeygenSim;
use super::records::License;
use super::state::Call;

impl KeygenSim {
    /// The licenses of this account, newest first.
    #[must_use]
    pub fn key_records(&self) -> Vec<KeyRecord> {
        let records = self.with_call(|call| {
            let mut licenses: Vec<_> = call.account.licenses.values().collect();
            licenses.sort_by(|a, b| (b.created, &b.id).cmp(&(a.created, &a.id)));
            licenses.into_iter().map(|license| record(call, license)).collect()
        });
        records.unwrap_or_default()
    }
}

fn record(call: &Call<'_>, license: &License) -> KeyRecord {
    let account = &call.account;
    let limits = license.limits.or(&account.settings(license));
    let word = license.status(account.is_banned(license), call.now);
    let product = account.products.iter().find(|product| product.id == license.product);
    let code = KeyCode::verbatim(license.key.as_str());
    let record = KeyRecord::new(license.id.as_str(), code, license.product.as_str(), license.created)
        .product_name(product.map(|product| product.name.clone()))
        .status(word, status(word))
        .activation_limit(limits.machines.map_or(ActivationLimit::Unlimited, ActivationLimit::AtMost))
        .usage(license.uses, limits.uses)
        .expiry(license.expiry, false);
    match &license.owner {
        Some(owner) => record.customer(owner.as_str(), account.user(owner).map(|user| user.name.clone())),
        None => record,
    }
}

fn status(word: &str) -> LicenseStatus {
    match word {
        "BANNED" | "SUSPENDED" => LicenseStatus::Disabled,
        "EXPIRED" => LicenseStatus::Expired,
        // A license that nobody has used for a long time is inactive there, and still in force.
        _ => LicenseStatus::Active,
    }
}
