//! The records that simulators show beside their APIs.

use anykey::sim::{IssueSpec, Role, Which};
use anykey::{ActivationLimit, Expiry, LicenseKey, LicenseProviderExt as _, LicenseStatus, ValidateRequest};
use anykey_tests::{Simulation, simulations};
use futures_util::TryStreamExt as _;

/// The seller's keys as its provider lists them, of both customers.
async fn listed(simulation: &Simulation) -> Vec<LicenseKey> {
    let provider = simulation.provider(&simulation.seller_plane());
    let keys = [Which::First, Which::Second].map(|which| simulation.issue(IssueSpec::new().customer(which)));
    let mut listed = Vec::new();
    for key in &keys {
        let query = Simulation::listing(&*provider, key);
        let is_complete = query.customer.is_none();
        listed.extend(provider.keys(query).try_collect::<Vec<_>>().await.unwrap());
        if is_complete {
            break;
        }
    }
    listed
}

#[tokio::test]
async fn the_records_agree_with_what_the_sellers_provider_lists() {
    for simulation in simulations() {
        let vendor = simulation.vendor.vendor();
        for role in Role::ALL.into_iter().filter(|role| *role != Role::Foreign) {
            simulation.vendor.seed(role);
        }
        let listed = listed(&simulation).await;
        assert!(listed.len() > 5, "{vendor}");
        let records = simulation.vendor.keys().unwrap();
        for key in listed {
            let record = records.iter().find(|record| record.id == key.id);
            let record = record.unwrap_or_else(|| panic!("{vendor}: {} has no record", key.id));
            let name = format!("{vendor} {}", key.id);
            assert_eq!(record.code, key.code, "{name}");
            if record.status == key.status {
                assert_eq!(record.vendor_status, key.status_word, "{name}");
            } else {
                // Access that was revoked is not in every vendor's listing. A validation shows it.
                let device = simulation.provider(&simulation.device_plane());
                let answer = device.validate(ValidateRequest::new(record.code.clone())).await.unwrap();
                assert_eq!((answer.is_valid(), record.status.is_usable()), (false, false), "{name}");
            }
            assert!(key.product.is_none_or(|product| product == record.product), "{name}");
            assert!(key.customer.is_none() || key.customer == record.customer, "{name}");
            match key.expiry {
                Expiry::Unknown => {}
                // The date at which a subscription has ended is not in every vendor's listing.
                Expiry::FollowsSubscription => {
                    assert!(matches!(record.expiry, Expiry::FollowsSubscription | Expiry::At(_)), "{name}");
                }
                listed => assert_eq!(record.expiry, listed, "{name}"),
            }
            if key.activations.limit != ActivationLimit::Unknown {
                assert_eq!(record.activation_limit, key.activations.limit, "{name}");
            }
            if let Some(used) = key.activations.used {
                let seats = simulation.vendor.activations(&key.id).len();
                assert_eq!(u64::try_from(seats).unwrap(), used, "{name}");
            }
            let usage = record.usage.and_then(|used| i64::try_from(used).ok());
            assert!(key.usage.is_none_or(|usage_listed| usage == Some(usage_listed.used)), "{name}");
        }
    }
}

#[tokio::test]
async fn the_records_are_the_sellers_own_newest_first_and_follow_its_actions() {
    for simulation in simulations() {
        let vendor = &simulation.vendor;
        vendor.seed(Role::Foreign);
        let old = simulation.issue(IssueSpec::new());
        simulation.clock.advance(anykey::SignedDuration::from_hours(1));
        let new = simulation.issue(IssueSpec::new());
        let records = vendor.keys().unwrap();
        let ids: Vec<_> = records.iter().map(|record| &record.id).collect();
        assert_eq!(ids, [&new.id, &old.id], "{}", vendor.vendor());
        vendor.set_status(&old.id, anykey::StatusChange::Disable).unwrap();
        let records = vendor.keys().unwrap();
        let disabled = records.iter().find(|record| record.id == old.id).unwrap();
        assert_eq!(disabled.status, LicenseStatus::Disabled, "{}", vendor.vendor());
    }
}
