//! Expiring keys, and vendors that renew late.

use anykey_core::{
    CreateRequest, LicensePatch, LicenseProvider, LicenseProviderExt, RefusalReason, SignedDuration,
    Timestamp,
};
use anykey_guard::{AccessState, Guard, Policy};

use crate::machine::{Machine, is_granted};
use crate::vendor::{Fault, Vendor, code};

const HOUR: SignedDuration = SignedDuration::from_hours(1);

/// Activates a key that expires in a month and was renewed once; returns the expiry.
async fn renewed_once(machine: &Machine, guard: &Guard) -> Timestamp {
    let key = machine.vendor.issue("AAAA", Some(1));
    let first_end = machine.now() + HOUR * 24;
    machine.vendor.memory.set_expiry(&key.id, first_end).await.unwrap();
    guard.activate(code("AAAA")).await.unwrap();
    let end = first_end + HOUR * 24 * 30;
    machine.vendor.memory.set_expiry(&key.id, end).await.unwrap();
    guard.refresh().await.unwrap();
    machine.clock.set(end - HOUR);
    guard.refresh().await.unwrap();
    end
}

#[tokio::test]
async fn a_renewal_that_is_an_hour_late_does_not_end_access() {
    let machine = Machine::with_vendor(|vendor| vendor.device_plane().reporting_keys());
    let guard = machine.start();
    let end = renewed_once(&machine, &guard).await;
    for minutes in (0..60).step_by(5) {
        machine.clock.set(end + SignedDuration::from_mins(minutes));
        let access = guard.refresh_if_due().await.unwrap();
        assert!(access.is_allowed(), "{minutes} minutes after the end: {access}");
    }
    let key = machine.vendor.memory.find(&code("AAAA")).await.unwrap().unwrap();
    machine.vendor.memory.set_expiry(&key.id, end + HOUR * 24 * 30).await.unwrap();
    machine.clock.set(end + HOUR * 2 + HOUR / 2);
    assert!(is_granted(guard.refresh_if_due().await.unwrap()));
}

#[tokio::test]
async fn a_subscription_that_is_not_renewed_ends_after_three_days() {
    let machine = Machine::with_vendor(|vendor| vendor.device_plane().reporting_keys());
    let guard = machine.start();
    let end = renewed_once(&machine, &guard).await;
    machine.clock.set(end + HOUR);
    let access = guard.refresh().await.unwrap();
    assert!(access.is_allowed() && matches!(access.state, AccessState::Refused { until: Some(_), .. }));
    machine.clock.set(end + HOUR * 24 * 4);
    assert!(!guard.access().is_allowed());
}

#[tokio::test]
async fn an_expired_key_without_a_known_expiry_counts_as_a_late_renewal() {
    let machine = Machine::on_device_plane();
    let key = machine.vendor.issue("AAAA", Some(1));
    let guard = machine.start();
    guard.activate(code("AAAA")).await.unwrap();
    machine.vendor.memory.set_expiry(&key.id, machine.now() + HOUR).await.unwrap();
    machine.clock.advance(HOUR);
    assert!(guard.refresh().await.unwrap().is_allowed());
    machine.advance_days(3);
    assert!(!guard.access().is_allowed());
}

#[tokio::test]
async fn a_key_without_subscription_has_no_payment_grace() {
    let machine = Machine::with_vendor(|vendor| vendor.device_plane().reporting_keys());
    let end = machine.now() + HOUR * 24 * 30;
    let request = CreateRequest::new(code("AAAA"), "cus_1", "pdt_1").expiry(end);
    machine.vendor.memory.insert(request).unwrap();
    let guard = machine.start();
    guard.activate(code("AAAA")).await.unwrap();
    machine.advance_days(30);
    machine.advance_minutes(11);
    assert!(!guard.access().is_allowed());
}

#[tokio::test]
async fn a_payment_grace_of_zero_applies_to_subscriptions_too() {
    let mut machine = Machine::with_vendor(|vendor: Vendor| vendor.device_plane().reporting_keys());
    machine.policy = Policy::default().payment_grace(SignedDuration::ZERO);
    let guard = machine.start();
    let end = renewed_once(&machine, &guard).await;
    machine.clock.set(end + HOUR);
    assert!(!guard.access().is_allowed());
    let key = machine.vendor.memory.find(&code("AAAA")).await.unwrap().unwrap();
    machine.vendor.memory.update(&key.id, LicensePatch::new()).await.unwrap();
    assert!(!guard.refresh().await.unwrap().is_allowed());
}

#[tokio::test]
async fn a_failed_payment_has_a_payment_grace_and_a_refund_has_none() {
    for (reason, is_allowed) in [
        (RefusalReason::PaymentFailed, true),
        (RefusalReason::SubscriptionEnded, true),
        (RefusalReason::SubscriptionCanceled, false),
        (RefusalReason::Refunded, false),
        (RefusalReason::Disputed, false),
    ] {
        let machine = Machine::with_vendor(|vendor: Vendor| vendor.device_plane());
        machine.vendor.memory.insert(CreateRequest::new(code("AAAA"), "cus_1", "pdt_1")).unwrap();
        let guard = machine.start();
        guard.activate(code("AAAA")).await.unwrap();
        machine.vendor.set_fault(Some(Fault::Refuses(reason)));
        assert_eq!(guard.refresh().await.unwrap().is_allowed(), is_allowed, "{reason:?}");
        machine.advance_days(3);
        assert!(!guard.access().is_allowed(), "{reason:?}");
    }
}

/// The vendor has not renewed the key for this many minutes after its end.
#[tokio::test(start_paused = true)]
async fn a_late_renewal_of_any_length_up_to_the_payment_grace_does_not_end_access() {
    for lag in [1, 9, 11, 30, 59, 61, 180, 12 * 60, 48 * 60, 71 * 60] {
        let machine = Machine::with_vendor(|vendor| vendor.device_plane().reporting_keys());
        let guard = machine.start();
        let end = renewed_once(&machine, &guard).await;
        let renewal = end + SignedDuration::from_mins(lag);
        while machine.now() < renewal {
            guard.refresh_if_due().await.unwrap();
            assert!(guard.access().is_allowed(), "{lag} minutes late: {}", guard.access());
            machine.advance_minutes(7);
        }
        let key = machine.vendor.memory.find(&code("AAAA")).await.unwrap().unwrap();
        machine.vendor.memory.set_expiry(&key.id, end + HOUR * 24 * 30).await.unwrap();
        machine.clock.advance(HOUR + HOUR / 4);
        assert!(is_granted(guard.refresh_if_due().await.unwrap()), "{lag} minutes late");
    }
}
