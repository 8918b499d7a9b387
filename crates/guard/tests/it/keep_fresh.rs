use std::sync::Arc;
use std::time::Duration;

use anykey_core::{Clock, ErrorKind, LicenseProviderExt, ManualClock, Operation, SignedDuration, Timestamp};
use anykey_guard::{AccessState, Guard, GuardError, MemoryStore, Policy};
use tokio::time::{Instant, sleep, timeout};

use crate::faulty_store::FaultyStore;
use crate::machine::{Machine, installation, is_grace, is_granted};
use crate::vendor::{Fault, Vendor, code};

const DAY: Duration = Duration::from_secs(86_400);

/// An app whose clock follows tokio's paused clock.
struct App {
    vendor: Vendor,
    memory: MemoryStore,
    store: FaultyStore,
    clock: Clock,
    policy: Policy,
}

impl App {
    async fn activated() -> (Self, Guard) {
        let began = Instant::now();
        let start: Timestamp = "2027-01-01T09:00:00Z".parse().unwrap();
        let clock = Clock::new(move || start + SignedDuration::try_from(began.elapsed()).unwrap());
        let memory = anykey_core::InMemoryProvider::with_clock(clock.clone());
        let vendor = Vendor::over(memory).device_plane();
        vendor.issue("AAAA", Some(1));
        let memory = MemoryStore::new(installation("machine-1"));
        let app = Self { vendor, store: FaultyStore::new(&memory), memory, clock, policy: Policy::default() };
        let guard = app.start();
        guard.activate(code("AAAA")).await.unwrap();
        (app, guard)
    }

    fn start(&self) -> Guard {
        Guard::builder(self.store.clone(), Arc::new(self.vendor.clone()))
            .policy(self.policy)
            .clock(self.clock.clone())
            .open()
            .unwrap()
    }
}

#[tokio::test(start_paused = true)]
async fn keep_fresh_checks_once_a_day_and_access_stays_granted() {
    let (app, guard) = App::activated().await;
    guard.keep_fresh().unwrap();
    guard.keep_fresh().unwrap();
    let mut changes = guard.subscribe();
    for _ in 0..30 {
        sleep(DAY).await;
        assert!(is_granted(guard.access()));
        assert!(is_granted(*changes.borrow_and_update()));
    }
    let asked = app.vendor.calls(Operation::Validate);
    assert!((30..=34).contains(&asked), "{asked}");
    let reads = app.store.reads() / 30;
    assert!((280..350).contains(&reads), "{reads} times a day: the second call has no effect");
}

#[tokio::test(start_paused = true)]
async fn subscribers_receive_the_start_and_end_of_grace_and_the_recovery() {
    let (app, guard) = App::activated().await;
    guard.keep_fresh().unwrap();
    let mut changes = guard.subscribe();
    app.vendor.set_fault(Some(Fault::Down(ErrorKind::Transport)));
    let mut next = async |wanted: fn(&AccessState) -> bool| {
        let waited = timeout(DAY * 20, changes.wait_for(|access| wanted(&access.state))).await;
        waited.unwrap().map(|access| *access).unwrap()
    };
    let grace = next(|state| matches!(state, AccessState::Grace { .. })).await;
    let ended = next(|state| matches!(state, AccessState::NeedsCheck { .. })).await;
    assert!(!ended.is_allowed());
    let lateness = app.clock.now().duration_since(grace.until().unwrap());
    assert!(lateness <= SignedDuration::from_secs(1), "{lateness} late");
    app.vendor.set_fault(None);
    next(|state| matches!(state, AccessState::Granted { .. })).await;
}

#[tokio::test(start_paused = true)]
async fn a_revocation_is_detected_within_a_day() {
    let (app, guard) = App::activated().await;
    guard.keep_fresh().unwrap();
    let key = app.vendor.memory.find(&code("AAAA")).await.unwrap().unwrap();
    app.vendor.memory.revoke(&key.id).await.unwrap();
    sleep(DAY).await;
    assert!(matches!(guard.access().state, AccessState::Refused { .. }));
    app.vendor.memory.enable(&key.id).await.unwrap();
    sleep(DAY / 2).await;
    assert!(is_granted(guard.access()), "a refusal is checked again");
}

#[tokio::test(start_paused = true)]
async fn checks_back_off_during_an_outage_and_during_rate_limiting() {
    for fault in [Fault::Down(ErrorKind::Unavailable), Fault::Throttled(Duration::from_secs(60))] {
        let (app, guard) = App::activated().await;
        guard.keep_fresh().unwrap();
        app.vendor.set_fault(Some(fault));
        sleep(DAY * 3).await;
        let asked = app.vendor.calls(Operation::Validate);
        assert!((40..60).contains(&asked), "{asked} times in two days");
        assert!(is_grace(guard.access()));
    }
}

#[tokio::test(start_paused = true)]
async fn two_guards_of_one_machine_check_as_often_as_one() {
    let (app, one) = App::activated().await;
    let other = app.start();
    one.keep_fresh().unwrap();
    other.keep_fresh().unwrap();
    sleep(DAY * 30).await;
    let asked = app.vendor.calls(Operation::Validate);
    assert!((30..=34).contains(&asked), "{asked}");
    assert!(is_granted(one.access()) && is_granted(other.access()));
}

#[tokio::test(start_paused = true)]
async fn changes_by_another_process_are_visible_within_minutes() {
    let (app, one) = App::activated().await;
    let other = app.start();
    other.keep_fresh().unwrap();
    sleep(Duration::from_secs(60)).await;
    one.deactivate().await.unwrap();
    sleep(Duration::from_secs(310)).await;
    assert_eq!(other.access().state, AccessState::NotActivated);
}

#[tokio::test(start_paused = true)]
async fn keep_fresh_ends_with_the_guard() {
    let (app, guard) = App::activated().await;
    let mut changes = guard.subscribe();
    guard.clone().keep_fresh().unwrap();
    sleep(DAY * 2).await;
    let asked = app.vendor.calls(Operation::Validate);
    assert!(asked >= 2);
    drop(guard);
    changes.borrow_and_update();
    timeout(DAY, changes.changed()).await.unwrap().unwrap_err();
    sleep(DAY * 10).await;
    assert_eq!(app.vendor.calls(Operation::Validate), asked);
}

#[tokio::test(start_paused = true)]
async fn a_record_that_is_damaged_while_the_app_runs_is_rewritten() {
    let (app, guard) = App::activated().await;
    guard.keep_fresh().unwrap();
    app.memory.replace_sealed(Some(b"garbage".to_vec()));
    app.memory.replace_copy(Some(b"garbage".to_vec()));
    sleep(Duration::from_secs(310)).await;
    assert!(is_granted(guard.access()) && guard.access().notices().is_empty());
    assert!(is_granted(app.start().access()));
    sleep(DAY * 10).await;
    let asked = app.vendor.calls(Operation::Validate);
    assert!((10..=12).contains(&asked), "{asked}");
}

#[tokio::test(start_paused = true)]
async fn a_full_disk_does_not_cause_more_checks() {
    let (app, guard) = App::activated().await;
    app.store.is_full(true);
    guard.keep_fresh().unwrap();
    sleep(DAY * 2).await;
    let asked = app.vendor.calls(Operation::Validate);
    assert!((2..=3).contains(&asked), "{asked}");
    assert!(is_granted(guard.access()));
}

#[tokio::test(start_paused = true)]
async fn setting_the_clock_back_does_not_postpone_a_check() {
    let machine = Machine::on_device_plane();
    machine.vendor.issue("AAAA", Some(1));
    let guard = machine.start();
    guard.activate(code("AAAA")).await.unwrap();
    machine.advance_days(-365);
    guard.keep_fresh().unwrap();
    sleep(Duration::from_secs(600)).await;
    assert_eq!(machine.vendor.calls(Operation::Validate), 1);
    assert!(is_granted(guard.access()) && !guard.access().clock_set_back);
}

#[test]
fn keep_fresh_can_be_started_again_after_its_runtime_has_ended() {
    let machine = Machine::on_device_plane();
    machine.vendor.issue("AAAA", Some(1));
    let guard = machine.start();
    for _ in 0..2 {
        let runtime =
            tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().unwrap();
        runtime.block_on(async {
            guard.activate(code("AAAA")).await.unwrap();
            machine.advance_days(2);
            guard.keep_fresh().unwrap();
            sleep(DAY).await;
            assert!(is_granted(guard.access()));
        });
    }
}

#[test]
fn keep_fresh_without_a_runtime_is_an_error() {
    let clock = ManualClock::at(Timestamp::UNIX_EPOCH);
    let store = MemoryStore::new(installation("machine-1"));
    let guard = Guard::open(store, Arc::new(Vendor::new(&clock)), Policy::default()).unwrap();
    assert!(matches!(guard.keep_fresh(), Err(GuardError::Runtime(_))));
}
