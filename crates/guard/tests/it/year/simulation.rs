use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use anykey_core::{
    Clock, InMemoryProvider, LicenseKeyId, LicenseProvider, LicenseProviderExt, Operation, SignedDuration,
    Timestamp,
};
use anykey_guard::{Guard, GuardError, Installation, MemoryStore, Policy};
use tokio::time::{Instant, sleep_until};

use super::diary::Day;
use super::script::{Event, PAID_UNTIL, incidents};
use crate::vendor::{Fault, Vendor, code};

const HOUR: Duration = Duration::from_secs(3_600);

struct Simulation {
    true_time: Clock,
    clock_is_off_by: Arc<Mutex<SignedDuration>>,
    vendor: Vendor,
    key: LicenseKeyId,
    new_vendor: Vendor,
    new_key: LicenseKeyId,
    vendor_changed: AtomicBool,
    store: MemoryStore,
}

/// Runs the script with the app open from 9 to 13 o'clock, and records the state at noon.
pub(crate) async fn simulate_a_year() -> Vec<Day> {
    let began = Instant::now();
    let simulation = Simulation::begin(began);
    let incidents = incidents();
    let mut days = Vec::new();
    for number in 0..365 {
        let oclock = |hour: u32| sleep_until(began + HOUR * (24 * number as u32 + hour));
        oclock(9).await;
        let app = simulation.start();
        app.keep_fresh().unwrap();
        oclock(10).await;
        let mut today = None;
        for incident in &incidents {
            if incident.from == number {
                simulation.happen(&app, &incident.at_first).await;
            }
            if incident.to == number {
                simulation.happen(&app, &incident.at_last).await;
            }
            if (incident.from..incident.to).contains(&number) {
                today = Some(incident.name);
            }
        }
        oclock(12).await;
        days.push(Day::seen(number, today, app.access()));
        oclock(13).await;
    }
    let validations = simulation.vendor.calls(Operation::Validate);
    assert!(validations < 1_000, "{validations} validations in a year");
    days
}

impl Simulation {
    fn begin(began: Instant) -> Self {
        let start = first_day();
        let true_time = Clock::new(move || start + SignedDuration::try_from(began.elapsed()).unwrap());
        let vendor = Vendor::over(InMemoryProvider::with_clock(true_time.clone())).device_plane();
        let vendor = vendor.reporting_keys();
        let key = vendor.issue("AAAA-1", Some(3)).id;
        let new_vendor = Vendor::over(InMemoryProvider::with_clock(true_time.clone())).device_plane();
        let new_vendor = new_vendor.of_vendor("new").reporting_keys();
        let new_key = new_vendor.issue("BBBB-2", Some(1)).id;
        let installation = Installation::from_identity("com.example.studio", "machine-1").unwrap();
        let store = MemoryStore::new(installation);
        Self {
            true_time,
            clock_is_off_by: Arc::default(),
            vendor,
            key,
            new_vendor,
            new_key,
            vendor_changed: AtomicBool::new(false),
            store,
        }
    }

    fn start(&self) -> Guard {
        let (true_time, off_by) = (self.true_time.clone(), self.clock_is_off_by.clone());
        let (old, new) = (Arc::new(self.vendor.clone()), Arc::new(self.new_vendor.clone()));
        let builder = if self.vendor_changed.load(Ordering::Relaxed) {
            Guard::builder(self.store.clone(), new).former_provider(old)
        } else {
            Guard::builder(self.store.clone(), old)
        };
        builder
            .policy(Policy::default().payment_grace(SignedDuration::from_hours(5 * 24)))
            .clock(Clock::new(move || true_time.now() + *off_by.lock().unwrap()))
            .open()
            .unwrap()
    }

    async fn happen(&self, app: &Guard, events: &[Event]) {
        for event in events {
            self.one(app, event).await;
        }
    }

    async fn one(&self, app: &Guard, event: &Event) {
        match event {
            Event::Activate { answer_is_lost: true } => {
                self.pay_for_days(PAID_UNTIL - 10).await;
                self.vendor.fail_on(Operation::Activate, Fault::AnswerLost);
                let lost = app.activate(code("AAAA-1")).await;
                assert!(matches!(lost, Err(GuardError::AnswerLost(_))));
            }
            Event::Activate { answer_is_lost: false } => {
                let again = app.activate(code("AAAA-1")).await;
                assert!(matches!(again, Err(GuardError::StillPending { look_again: None, .. })));
                app.activate_once_more(code("AAAA-1")).await.unwrap();
            }
            Event::Fault(fault) => {
                self.vendor.set_fault(fault.clone());
                self.new_vendor.set_fault(fault.clone());
            }
            Event::ClockIsOffBy(by) => *self.clock_is_off_by.lock().unwrap() = *by,
            Event::PaidFor(days) => self.pay_for_days(*days).await,
            Event::Rotate => {
                self.vendor.rotate(&self.key).await.unwrap();
            }
            Event::EnterNewCode => {
                let rotated = self.vendor.memory.get(&self.key).await.unwrap().code;
                let seat = app.record().unwrap().held.unwrap().activation;
                app.replace_key(rotated).await.unwrap();
                assert_eq!(app.record().unwrap().held.unwrap().activation, seat);
            }
            Event::Disable(true) => drop(self.vendor.memory.disable(&self.key).await.unwrap()),
            Event::Disable(false) => drop(self.vendor.memory.enable(&self.key).await.unwrap()),
            Event::DamageRecord => self.store.replace_sealed(Some(b"garbage".to_vec())),
            Event::ChangeVendor => self.vendor_changed.store(true, Ordering::Relaxed),
            Event::EnterKeyOfNewVendor => {
                app.activate(code("BBBB-2")).await.unwrap();
                assert_eq!(
                    self.new_vendor
                        .seats(&self.new_vendor.memory.get(&self.new_key).await.unwrap())
                        .await
                        .len(),
                    1
                );
                assert_eq!(self.vendor.calls(Operation::Deactivate), 1, "the old seat was released");
            }
            Event::Revoke => drop(self.new_vendor.memory.revoke(&self.new_key).await.unwrap()),
            Event::Uninstall => drop(app.deactivate().await.unwrap()),
        }
    }

    async fn pay_for_days(&self, days: i64) {
        let until = self.true_time.now() + SignedDuration::from_hours(24 * days);
        self.vendor.memory.set_expiry(&self.key, until).await.unwrap();
    }
}

pub(crate) fn first_day() -> Timestamp {
    "2027-01-01T00:00:00Z".parse().unwrap()
}
