//! Refusals that may be the vendor's mistake.

use std::time::Duration;

use anykey_core::{ErrorKind, LicenseProviderExt, Operation, RefusalReason};
use anykey_guard::{AccessState, GuardError};
use tokio::time::Instant;

use crate::machine::{Machine, is_granted};
use crate::vendor::{Fault, code};

const POSSIBLY_MISTAKEN: [RefusalReason; 3] =
    [RefusalReason::UnknownKey, RefusalReason::UnknownActivation, RefusalReason::Unspecified];

#[tokio::test(start_paused = true)]
async fn one_mistaken_refusal_after_a_hundred_valid_checks_does_not_end_access() {
    for reason in POSSIBLY_MISTAKEN {
        let machine = Machine::on_device_plane();
        machine.vendor.issue("AAAA", Some(1));
        let guard = machine.start();
        guard.activate(code("AAAA")).await.unwrap();
        for _ in 0..100 {
            machine.advance_days(1);
            guard.refresh().await.unwrap();
        }
        machine.vendor.fail_on(Operation::Validate, Fault::Refuses(reason));
        let began = Instant::now();
        assert!(is_granted(guard.refresh().await.unwrap()), "{reason:?}");
        assert!(began.elapsed() <= Duration::from_secs(10), "within seconds");
    }
}

#[tokio::test(start_paused = true)]
async fn a_repeated_refusal_ends_access() {
    for reason in POSSIBLY_MISTAKEN {
        let machine = Machine::on_device_plane();
        machine.vendor.issue("AAAA", Some(1));
        let guard = machine.start();
        guard.activate(code("AAAA")).await.unwrap();
        machine.vendor.set_fault(Some(Fault::Refuses(reason)));
        let access = guard.refresh().await.unwrap();
        assert!(matches!(access.state, AccessState::Refused { .. }) && !access.is_allowed(), "{reason:?}");
        assert_eq!(machine.vendor.calls(Operation::Validate), 2);
        guard.refresh().await.unwrap();
        assert_eq!(machine.vendor.calls(Operation::Validate), 3, "a standing refusal is checked only once");
    }
}

#[tokio::test]
async fn a_refusal_with_a_clear_reason_ends_access_immediately() {
    let machine = Machine::on_device_plane();
    let key = machine.vendor.issue("AAAA", Some(1));
    let guard = machine.start();
    guard.activate(code("AAAA")).await.unwrap();
    machine.vendor.memory.revoke(&key.id).await.unwrap();
    assert!(!guard.refresh().await.unwrap().is_allowed());
    assert_eq!(machine.vendor.calls(Operation::Validate), 1);
}

#[tokio::test(start_paused = true)]
async fn a_refusal_followed_by_no_answer_does_not_end_access() {
    let machine = Machine::on_device_plane();
    machine.vendor.issue("AAAA", Some(1));
    let guard = machine.start();
    guard.activate(code("AAAA")).await.unwrap();
    machine.vendor.fail_on(Operation::Validate, Fault::Refuses(RefusalReason::UnknownKey));
    machine.vendor.fail_on(Operation::Validate, Fault::Down(ErrorKind::Unavailable));
    assert!(matches!(guard.refresh().await, Err(GuardError::NoAnswer(_))));
    assert!(is_granted(guard.access()));
    assert!(guard.access().next_check.unwrap() < machine.now() + anykey_core::SignedDuration::from_mins(5));
}

/// A vendor that says "not found" while its own database fails.
#[tokio::test(start_paused = true)]
async fn a_doubtful_refusal_of_a_good_seat_counts_as_no_answer() {
    for reason in [RefusalReason::UnknownKey, RefusalReason::UnknownActivation] {
        let (doubted, unreachable) = (Machine::on_device_plane(), Machine::on_device_plane());
        let mut guards = Vec::new();
        for (machine, fault) in
            [(&doubted, Fault::RefusesInDoubt(reason)), (&unreachable, Fault::Down(ErrorKind::Unavailable))]
        {
            machine.vendor.issue("AAAA", Some(1));
            let guard = machine.start();
            guard.activate(code("AAAA")).await.unwrap();
            machine.advance_days(1);
            guard.refresh().await.unwrap();
            machine.vendor.set_fault(Some(fault));
            guards.push(guard);
        }
        let mut ended = false;
        for day in 0..100 {
            let mut states = Vec::new();
            for (guard, machine) in guards.iter().zip([&doubted, &unreachable]) {
                machine.advance_days(1);
                assert!(
                    matches!(guard.refresh().await, Err(GuardError::NoAnswer(_))),
                    "{reason:?} day {day}"
                );
                states.push((guard.access().is_allowed(), guard.access().state));
            }
            assert_eq!(states[0], states[1], "{reason:?} day {day}");
            assert!(day > 0 || states[0].0, "access lasts");
            ended = !states[0].0;
        }
        assert!(ended, "access ends when the grace does");
        doubted.vendor.set_fault(None);
        assert!(is_granted(guards[0].refresh().await.unwrap()), "{reason:?}");
    }
}

#[tokio::test]
async fn a_doubtful_refusal_of_a_key_that_was_never_good_is_a_refusal() {
    let machine = Machine::on_device_plane();
    machine.vendor.set_fault(Some(Fault::RefusesInDoubt(RefusalReason::UnknownKey)));
    let guard = machine.start();
    let refused = guard.activate(code("AAAA")).await;
    assert!(matches!(refused, Err(GuardError::Refused(_))), "{refused:?}");
    assert!(!guard.access().is_allowed());
}

/// The minutes without access, of a vendor that refuses for `minutes` and nothing else.
async fn minutes_without_access(reason: RefusalReason, minutes: u32) -> u32 {
    let machine = Machine::on_device_plane();
    machine.vendor.issue("AAAA", Some(1));
    let guard = machine.start();
    guard.activate(code("AAAA")).await.unwrap();
    machine.advance_days(1);
    machine.vendor.set_fault(Some(Fault::Refuses(reason)));
    let mut without = 0;
    for minute in 0..minutes * 3 + 60 {
        if minute == minutes {
            machine.vendor.set_fault(None);
        }
        guard.refresh_if_due().await.ok();
        without += u32::from(!guard.access().is_allowed());
        machine.advance_minutes(1);
    }
    assert!(is_granted(guard.access()), "{reason:?}");
    without
}

#[tokio::test(start_paused = true)]
async fn access_returns_soon_after_refusals_of_some_minutes() {
    let clear = [RefusalReason::Disabled, RefusalReason::WrongProduct, RefusalReason::Revoked];
    for reason in POSSIBLY_MISTAKEN.into_iter().chain(clear) {
        for minutes in [1, 2, 5, 15, 40] {
            let without = minutes_without_access(reason, minutes).await;
            assert!(
                without <= minutes * 5 / 2 + 2,
                "{reason:?} for {minutes} minutes: {without} without access"
            );
        }
    }
}
