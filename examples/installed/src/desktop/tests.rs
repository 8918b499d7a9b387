use std::path::Path;
use std::sync::Mutex;

use anykey::sim::{self, Fault, Role, Rule, SimulatedVendor};
use anykey::{Capability, ManualClock, RefusalReason, SignedDuration, StatusChange, Timestamp};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use super::*;

struct Recorded(Mutex<UnboundedSender<(String, Access)>>);

impl Windows for Recorded {
    fn emit(&self, event: &str, access: Access) {
        let _ = self.0.lock().unwrap().send((event.to_owned(), access));
    }
}

/// The license of an app at this vendor, on a clock of its own.
fn at(vendor: &dyn SimulatedVendor, clock: &ManualClock, folder: &Path) -> License {
    let text = format!("app_id = \"com.example.studio\"\nidentity = \"test\"\ndirectory = {folder:?}");
    let config = Config::from_toml(&format!("provider = \"memory\"\n[guard]\n{text}")).unwrap();
    let provider = sim::provider(vendor, vendor.planes().first().unwrap()).unwrap();
    let builder = config.guard().unwrap().unwrap().builder(provider).unwrap();
    License { guard: builder.clock(clock.clone()).open().unwrap() }
}

/// Every simulated vendor that gives seats, with its clock.
fn vendors() -> Vec<(Arc<dyn SimulatedVendor>, ManualClock)> {
    let started = sim::simulators().into_iter().map(|simulator| {
        let clock = ManualClock::at(Timestamp::UNIX_EPOCH + SignedDuration::from_hours(24 * 365 * 57));
        (simulator.start(clock.clone()).unwrap(), clock)
    });
    let activates = |vendor: &dyn SimulatedVendor| {
        let provider = sim::provider(vendor, vendor.planes().first().unwrap()).unwrap();
        provider.capabilities().contains(Capability::Activate)
    };
    started.filter(|(vendor, _)| activates(&**vendor)).collect()
}

/// Waits for the event with a state of this name.
async fn event(events: &mut UnboundedReceiver<(String, Access)>, state: &str) {
    loop {
        let (event, access) = events.recv().await.unwrap();
        assert_eq!(event, "license");
        if access.state.name() == state {
            return;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn the_windows_are_told_of_every_change() {
    for (vendor, clock) in vendors() {
        let folder = tempfile::tempdir().unwrap();
        let license = at(&*vendor, &clock, folder.path());
        let (sender, mut events) = unbounded_channel();
        let windows = Arc::new(Recorded(Mutex::new(sender)));
        let forwarded = tokio::spawn(license.clone().forward(windows));
        // The task subscribes before anything changes.
        tokio::task::yield_now().await;

        let key = vendor.seed(Role::Good).unwrap();
        license.enter_key(key.code.expose()).await.unwrap();
        event(&mut events, "granted").await;
        vendor.set_status(&key.id, StatusChange::Disable).unwrap();
        license.check_now().await;
        event(&mut events, "refused").await;
        drop(license);
        forwarded.await.unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn an_outage_locks_nobody_out() {
    for (vendor, clock) in vendors() {
        let folder = tempfile::tempdir().unwrap();
        let license = at(&*vendor, &clock, folder.path());
        license.enter_key(vendor.seed(Role::Good).unwrap().code.expose()).await.unwrap();
        vendor.faults().inject(Rule::always(Fault::ConnectionRefused));
        clock.advance(SignedDuration::from_hours(24 * 3));
        let access = license.check_now().await;
        assert!(access.is_allowed(), "{vendor:?}: {access}");
        let shown = serde_json::to_value(access).unwrap();
        assert_eq!(shown["state"], "grace", "{vendor:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_refused_key_has_its_reason_and_what_was_probably_changed() {
    let config = include_str!("../../anykey.toml").replace("directory = \"license\"", "");
    let folder = tempfile::tempdir().unwrap();
    let config = Config::from_toml(&format!("{config}\ndirectory = {:?}", folder.path())).unwrap();
    let license = License::open(&Registry::builtin(), &config).unwrap();
    assert_eq!(license.enter_key(" \n").await, Err(KeyProblem::Empty));
    let problem = license.enter_key("ACME\u{2013}2A7F-91C4D0").await.unwrap_err();
    let KeyProblem::Refused { reason, hints } = &problem else { panic!("{problem:?}") };
    assert_eq!(*reason, RefusalReason::UnknownKey.to_string());
    assert_eq!(hints.len(), 1);
    assert_eq!(serde_json::to_value(&problem).unwrap()["problem"], "refused");

    assert!(license.enter_key("ACME-2A7F-91C4D0").await.unwrap().is_allowed());
    assert_eq!(license.release().await, Ok(Release::Freed));
    assert!(!license.access().is_allowed());
}
