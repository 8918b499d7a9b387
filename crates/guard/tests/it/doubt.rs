//! A single no that may be wrong.

use std::time::Duration;

use anykey_core::{ErrorKind, LicenseProviderExt, Operation, RefusalReason};
use anykey_guard::{AccessState, GuardError};
use tokio::time::Instant;

use crate::machine::{Machine, is_granted};
use crate::vendor::{Fault, code};

const DOUBTFUL: [RefusalReason; 3] =
    [RefusalReason::UnknownKey, RefusalReason::UnknownActivation, RefusalReason::Unspecified];

#[tokio::test(start_paused = true)]
async fn one_wrong_no_after_a_hundred_good_days_locks_nobody_out() {
    for reason in DOUBTFUL {
        let machine = Machine::of_a_customer();
        machine.vendor.issue("AAAA", Some(1));
        let guard = machine.start();
        guard.activate(code("AAAA")).await.unwrap();
        for _ in 0..100 {
            machine.days_pass(1);
            guard.refresh().await.unwrap();
        }
        machine.vendor.fail_on(Operation::Validate, Fault::Refuses(reason));
        let began = Instant::now();
        assert!(is_granted(guard.refresh().await.unwrap()), "{reason:?}");
        assert!(began.elapsed() <= Duration::from_secs(10), "within seconds");
    }
}

#[tokio::test(start_paused = true)]
async fn a_no_that_is_repeated_ends_access() {
    for reason in DOUBTFUL {
        let machine = Machine::of_a_customer();
        machine.vendor.issue("AAAA", Some(1));
        let guard = machine.start();
        guard.activate(code("AAAA")).await.unwrap();
        machine.vendor.weather(Some(Fault::Refuses(reason)));
        let access = guard.refresh().await.unwrap();
        assert!(matches!(access.state, AccessState::Refused { .. }) && !access.is_allowed(), "{reason:?}");
        assert_eq!(machine.vendor.calls(Operation::Validate), 2);
        guard.refresh().await.unwrap();
        assert_eq!(machine.vendor.calls(Operation::Validate), 3, "a standing no needs no second one");
    }
}

#[tokio::test]
async fn a_clear_no_ends_access_at_once() {
    let machine = Machine::of_a_customer();
    let key = machine.vendor.issue("AAAA", Some(1));
    let guard = machine.start();
    guard.activate(code("AAAA")).await.unwrap();
    machine.vendor.memory.revoke(&key.id).await.unwrap();
    assert!(!guard.refresh().await.unwrap().is_allowed());
    assert_eq!(machine.vendor.calls(Operation::Validate), 1);
}

#[tokio::test(start_paused = true)]
async fn a_no_followed_by_silence_is_no_refusal() {
    let machine = Machine::of_a_customer();
    machine.vendor.issue("AAAA", Some(1));
    let guard = machine.start();
    guard.activate(code("AAAA")).await.unwrap();
    machine.vendor.fail_on(Operation::Validate, Fault::Refuses(RefusalReason::UnknownKey));
    machine.vendor.fail_on(Operation::Validate, Fault::Down(ErrorKind::Unavailable));
    assert!(matches!(guard.refresh().await, Err(GuardError::NoAnswer(_))));
    assert!(is_granted(guard.access()));
    assert!(guard.access().next_check.unwrap() < machine.now() + anykey_core::SignedDuration::from_mins(5));
}
