//! Keys that end, and vendors that renew late.

use anykey_core::{
    CreateRequest, LicensePatch, LicenseProvider, LicenseProviderExt, RefusalReason, SignedDuration,
    Timestamp,
};
use anykey_guard::{AccessState, Guard, Policy};

use crate::machine::{Machine, is_granted};
use crate::vendor::{Fault, Vendor, code};

const HOUR: SignedDuration = SignedDuration::from_hours(1);

/// A key that ends in a month and was renewed once before.
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
async fn a_vendor_that_renews_an_hour_late_locks_no_payer_out() {
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
async fn without_any_word_about_the_end_an_expired_key_counts_as_a_late_renewal() {
    let machine = Machine::of_a_customer();
    let key = machine.vendor.issue("AAAA", Some(1));
    let guard = machine.start();
    guard.activate(code("AAAA")).await.unwrap();
    machine.vendor.memory.set_expiry(&key.id, machine.now() + HOUR).await.unwrap();
    machine.clock.advance(HOUR);
    assert!(guard.refresh().await.unwrap().is_allowed());
    machine.days_pass(3);
    assert!(!guard.access().is_allowed());
}

#[tokio::test]
async fn a_key_of_fixed_length_ends_when_it_ends() {
    let machine = Machine::with_vendor(|vendor| vendor.device_plane().reporting_keys());
    let end = machine.now() + HOUR * 24 * 30;
    let request = CreateRequest::new(code("AAAA"), "cus_1", "pdt_1").expiry(end);
    machine.vendor.memory.insert(request).unwrap();
    let guard = machine.start();
    guard.activate(code("AAAA")).await.unwrap();
    machine.days_pass(30);
    machine.minutes_pass(11);
    assert!(!guard.access().is_allowed());
}

#[tokio::test]
async fn a_policy_of_no_days_is_kept_for_subscriptions_too() {
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
async fn a_failed_payment_is_waited_for_and_a_refund_is_not() {
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
        machine.vendor.weather(Some(Fault::Refuses(reason)));
        assert_eq!(guard.refresh().await.unwrap().is_allowed(), is_allowed, "{reason:?}");
        machine.days_pass(3);
        assert!(!guard.access().is_allowed(), "{reason:?}");
    }
}
