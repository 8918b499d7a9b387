use std::time::Duration;

use anykey_core::{
    ErrorKind, EventKind, LicenseEvent, LicenseProvider, LicenseProviderExt, Operation, RefusalReason,
    SignedDuration, Timestamp,
};
use anykey_guard::{AccessState, Cause, GuardError, OfflineGrace, Policy, RefusedBy};

use crate::machine::{Machine, is_grace, is_granted};
use crate::vendor::{Fault, code};

const OUTAGES: [ErrorKind; 6] = [
    ErrorKind::Transport,
    ErrorKind::Timeout,
    ErrorKind::Unavailable,
    ErrorKind::RateLimited,
    ErrorKind::Decode,
    ErrorKind::Config,
];

#[tokio::test]
async fn no_kind_of_outage_ends_access_before_the_deadline() {
    for kind in OUTAGES {
        let machine = Machine::on_device_plane();
        machine.vendor.issue("AAAA", Some(1));
        let guard = machine.start();
        guard.activate(code("AAAA")).await.unwrap();
        machine.vendor.set_fault(Some(Fault::Down(kind)));
        machine.advance_days(1);
        for day in 1..15 {
            assert!(matches!(guard.refresh().await, Err(GuardError::NoAnswer(_))), "{kind} on day {day}");
            let access = guard.access();
            let AccessState::Grace { cause, .. } = access.state else { panic!("{access} on day {day}") };
            assert_eq!(cause, Cause::NoAnswer(kind));
            machine.advance_days(1);
        }
        guard.refresh().await.unwrap_err();
        assert!(matches!(guard.access().state, AccessState::NeedsCheck { .. }));
        assert!(!guard.access().is_allowed());
        machine.vendor.set_fault(None);
        assert!(is_granted(guard.refresh().await.unwrap()), "one answer restores access");
    }
}

#[tokio::test]
async fn an_unlimited_grace_has_no_deadline() {
    let mut machine = Machine::on_device_plane();
    machine.policy = Policy::default().offline_grace(OfflineGrace::Unlimited);
    machine.vendor.issue("AAAA", Some(1));
    let guard = machine.start();
    guard.activate(code("AAAA")).await.unwrap();
    machine.advance_days(10_000);
    assert!(is_grace(guard.access()));
    assert_eq!(guard.access().until(), None);
}

#[tokio::test]
async fn a_refusal_ends_access_immediately_and_survives_a_restart_and_an_outage() {
    let machine = Machine::on_device_plane();
    let key = machine.vendor.issue("AAAA", Some(1));
    let guard = machine.start();
    guard.activate(code("AAAA")).await.unwrap();
    machine.vendor.memory.revoke(&key.id).await.unwrap();

    let access = guard.refresh().await.unwrap();
    assert!(!access.is_allowed());
    machine.vendor.set_fault(Some(Fault::Down(ErrorKind::Transport)));
    guard.refresh().await.unwrap_err();
    for access in [guard.access(), machine.start().access()] {
        let AccessState::Refused { reason, by, until, .. } = access.state else { panic!("{access}") };
        assert_eq!((reason, by, until), (RefusalReason::Revoked, RefusedBy::Vendor, None));
    }
}

#[tokio::test(start_paused = true)]
async fn a_temporary_refusal_keeps_key_and_seat() {
    let machine = Machine::on_device_plane();
    machine.vendor.issue("AAAA", Some(1));
    let guard = machine.start();
    guard.activate(code("AAAA")).await.unwrap();
    let seat = guard.record().unwrap().held.unwrap().activation;
    for _ in 0..2 {
        machine.vendor.fail_on(Operation::Validate, Fault::Refuses(RefusalReason::Unspecified));
    }
    let access = guard.refresh().await.unwrap();
    assert!(!access.is_allowed() && access.next_check.is_some());

    machine.advance_days(1);
    assert!(is_granted(guard.refresh().await.unwrap()));
    assert_eq!(guard.record().unwrap().held.unwrap().activation, seat);
    assert_eq!(machine.vendor.calls(Operation::Activate), 1);
}

#[tokio::test]
async fn the_payment_grace_starts_at_the_first_refusal() {
    let mut machine = Machine::on_device_plane();
    machine.policy = Policy::default().payment_grace(SignedDuration::from_hours(72));
    let key = machine.vendor.issue("AAAA", Some(1));
    let guard = machine.start();
    guard.activate(code("AAAA")).await.unwrap();
    machine.vendor.memory.revoke(&key.id).await.unwrap();
    for _ in 0..3 {
        let access = guard.refresh().await.unwrap();
        assert!(matches!(access.state, AccessState::Refused { until: Some(_), .. }));
        assert!(access.is_allowed());
        machine.advance_days(1);
    }
    assert!(!guard.access().is_allowed());
    machine.vendor.memory.enable(&key.id).await.unwrap();
    assert!(is_granted(guard.refresh().await.unwrap()));
}

#[tokio::test]
async fn a_disabled_key_has_no_payment_grace() {
    let mut machine = Machine::on_device_plane();
    machine.policy = Policy::default().payment_grace(SignedDuration::from_hours(72));
    let key = machine.vendor.issue("AAAA", Some(1));
    let guard = machine.start();
    guard.activate(code("AAAA")).await.unwrap();
    machine.vendor.memory.disable(&key.id).await.unwrap();
    assert!(!guard.refresh().await.unwrap().is_allowed());
}

#[tokio::test]
async fn a_known_expiry_is_applied_offline() {
    let machine = Machine::new();
    let key = machine.vendor.issue("AAAA", Some(1));
    let expiry = machine.now() + SignedDuration::from_hours(48);
    machine.vendor.memory.set_expiry(&key.id, expiry).await.unwrap();
    let guard = machine.start();
    guard.activate(code("AAAA")).await.unwrap();
    assert_eq!(guard.access().until(), Some(expiry + machine.policy.clock_tolerance));

    machine.vendor.set_fault(Some(Fault::Down(ErrorKind::Transport)));
    machine.advance_days(2);
    assert!(guard.access().is_allowed(), "within the clock tolerance");
    machine.advance_minutes(11);
    let access = guard.access();
    let AccessState::Refused { reason, by, since, .. } = access.state else { panic!("{access}") };
    assert_eq!((reason, by, since), (RefusalReason::Expired, RefusedBy::KnownExpiry, expiry));

    machine.vendor.set_fault(None);
    machine.vendor.memory.set_expiry(&key.id, expiry + SignedDuration::from_hours(24 * 365)).await.unwrap();
    assert!(is_granted(guard.refresh().await.unwrap()), "after the renewal");
}

#[tokio::test]
async fn a_valid_answer_after_the_known_expiry_overrides_it() {
    let machine = Machine::on_device_plane();
    let key = machine.vendor.issue("AAAA", Some(1));
    machine.start().activate(code("AAAA")).await.unwrap();
    let expiry = machine.now() + SignedDuration::from_hours(1);
    machine.vendor.memory.set_expiry(&key.id, expiry).await.unwrap();
    let reporting = Machine {
        vendor: machine.vendor.clone().reporting_keys(),
        store: machine.store.clone(),
        clock: machine.clock.clone(),
        policy: machine.policy,
    };
    reporting.start().refresh().await.unwrap();
    machine.vendor.memory.clear_expiry(&key.id).await.unwrap();
    machine.advance_days(1);

    // This vendor no longer reports any expiry.
    let guard = machine.start();
    assert!(!guard.access().is_allowed());
    assert!(is_granted(guard.refresh().await.unwrap()));
}

#[tokio::test]
async fn setting_the_clock_back_is_reported_and_has_no_other_effect() {
    let machine = Machine::on_device_plane();
    machine.vendor.issue("AAAA", Some(1));
    let guard = machine.start();
    guard.activate(code("AAAA")).await.unwrap();
    machine.advance_days(20);
    assert!(!guard.access().is_allowed());
    machine.advance_days(-19);
    assert!(guard.access().clock_set_back);
    assert!(!guard.access().is_allowed(), "the latest time seen counts");

    let access = guard.refresh().await.unwrap();
    assert!(is_granted(access) && !access.clock_set_back, "the answer's time corrects the clock");
}

#[tokio::test]
async fn the_latest_time_seen_survives_a_restart() {
    let machine = Machine::on_device_plane();
    machine.vendor.issue("AAAA", Some(1));
    let guard = machine.start();
    guard.activate(code("AAAA")).await.unwrap();
    machine.vendor.set_fault(Some(Fault::Down(ErrorKind::Transport)));
    machine.advance_days(20);
    guard.refresh().await.unwrap_err();
    machine.advance_days(-20);
    let restarted = machine.start();
    assert!(restarted.access().clock_set_back && !restarted.access().is_allowed());
}

#[tokio::test]
async fn refresh_if_due_checks_once_a_day_and_records_the_time_in_between() {
    let machine = Machine::on_device_plane();
    machine.vendor.issue("AAAA", Some(1));
    assert_eq!(machine.start().refresh_if_due().await.unwrap().state, AccessState::NotActivated);
    machine.start().activate(code("AAAA")).await.unwrap();
    for _ in 0..10 {
        machine.advance_minutes(120);
        assert!(is_granted(machine.start().refresh_if_due().await.unwrap()));
    }
    assert_eq!(machine.vendor.calls(Operation::Validate), 0);
    machine.advance_minutes(-60);
    assert!(machine.start().access().clock_set_back, "a later time was recorded");

    machine.advance_minutes(24 * 60);
    machine.start().refresh_if_due().await.unwrap();
    assert_eq!(machine.vendor.calls(Operation::Validate), 1);
}

#[tokio::test]
async fn a_small_step_back_of_the_clock_is_not_reported() {
    let machine = Machine::on_device_plane();
    machine.vendor.issue("AAAA", Some(1));
    let guard = machine.start();
    guard.activate(code("AAAA")).await.unwrap();
    machine.advance_minutes(-10);
    assert!(is_granted(guard.access()) && !guard.access().clock_set_back, "the tolerance is ten minutes");
    machine.advance_minutes(-1);
    assert!(is_granted(guard.access()) && guard.access().clock_set_back);
}

#[tokio::test]
async fn one_answer_corrects_a_clock_that_ran_ahead_by_years() {
    let machine = Machine::new();
    machine.vendor.issue("AAAA", Some(1));
    let guard = machine.start();
    guard.activate(code("AAAA")).await.unwrap();
    machine.advance_days(5_000);
    assert!(!guard.access().is_allowed());
    machine.advance_days(-5_000);
    assert!(is_granted(guard.refresh().await.unwrap()));
    assert!(is_granted(machine.start().access()), "also after a restart");
}

#[tokio::test]
async fn retry_after_delays_the_next_check() {
    let machine = Machine::on_device_plane();
    machine.vendor.issue("AAAA", Some(1));
    let guard = machine.start();
    guard.activate(code("AAAA")).await.unwrap();
    machine.vendor.fail_on(Operation::Validate, Fault::Throttled(Duration::from_secs(1_800)));
    guard.refresh().await.unwrap_err();
    let next: Timestamp = guard.access().next_check.unwrap();
    assert!(next >= machine.now() + SignedDuration::from_secs(1_800));
    assert!(is_granted(guard.access()));
}

#[tokio::test]
async fn refresh_without_a_key_is_an_error_and_sends_nothing() {
    let machine = Machine::on_device_plane();
    let guard = machine.start();
    assert!(matches!(guard.refresh().await, Err(GuardError::NotActivated)));
    assert_eq!(machine.vendor.all_calls(), 0);
}

fn event(provider: &str, key: Option<&str>) -> LicenseEvent {
    let sent_at = "2027-01-01T09:00:00Z".parse().unwrap();
    let mut event =
        LicenseEvent::new(provider.to_owned(), "msg_1", EventKind::Updated, "key.updated", sent_at);
    event.key_id = key.map(Into::into);
    event
}

#[tokio::test]
async fn a_webhook_about_the_held_key_triggers_a_check() {
    let machine = Machine::with_vendor(|vendor| vendor.device_plane().reporting_keys());
    let key = machine.vendor.issue("AAAA", Some(1)).id;
    let guard = machine.start();
    guard.activate(code("AAAA")).await.unwrap();
    let name = machine.vendor.name().to_owned();
    let mut of_the_customer = event(&name, Some("key_of_another_customer"));
    of_the_customer.granted_keys = Some(Vec::new());
    let mut of_a_purchase = event(&name, Some("key_of_the_same_purchase"));
    of_a_purchase.further_keys = vec![machine.vendor.memory.get(&key).await.unwrap()];

    for (event, asks) in [
        (event(&name, Some(key.as_str())), true),
        (event(&name, None), true),
        (of_the_customer, true),
        (of_a_purchase, true),
        (event(&name, Some("key_of_another_customer")), false),
        (event("another vendor", Some(key.as_str())), false),
    ] {
        let before = machine.vendor.calls(Operation::Validate);
        assert!(is_granted(guard.apply(&event).await.unwrap()));
        assert_eq!(machine.vendor.calls(Operation::Validate) - before, usize::from(asks), "{event:?}");
    }

    machine.vendor.memory.revoke(&key).await.unwrap();
    assert!(!guard.apply(&event(&name, Some(key.as_str()))).await.unwrap().is_allowed());
}

#[tokio::test]
async fn a_webhook_for_an_app_without_a_key_does_nothing() {
    let machine = Machine::new();
    let access = machine.start().apply(&event(machine.vendor.name(), None)).await.unwrap();
    assert_eq!(access.state, AccessState::NotActivated);
    assert_eq!(machine.vendor.calls(Operation::Validate), 0);
}
