//! Wrong clocks at the time of a valid answer.

use anykey_core::{ErrorKind, LicenseProviderExt, SignedDuration};
use anykey_guard::{AccessState, Notice, OfflineGrace, Policy, RefusedBy};

use crate::machine::{Machine, is_granted};
use crate::vendor::{Fault, code};

#[tokio::test]
async fn a_clock_that_was_ahead_at_the_activation_does_not_extend_access() {
    for ahead in [80, 365 * 10, 365 * 72] {
        let (machine, vendor_clock) = Machine::with_clock_off_by(ahead);
        machine.vendor.issue("AAAA", Some(1));
        let guard = machine.start();
        assert!(is_granted(guard.activate(code("AAAA")).await.unwrap()));
        machine.vendor.set_fault(Some(Fault::Down(ErrorKind::Transport)));

        // The clock is corrected, and time passes.
        machine.clock.set(vendor_clock.now());
        let mut allowed = 0;
        for _ in 0..120 {
            machine.start().refresh_if_due().await.ok();
            allowed += u32::from(machine.start().access().is_allowed());
            assert!(!machine.start().access().clock_set_back);
            machine.advance_days(1);
        }
        assert_eq!(allowed, 15, "{ahead} days ahead");
    }
}

#[tokio::test]
async fn with_unlimited_grace_a_key_for_thirty_days_ends_after_thirty_days() {
    let (machine, vendor_clock) = Machine::with_clock_off_by(365 * 72);
    let machine = Machine {
        vendor: machine.vendor.reporting_keys(),
        policy: Policy::default().offline_grace(OfflineGrace::Unlimited),
        ..machine
    };
    let key = machine.vendor.issue("AAAA", Some(1));
    let end = vendor_clock.now() + SignedDuration::from_hours(24 * 30);
    machine.vendor.memory.set_expiry(&key.id, end).await.unwrap();
    machine.start().activate(code("AAAA")).await.unwrap();
    machine.vendor.set_fault(Some(Fault::Down(ErrorKind::Transport)));
    machine.clock.set(vendor_clock.now());
    machine.advance_days(29);
    assert!(machine.start().access().is_allowed());
    machine.advance_days(2);
    let access = machine.start().access();
    assert!(!access.is_allowed());
    assert!(matches!(access.state, AccessState::Refused { by: RefusedBy::KnownExpiry, .. }), "{access}");
}

#[tokio::test]
async fn a_constant_clock_error_neither_extends_nor_ends_access() {
    for off_by in [80, -80, 3_650, -3_650] {
        let (machine, _) = Machine::with_clock_off_by(off_by);
        machine.vendor.issue("AAAA", Some(1));
        let guard = machine.start();
        let access = guard.activate(code("AAAA")).await.unwrap();
        assert!(is_granted(access));
        assert!(access.notices().contains(Notice::ClockWrong));
        assert_eq!(access.clock_off_by, SignedDuration::from_hours(24 * off_by));
        machine.vendor.set_fault(Some(Fault::Down(ErrorKind::Transport)));
        for day in 0..20 {
            let access = machine.start().access();
            assert_eq!(access.is_allowed(), day < 15, "off by {off_by} days, on day {day}: {access}");
            machine.start().refresh_if_due().await.ok();
            machine.advance_days(1);
        }
    }
}

#[tokio::test]
async fn correcting_a_clock_that_was_behind_does_not_end_access() {
    let (machine, vendor_clock) = Machine::with_clock_off_by(-365 * 20);
    machine.vendor.issue("AAAA", Some(1));
    machine.start().activate(code("AAAA")).await.unwrap();
    machine.vendor.set_fault(Some(Fault::Down(ErrorKind::Transport)));
    machine.clock.set(vendor_clock.now());
    let guard = machine.start();
    assert!(is_granted(guard.access()), "{}", guard.access());
    assert!(guard.access().notices().is_empty(), "{}", guard.access());
    machine.advance_days(10);
    assert!(guard.access().is_allowed());
    machine.advance_days(5);
    assert!(!guard.access().is_allowed());
}

#[tokio::test]
async fn the_sentence_contains_the_clocks_error() {
    let (machine, _) = Machine::with_clock_off_by(80);
    machine.vendor.issue("AAAA", Some(1));
    let access = machine.start().activate(code("AAAA")).await.unwrap();
    assert!(access.to_string().contains("this computer's clock is 80 days ahead"), "{access}");
}

#[tokio::test]
async fn a_check_uses_the_vendors_time() {
    let (machine, vendor_clock) = Machine::with_clock_off_by(0);
    machine.vendor.issue("AAAA", Some(1));
    let guard = machine.start();
    guard.activate(code("AAAA")).await.unwrap();
    // The clock is ahead only during the check.
    machine.advance_days(365);
    assert!(is_granted(guard.refresh().await.unwrap()));
    assert_eq!(guard.record().unwrap().held.unwrap().last_good, Some(vendor_clock.now()));
    machine.advance_days(-365);
    machine.vendor.set_fault(Some(Fault::Down(ErrorKind::Transport)));
    assert!(is_granted(guard.access()) && guard.access().notices().is_empty(), "{}", guard.access());
    machine.advance_days(15);
    assert!(!guard.access().is_allowed());
}

#[tokio::test]
async fn without_the_vendors_time_the_activations_creation_time_is_used() {
    let (machine, vendor_clock) = Machine::with_clock_off_by(80);
    let machine = Machine { vendor: machine.vendor.without_time(), ..machine };
    machine.vendor.issue("AAAA", Some(1));
    let guard = machine.start();
    guard.activate(code("AAAA")).await.unwrap();
    guard.refresh().await.unwrap();
    assert_eq!(guard.record().unwrap().held.unwrap().last_good, Some(vendor_clock.now()));
    machine.clock.set(vendor_clock.now());
    machine.vendor.set_fault(Some(Fault::Down(ErrorKind::Transport)));
    machine.advance_days(15);
    assert!(!machine.start().access().is_allowed());
}

#[tokio::test(start_paused = true)]
async fn a_clock_that_is_wrong_for_one_answer_neither_extends_nor_ends_access() {
    for phase in ["activation", "first check", "later check", "last check"] {
        for days in [2, -2, 14, -14, 80, -400, 3_650, -3_650, 26_000, -20_000] {
            let (machine, vendor_clock) = Machine::with_clock_off_by(0);
            machine.vendor.issue("AAAA", Some(1));
            let what = format!("{phase}, {days} days ahead");
            let set_wrong = |at| {
                if phase == at {
                    machine.advance_days(days)
                }
            };
            let correct = || machine.clock.set(vendor_clock.now());
            let next_day = || {
                vendor_clock.advance(SignedDuration::from_hours(24));
                machine.advance_days(1);
            };
            set_wrong("activation");
            assert!(is_granted(machine.start().activate(code("AAAA")).await.unwrap()), "{what}");
            correct();
            for check in ["first check", "check", "later check", "last check"] {
                next_day();
                set_wrong(check);
                assert!(is_granted(machine.start().refresh().await.unwrap()), "{what}");
                correct();
                assert!(is_granted(machine.start().access()), "{what}, after the correction");
            }
            machine.vendor.set_fault(Some(Fault::Down(ErrorKind::Transport)));
            let mut allowed = 0;
            for _ in 0..30 {
                allowed += u32::from(machine.start().access().is_allowed());
                machine.start().refresh_if_due().await.ok();
                next_day();
            }
            assert_eq!(allowed, 15, "{what}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_clock_that_was_wrong_without_network_is_corrected_by_the_next_answer() {
    for days in [14, -14, 400, -400, 26_000, -20_000] {
        let (machine, vendor_clock) = Machine::with_clock_off_by(0);
        machine.vendor.issue("AAAA", Some(1));
        machine.start().activate(code("AAAA")).await.unwrap();
        machine.vendor.set_fault(Some(Fault::Down(ErrorKind::Transport)));
        machine.advance_days(days);
        machine.start().refresh().await.unwrap_err();
        machine.clock.set(vendor_clock.now());
        machine.vendor.set_fault(None);
        assert!(is_granted(machine.start().refresh().await.unwrap()), "{days} days ahead");
        assert!(machine.start().access().notices().is_empty(), "{days} days ahead");
    }
}
