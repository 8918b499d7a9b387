//! What every simulator keeps to.

use anykey::sim::{Fault, IssueSpec, PlaneAccess, Role, Rule, simulators};
use anykey::{ActivateRequest, Capability, ErrorKind, RefusalReason, StatusChange, ValidateRequest};
use anykey_tests::{Simulation, simulations};

/// Whether a role's key is in force.
const fn is_in_force(role: Role) -> bool {
    !matches!(role, Role::Expired | Role::Disabled | Role::Revoked | Role::Refunded)
}

#[tokio::test]
async fn a_seeded_key_is_in_the_state_of_its_role() {
    for simulation in simulations() {
        let vendor = simulation.vendor.vendor();
        let device = simulation.provider(&simulation.device_plane());
        for role in Role::ALL {
            let Some(key) = simulation.vendor.seed(role) else { continue };
            // The seller of a foreign key matters at some vendors only, where it is unknown in the own organization.
            let validates_alone = device.capabilities().contains(Capability::ValidateWithoutSeat);
            if role != Role::Foreign && validates_alone {
                let answer = device.validate(ValidateRequest::new(key.code.clone())).await.unwrap();
                assert_eq!(answer.is_valid(), is_in_force(role), "{vendor} {role}");
            }
            if !simulation.has_seats() {
                continue;
            }
            let seat = device.activate(ActivateRequest::new(key.code, "laptop")).await;
            let reason = seat.as_ref().err().and_then(|error| error.refusal()).map(|refusal| refusal.reason);
            match role {
                Role::Full => assert_eq!(reason, Some(RefusalReason::ActivationLimitReached), "{vendor}"),
                Role::NoSeats => assert_eq!(reason, Some(RefusalReason::ActivationsNotSupported), "{vendor}"),
                Role::Foreign => {}
                _ => assert_eq!(seat.is_ok(), is_in_force(role), "{vendor} {role}: {seat:?}"),
            }
        }
    }
}

#[tokio::test]
async fn every_vendor_has_the_roles_that_do_not_depend_on_it() {
    for simulation in simulations() {
        for role in [Role::Good, Role::Full, Role::Subscribed, Role::Expired, Role::Disabled, Role::Refunded]
        {
            let rules = simulation.vendor.rules();
            let is_sold = match role {
                Role::Full => rules.has_seats,
                Role::Subscribed => rules.has_subscriptions,
                _ => true,
            };
            let seeded = simulation.vendor.seed(role).is_some();
            assert_eq!(seeded, is_sold, "{} {role}", simulation.vendor.vendor());
        }
    }
}

#[tokio::test]
async fn the_first_plane_needs_no_more_than_device_calls_do_and_the_last_is_the_sellers() {
    for simulation in simulations() {
        let (device, seller) = (simulation.device_plane(), simulation.seller_plane());
        if simulation.vendor.planes().len() > 1 {
            let credentials = usize::from(device.authenticates_device_calls);
            assert_eq!((device.access, device.secrets.iter().count()), (PlaneAccess::Device, credentials));
        } else {
            assert!(seller.authenticates_device_calls, "every call needs the credential");
        }
        assert_eq!((seller.access, seller.secrets.iter().count()), (PlaneAccess::Seller, 1));
        let (_, credential) = seller.secrets.iter().next().unwrap();
        let provider = simulation.provider(&seller);
        let query = Simulation::listing(&*provider, &simulation.issue(IssueSpec::new()));
        provider.list(query.clone()).await.unwrap();
        simulation.vendor.revoke_credential(credential).unwrap();
        let error = provider.list(query).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unauthenticated);
    }
}

#[tokio::test]
async fn the_sellers_actions_do_not_meet_the_faults_of_clients() {
    for simulation in simulations() {
        let vendor = &simulation.vendor;
        let key = vendor.seed(Role::Good).unwrap();
        let device = simulation.provider(&simulation.device_plane());
        let request = simulation.validation(&*device, &key);
        vendor.faults().inject(Rule::always(Fault::ConnectionRefused));
        assert!(device.validate(request.clone()).await.is_err());
        let before = vendor.activations(&key.id);
        let seat = vendor.activate(&key.id, "other device").map(|seat| (seat, "other device".to_owned()));
        assert_eq!(seat.is_some(), simulation.has_seats());
        assert_eq!(vendor.activations(&key.id), before.into_iter().chain(seat).collect::<Vec<_>>());
        vendor.set_status(&key.id, StatusChange::Disable).unwrap();
        vendor.faults().clear();
        assert!(!device.validate(request).await.unwrap().is_valid());
    }
}

#[tokio::test]
async fn a_customer_who_pays_again_has_the_key_again() {
    for simulation in simulations() {
        if !simulation.vendor.rules().has_subscriptions {
            continue;
        }
        let key = simulation.vendor.seed(Role::Subscribed).unwrap();
        let device = simulation.provider(&simulation.device_plane());
        let request = simulation.validation(&*device, &key);
        let is_valid = async || device.validate(request.clone()).await.unwrap().is_valid();
        assert!(is_valid().await);
        simulation.vendor.stop_payment(&key.id).unwrap();
        assert!(!is_valid().await);
        simulation.vendor.resume_payment(&key.id).unwrap();
        assert!(is_valid().await);
    }
}

#[test]
fn a_release_that_does_not_exist_is_named() {
    for simulator in simulators() {
        let simulation = Simulation::of(simulator);
        let error = simulator.start_release(simulation.clock, "1999").unwrap_err().to_string();
        assert!(error.contains("1999") && error.contains(simulator.releases[0]), "{error}");
    }
}
