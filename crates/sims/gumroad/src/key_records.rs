use anykey_core::adapter::KeyCodeExt as _;
use anykey_core::{Expiry, KeyCode, LicenseStatus, Timestamp};
use anykey_sim_kit::KeyRecord;

use super::GumroadSim;
use super::database::State;
use super::records::{Holder, License, Sale, Subscription};

impl GumroadSim {
    /// The licenses of this seller's sales, newest first, without those of imported customers.
    #[must_use]
    pub fn key_records(&self) -> Vec<KeyRecord> {
        let now = self.now();
        let state = self.lock();
        let sold = state.licenses.values().filter_map(|license| match license.holder {
            Holder::Sale(number) => Some((license, state.sales.get(&number)?)),
            Holder::Imported(_) => None,
        });
        let mut sold: Vec<_> = sold.filter(|(_, sale)| sale.seller == self.seller).collect();
        sold.sort_by_key(|(_, sale)| std::cmp::Reverse(sale.number));
        sold.into_iter().map(|(license, sale)| record(&state, license, sale, now)).collect()
    }
}

fn record(state: &State, license: &License, sale: &Sale, now: Timestamp) -> KeyRecord {
    let product = state.products.get(&sale.product);
    let membership = sale.subscription.and_then(|number| state.subscriptions.get(&number));
    let (word, status) = standing(license, sale, membership, now);
    let code = KeyCode::verbatim(license.key.as_str());
    let id = product.map(|product| product.id.clone()).unwrap_or_default();
    let mut record = KeyRecord::new(sale.id.as_str(), code, id, sale.created_at)
        .product_name(product.map(|product| product.name.clone()))
        .status(word, status)
        .usage(license.uses, None);
    record.expiry = match membership {
        None => Expiry::Never,
        Some(membership) => {
            let ends = [membership.failed_at, membership.ended_at, membership.cancelled_at];
            ends.into_iter().flatten().min().map_or(Expiry::FollowsSubscription, Expiry::At)
        }
    };
    match &sale.buyer.id {
        Some(id) => record.customer(id.as_str(), Some(sale.buyer.name.clone())),
        None => record,
    }
}

/// The flag that decides, in the vendor's word. The vendor keeps no status: without a flag the key is in force.
fn standing(
    license: &License,
    sale: &Sale,
    membership: Option<&Subscription>,
    now: Timestamp,
) -> (&'static str, LicenseStatus) {
    let ended = |at: Option<Timestamp>| at.is_some_and(|at| at <= now);
    match membership {
        _ if license.disabled => ("disabled", LicenseStatus::Disabled),
        _ if sale.refunded => ("refunded", LicenseStatus::Revoked),
        _ if sale.disputed && !sale.dispute_won => ("disputed", LicenseStatus::Revoked),
        _ if sale.access_revoked => ("access revoked", LicenseStatus::Revoked),
        Some(membership) if ended(membership.failed_at) => ("failed", LicenseStatus::Expired),
        Some(membership) if ended(membership.ended_at) => ("ended", LicenseStatus::Expired),
        Some(membership) if ended(membership.cancelled_at) => ("cancelled", LicenseStatus::Expired),
        _ => ("active", LicenseStatus::Active),
    }
}
