use std::sync::{Arc, Mutex};

use anykey_core::{
    ActivateRequest, Activation, Capabilities, Error, ErrorKind, LicenseProvider, Operation, RefusalReason,
    Result, ValidateRequest, Validation, async_trait,
};
use anykey_guard::{AccessState, Cause, Guard, GuardError, MemoryStore, Policy, SeatRecord};

use crate::machine::{Machine, is_grace, is_granted};
use crate::vendor::{Fault, Vendor, code};

#[tokio::test]
async fn a_lost_answer_is_remembered_over_a_restart_and_the_seat_adopted() {
    let machine = Machine::new();
    let key = machine.vendor.issue("AAAA", Some(1));
    let guard = machine.start();
    lose_the_activation(&machine, Fault::AnswerLost);
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
async fn activating_again_after_a_lost_answer_adopts_too() {
    let machine = Machine::new();
    let key = machine.vendor.issue("AAAA", Some(1));
    lose_the_activation(&machine, Fault::AnswerLost);
    machine.start().activate(code("AAAA")).await.unwrap_err();
    assert!(is_granted(machine.start().activate(code("AAAA")).await.unwrap()));
    assert_eq!(machine.vendor.seats(&key).await.len(), 1);
}

#[tokio::test]
async fn a_seat_that_is_not_listed_counts_as_not_taken_only_after_a_while() {
    let machine = Machine::new();
    machine.vendor.issue("AAAA", Some(1));
    let guard = machine.start();
    lose_the_activation(&machine, Fault::RequestLost);
    guard.activate(code("AAAA")).await.unwrap_err();

    assert!(guard.refresh().await.unwrap().seat_may_be_taken, "it may still be on its way");
    let error = guard.activate(code("AAAA")).await.unwrap_err();
    assert!(matches!(error, GuardError::StillPending { look_again: Some(_), .. }) && error.is_transient());
    assert_eq!(machine.vendor.calls(Operation::Activate), 1, "nor does the user's next attempt");
    machine.minutes_pass(3);
    let access = guard.refresh().await.unwrap();
    assert_eq!(access.state, AccessState::NotActivated);
    assert!(!access.seat_may_be_taken);
    assert_eq!(machine.vendor.calls(Operation::Activate), 1, "a check never activates");
}

#[tokio::test]
async fn once_the_list_proves_that_there_is_no_seat_the_user_may_activate() {
    let machine = Machine::new();
    let key = machine.vendor.issue("AAAA", Some(1));
    let guard = machine.start();
    lose_the_activation(&machine, Fault::RequestLost);
    guard.activate(code("AAAA")).await.unwrap_err();
    machine.minutes_pass(3);
    assert!(is_granted(guard.activate(code("AAAA")).await.unwrap()));
    assert_eq!(machine.vendor.seats(&key).await.len(), 1);
}

#[tokio::test]
async fn a_customers_machine_reports_it_and_waits_for_its_user() {
    let machine = Machine::of_a_customer();
    let key = machine.vendor.issue("AAAA", Some(2));
    let guard = machine.start();
    lose_the_activation(&machine, Fault::AnswerLost);
    guard.activate(code("AAAA")).await.unwrap_err();

    for _ in 0..5 {
        machine.days_pass(1);
        assert!(guard.refresh().await.unwrap().seat_may_be_taken);
    }
    assert_eq!(machine.vendor.calls(Operation::Activate), 1, "nobody asked for another one");

    // The user asks: nobody can say, so nothing is sent.
    for _ in 0..3 {
        let error = guard.activate(code("AAAA")).await.unwrap_err();
        assert!(matches!(error, GuardError::StillPending { look_again: None, .. }) && !error.is_transient());
    }
    assert_eq!(machine.vendor.seats(&key).await.len(), 1);

    // The user insists: one more, and no other.
    assert!(is_granted(guard.activate_once_more(code("AAAA")).await.unwrap()));
    assert!(is_granted(guard.activate_once_more(code("AAAA")).await.unwrap()));
    assert!(is_granted(guard.activate(code("AAAA")).await.unwrap()));
    assert_eq!(machine.vendor.seats(&key).await.len(), 2);
    assert!(!guard.access().seat_may_be_taken, "nothing to do for the user any more");
    assert_eq!(machine.start().record().unwrap().held.unwrap().unanswered_before, 1, "but for the seller");
}

#[tokio::test]
async fn a_lost_activation_of_another_key_is_given_back_where_it_can_be_found() {
    let machine = Machine::new();
    let wrong = machine.vendor.issue("AAAA", Some(1));
    machine.vendor.issue("BBBB", Some(1));
    let guard = machine.start();
    lose_the_activation(&machine, Fault::AnswerLost);
    guard.activate(code("AAAA")).await.unwrap_err();
    assert!(is_granted(guard.activate(code("BBBB")).await.unwrap()));
    assert!(!guard.access().seat_may_be_taken);
    assert_eq!(machine.vendor.seats(&wrong).await.len(), 0);
}

#[tokio::test]
async fn a_full_key_after_a_lost_answer_still_says_that_the_seat_may_be_ones_own() {
    let machine = Machine::of_a_customer();
    machine.vendor.issue("AAAA", Some(1));
    let guard = machine.start();
    lose_the_activation(&machine, Fault::AnswerLost);
    guard.activate(code("AAAA")).await.unwrap_err();
    let error = guard.activate_once_more(code("AAAA")).await.unwrap_err();
    assert_eq!(error.refusal().unwrap().reason, RefusalReason::ActivationLimitReached);
    assert!(guard.access().seat_may_be_taken);
    assert_eq!(guard.record().unwrap().pending.unwrap().unanswered, 1);
}

#[tokio::test]
async fn an_unknown_key_cannot_have_taken_a_seat() {
    let machine = Machine::of_a_customer();
    let guard = machine.start();
    lose_the_activation(&machine, Fault::RequestLost);
    guard.activate(code("TYPO")).await.unwrap_err();
    let error = guard.activate_once_more(code("TYPO")).await.unwrap_err();
    assert_eq!(error.refusal().unwrap().reason, RefusalReason::UnknownKey);
    assert!(!guard.access().seat_may_be_taken);
}

#[tokio::test]
async fn a_policy_may_give_grace_to_a_pending_activation() {
    let mut machine = Machine::of_a_customer();
    machine.policy = Policy::default().grace_needs_good_check(false);
    machine.vendor.issue("AAAA", Some(1));
    let guard = machine.start();
    lose_the_activation(&machine, Fault::AnswerLost);
    guard.activate(code("AAAA")).await.unwrap_err();
    assert!(is_grace(guard.access()) && guard.access().is_allowed());
    machine.days_pass(15);
    assert!(!guard.access().is_allowed());
}

#[tokio::test]
async fn a_lookup_that_fails_sends_no_activation() {
    let machine = Machine::new();
    machine.vendor.issue("AAAA", Some(1));
    let guard = machine.start();
    lose_the_activation(&machine, Fault::AnswerLost);
    guard.activate(code("AAAA")).await.unwrap_err();
    machine.vendor.weather(Some(Fault::Down(ErrorKind::Unavailable)));
    assert!(matches!(guard.activate(code("AAAA")).await, Err(GuardError::NoAnswer(_))));
    assert!(matches!(guard.refresh().await, Err(GuardError::NoAnswer(_))));
    assert!(guard.access().seat_may_be_taken);
    assert_eq!(machine.vendor.calls(Operation::Activate), 1);
}

#[tokio::test]
async fn the_record_says_pending_before_the_activation_leaves() {
    let machine = Machine::of_a_customer();
    machine.vendor.issue("AAAA", Some(1));
    let witness = Arc::new(Witness::new(&machine));
    let guard =
        Guard::builder(machine.store.clone(), witness.clone()).clock(machine.clock.clone()).open().unwrap();
    guard.activate(code("AAAA")).await.unwrap();
    let seen = witness.seen.lock().unwrap().take().unwrap();
    assert_eq!(seen.pending.unwrap().code, code("AAAA"));
    assert_eq!(seen.held, None);
}

#[tokio::test]
async fn an_activation_that_is_dropped_on_its_way_is_remembered() {
    let machine = Machine::of_a_customer();
    machine.vendor.issue("AAAA", Some(1));
    let witness = Arc::new(Witness { hangs: true, ..Witness::new(&machine) });
    let guard =
        Guard::builder(machine.store.clone(), witness.clone()).clock(machine.clock.clone()).open().unwrap();
    tokio::select! {
        biased;
        () = witness.called.notified() => {}
        _ = guard.activate(code("AAAA")) => panic!("it hangs"),
    }
    assert!(guard.access().seat_may_be_taken);
    assert!(machine.start().access().seat_may_be_taken);
    // And the lock is free again.
    assert!(is_granted(machine.start().activate_once_more(code("AAAA")).await.unwrap()));
}

fn lose_the_activation(machine: &Machine, fault: Fault) {
    machine.vendor.fail_on(Operation::Activate, fault);
}

/// Looks at the store while an activation is on its way.
#[derive(Debug)]
struct Witness {
    vendor: Vendor,
    store: MemoryStore,
    seen: Mutex<Option<SeatRecord>>,
    called: tokio::sync::Notify,
    hangs: bool,
}

impl Witness {
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
impl LicenseProvider for Witness {
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
