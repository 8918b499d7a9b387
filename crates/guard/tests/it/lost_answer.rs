use std::sync::{Arc, Mutex};

use anykey_core::{
    ActivateRequest, Activation, Capabilities, Error, ErrorKind, LicenseProvider, Operation, RefusalReason,
    Result, ValidateRequest, Validation, async_trait,
};
use anykey_guard::{AccessState, Cause, Guard, GuardError, MemoryStore, Policy, SeatRecord};

use crate::machine::{Machine, is_grace, is_granted};
use crate::vendor::{Fault, Vendor, code};

#[tokio::test]
async fn a_lost_answer_survives_a_restart_and_the_seat_is_adopted() {
    let machine = Machine::new();
    let key = machine.vendor.issue("AAAA", Some(1));
    let guard = machine.start();
    lose_activation(&machine, Fault::AnswerLost);
    assert!(matches!(guard.activate(code("AAAA")).await, Err(GuardError::AnswerLost(_))));
    let access = guard.access();
    assert!(matches!(access.state, AccessState::NeedsCheck { cause: Cause::ActivationPending, .. }));
    assert!(access.seat_may_be_taken && !access.is_allowed() && access.next_check.is_some());

    let restarted = machine.start();
    assert_eq!(restarted.access(), access);
    let access = restarted.refresh().await.unwrap();
    assert!(is_granted(access) && !access.seat_may_be_taken);
    assert_eq!(machine.vendor.seats(&key).await.len(), 1);
    assert_eq!(machine.vendor.calls(Operation::Activate), 1);
}

#[tokio::test]
async fn activating_again_after_a_lost_answer_adopts_the_seat() {
    let machine = Machine::new();
    let key = machine.vendor.issue("AAAA", Some(1));
    lose_activation(&machine, Fault::AnswerLost);
    machine.start().activate(code("AAAA")).await.unwrap_err();
    assert!(is_granted(machine.start().activate(code("AAAA")).await.unwrap()));
    assert_eq!(machine.vendor.seats(&key).await.len(), 1);
}

#[tokio::test]
async fn an_unlisted_seat_counts_as_not_taken_only_after_two_minutes() {
    let machine = Machine::new();
    machine.vendor.issue("AAAA", Some(1));
    let guard = machine.start();
    lose_activation(&machine, Fault::RequestLost);
    guard.activate(code("AAAA")).await.unwrap_err();

    assert!(guard.refresh().await.unwrap().seat_may_be_taken, "the activation may still be in transit");
    let error = guard.activate(code("AAAA")).await.unwrap_err();
    assert!(matches!(error, GuardError::StillPending { look_again: Some(_), .. }) && error.is_transient());
    assert_eq!(machine.vendor.calls(Operation::Activate), 1, "nor does the user's next attempt activate");
    machine.advance_minutes(3);
    let access = guard.refresh().await.unwrap();
    assert_eq!(access.state, AccessState::NotActivated);
    assert!(!access.seat_may_be_taken);
    assert_eq!(machine.vendor.calls(Operation::Activate), 1, "a check never activates");
}

#[tokio::test]
async fn activation_is_possible_once_the_list_proves_that_there_is_no_seat() {
    let machine = Machine::new();
    let key = machine.vendor.issue("AAAA", Some(1));
    let guard = machine.start();
    lose_activation(&machine, Fault::RequestLost);
    guard.activate(code("AAAA")).await.unwrap_err();
    machine.advance_minutes(3);
    assert!(is_granted(guard.activate(code("AAAA")).await.unwrap()));
    assert_eq!(machine.vendor.seats(&key).await.len(), 1);
}

#[tokio::test]
async fn without_a_list_a_lost_activation_stays_pending_until_the_user_accepts_a_second_seat() {
    let machine = Machine::on_device_plane();
    let key = machine.vendor.issue("AAAA", Some(2));
    let guard = machine.start();
    lose_activation(&machine, Fault::AnswerLost);
    guard.activate(code("AAAA")).await.unwrap_err();

    for _ in 0..5 {
        machine.advance_days(1);
        assert!(guard.refresh().await.unwrap().seat_may_be_taken);
    }
    assert_eq!(machine.vendor.calls(Operation::Activate), 1, "checks never activate");

    // The user activates again: nothing is sent.
    for _ in 0..3 {
        let error = guard.activate(code("AAAA")).await.unwrap_err();
        assert!(matches!(error, GuardError::StillPending { look_again: None, .. }) && !error.is_transient());
    }
    assert_eq!(machine.vendor.seats(&key).await.len(), 1);

    // The user accepts a second seat: exactly one more is taken.
    assert!(is_granted(guard.activate_once_more(code("AAAA")).await.unwrap()));
    assert!(is_granted(guard.activate_once_more(code("AAAA")).await.unwrap()));
    assert!(is_granted(guard.activate(code("AAAA")).await.unwrap()));
    assert_eq!(machine.vendor.seats(&key).await.len(), 2);
    assert!(!guard.access().seat_may_be_taken, "nothing is left for the user to do");
    assert_eq!(
        machine.start().record().unwrap().held.unwrap().unanswered_before,
        1,
        "but the record counts the lost activation"
    );
}

#[tokio::test]
async fn each_seat_of_several_lost_activations_but_one_is_released_once_the_list_shows_them() {
    let mut machine = Machine::on_device_plane();
    let key = machine.vendor.issue("AAAA", Some(3));
    for _ in 0..3 {
        machine.vendor.fail_on(Operation::Activate, Fault::AnswerLost);
        machine.start().activate_once_more(code("AAAA")).await.unwrap_err();
    }
    assert_eq!(machine.vendor.seats(&key).await.len(), 3);

    machine.vendor = Vendor::over(machine.vendor.memory.clone());
    assert!(is_granted(machine.start().refresh().await.unwrap()));
    assert_eq!(machine.vendor.seats(&key).await.len(), 1);
}

#[tokio::test]
async fn a_lost_activation_of_another_key_is_released_if_it_can_be_found() {
    let machine = Machine::new();
    let wrong = machine.vendor.issue("AAAA", Some(1));
    machine.vendor.issue("BBBB", Some(1));
    let guard = machine.start();
    lose_activation(&machine, Fault::AnswerLost);
    guard.activate(code("AAAA")).await.unwrap_err();
    assert!(is_granted(guard.activate(code("BBBB")).await.unwrap()));
    assert!(!guard.access().seat_may_be_taken);
    assert_eq!(machine.vendor.seats(&wrong).await.len(), 0);
}

#[tokio::test]
async fn reaching_the_limit_after_a_lost_answer_keeps_the_pending_seat() {
    let machine = Machine::on_device_plane();
    machine.vendor.issue("AAAA", Some(1));
    let guard = machine.start();
    lose_activation(&machine, Fault::AnswerLost);
    guard.activate(code("AAAA")).await.unwrap_err();
    let error = guard.activate_once_more(code("AAAA")).await.unwrap_err();
    assert_eq!(error.refusal().unwrap().reason, RefusalReason::ActivationLimitReached);
    assert!(guard.access().seat_may_be_taken);
    assert_eq!(guard.record().unwrap().pending.unwrap().unanswered, 1);
}

#[tokio::test]
async fn an_unknown_key_clears_the_pending_seat() {
    let machine = Machine::on_device_plane();
    let guard = machine.start();
    lose_activation(&machine, Fault::RequestLost);
    guard.activate(code("TYPO")).await.unwrap_err();
    let error = guard.activate_once_more(code("TYPO")).await.unwrap_err();
    assert_eq!(error.refusal().unwrap().reason, RefusalReason::UnknownKey);
    assert!(!guard.access().seat_may_be_taken);
}

#[tokio::test]
async fn a_policy_can_allow_grace_for_a_pending_activation() {
    let mut machine = Machine::on_device_plane();
    machine.policy = Policy::default().grace_needs_good_check(false);
    machine.vendor.issue("AAAA", Some(1));
    let guard = machine.start();
    lose_activation(&machine, Fault::AnswerLost);
    guard.activate(code("AAAA")).await.unwrap_err();
    assert!(is_grace(guard.access()) && guard.access().is_allowed());
    machine.advance_days(15);
    assert!(!guard.access().is_allowed());
}

#[tokio::test]
async fn a_lookup_that_fails_sends_no_activation() {
    let machine = Machine::new();
    machine.vendor.issue("AAAA", Some(1));
    let guard = machine.start();
    lose_activation(&machine, Fault::AnswerLost);
    guard.activate(code("AAAA")).await.unwrap_err();
    machine.vendor.set_fault(Some(Fault::Down(ErrorKind::Unavailable)));
    assert!(matches!(guard.activate(code("AAAA")).await, Err(GuardError::NoAnswer(_))));
    assert!(matches!(guard.refresh().await, Err(GuardError::NoAnswer(_))));
    assert!(guard.access().seat_may_be_taken);
    assert_eq!(machine.vendor.calls(Operation::Activate), 1);
}

#[tokio::test]
async fn the_record_is_pending_before_the_activation_is_sent() {
    let machine = Machine::on_device_plane();
    machine.vendor.issue("AAAA", Some(1));
    let observer = Arc::new(StoreObserver::new(&machine));
    let guard =
        Guard::builder(machine.store.clone(), observer.clone()).clock(machine.clock.clone()).open().unwrap();
    guard.activate(code("AAAA")).await.unwrap();
    let seen = observer.seen.lock().unwrap().take().unwrap();
    assert_eq!(seen.pending.unwrap().code, code("AAAA"));
    assert_eq!(seen.held, None);
}

#[tokio::test]
async fn an_activation_that_is_dropped_in_transit_stays_pending() {
    let machine = Machine::on_device_plane();
    machine.vendor.issue("AAAA", Some(1));
    let observer = Arc::new(StoreObserver { hangs: true, ..StoreObserver::new(&machine) });
    let guard =
        Guard::builder(machine.store.clone(), observer.clone()).clock(machine.clock.clone()).open().unwrap();
    tokio::select! {
        biased;
        () = observer.called.notified() => {}
        _ = guard.activate(code("AAAA")) => panic!("it hangs"),
    }
    assert!(guard.access().seat_may_be_taken);
    assert!(machine.start().access().seat_may_be_taken);
    // The lock was released.
    assert!(is_granted(machine.start().activate_once_more(code("AAAA")).await.unwrap()));
}

#[tokio::test]
async fn access_stays_as_it_was_while_the_answer_to_an_activation_is_awaited() {
    let machine = Machine::on_device_plane();
    machine.vendor.issue("AAAA", Some(1));
    let observer = Arc::new(StoreObserver { hangs: true, ..StoreObserver::new(&machine) });
    let guard =
        Guard::builder(machine.store.clone(), observer.clone()).clock(machine.clock.clone()).open().unwrap();
    let (before, mut changes) = (guard.access(), guard.subscribe());
    changes.mark_unchanged();
    let mut activation = Box::pin(guard.activate(code("AAAA")));
    tokio::select! {
        biased;
        () = observer.called.notified() => {}
        _ = &mut activation => panic!("it hangs"),
    }
    assert_eq!(guard.access(), before, "nothing is lost yet");
    assert!(!changes.has_changed().unwrap());
    assert!(machine.start().access().seat_may_be_taken, "but a restart would not know");
    drop(activation);
    assert!(guard.access().seat_may_be_taken);
    assert!(changes.has_changed().unwrap());
}

fn lose_activation(machine: &Machine, fault: Fault) {
    machine.vendor.fail_on(Operation::Activate, fault);
}

/// A provider that reads the store while an activation is in transit.
#[derive(Debug)]
struct StoreObserver {
    vendor: Vendor,
    store: MemoryStore,
    seen: Mutex<Option<SeatRecord>>,
    called: tokio::sync::Notify,
    hangs: bool,
}

impl StoreObserver {
    fn new(machine: &Machine) -> Self {
        Self {
            vendor: machine.vendor.clone(),
            store: machine.store.clone(),
            seen: Mutex::default(),
            called: tokio::sync::Notify::new(),
            hangs: false,
        }
    }
}

#[async_trait]
impl LicenseProvider for StoreObserver {
    fn vendor(&self) -> &str {
        self.vendor.vendor()
    }

    fn capabilities(&self) -> Capabilities {
        self.vendor.capabilities()
    }

    async fn validate(&self, request: ValidateRequest) -> Result<Validation, Error> {
        self.vendor.validate(request).await
    }

    async fn activate(&self, request: ActivateRequest) -> Result<Activation, Error> {
        let restarted =
            Guard::open(self.store.clone(), Arc::new(self.vendor.clone()), Policy::default()).unwrap();
        *self.seen.lock().unwrap() = restarted.record();
        self.called.notify_one();
        if self.hangs {
            std::future::pending::<()>().await;
        }
        self.vendor.activate(request).await
    }
}
