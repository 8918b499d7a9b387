//! Operations whose future is dropped at one of its await points.

use std::sync::Arc;

use anykey_core::{
    ActivateRequest, Activation, Capabilities, DeactivateRequest, LicenseKey, LicenseKeyId, LicenseProvider,
    ListQuery, Page, Result, ValidateRequest, Validation, async_trait,
};
use anykey_guard::{Access, Guard, GuardError};
use anykey_testkit::{at_each_await, drop_after};
use tokio::task::yield_now;

use crate::machine::{Machine, is_granted};
use crate::vendor::{Vendor, code};

/// A vendor whose calls wait before and after their work.
#[derive(Debug)]
struct Slow(Vendor);

impl Slow {
    async fn call<T>(&self, work: impl Future<Output = T>) -> T {
        yield_now().await;
        let answer = work.await;
        yield_now().await;
        answer
    }
}

#[async_trait]
impl LicenseProvider for Slow {
    fn vendor(&self) -> &str {
        self.0.vendor()
    }

    fn name(&self) -> &str {
        self.0.name()
    }

    fn capabilities(&self) -> Capabilities {
        self.0.capabilities()
    }

    async fn list(&self, query: ListQuery) -> Result<Page<LicenseKey>> {
        self.call(self.0.list(query)).await
    }

    async fn activations(&self, id: &LicenseKeyId) -> Result<Vec<Activation>> {
        self.call(self.0.activations(id)).await
    }

    async fn validate(&self, request: ValidateRequest) -> Result<Validation> {
        self.call(self.0.validate(request)).await
    }

    async fn activate(&self, request: ActivateRequest) -> Result<Activation> {
        self.call(self.0.activate(request)).await
    }

    async fn deactivate(&self, request: DeactivateRequest) -> Result<()> {
        self.call(self.0.deactivate(request)).await
    }
}

/// A machine of a vendor with two keys of one seat each.
struct Setup {
    machine: Machine,
    keys: [LicenseKey; 2],
}

impl Setup {
    fn new() -> Self {
        let machine = Machine::new();
        let keys = ["AAAA", "BBBB"].map(|code| machine.vendor.issue(code, Some(1)));
        Self { machine, keys }
    }

    async fn activated() -> Self {
        let setup = Self::new();
        setup.start().activate(code("AAAA")).await.unwrap();
        setup
    }

    /// Starts the app, as after a restart.
    fn start(&self) -> Guard {
        Guard::builder(self.machine.store.clone(), Arc::new(Slow(self.machine.vendor.clone())))
            .clock(self.machine.clock.clone())
            .device("studio-mac")
            .open()
            .unwrap()
    }

    /// Enters the key, a second time where an earlier activation may still be in transit.
    async fn enter(&self, text: &str) -> Access {
        match self.start().replace_key(code(text)).await {
            Err(GuardError::StillPending { .. }) => {
                self.machine.advance_minutes(3);
                self.start().replace_key(code(text)).await.unwrap()
            }
            access => access.unwrap(),
        }
    }

    /// The number of seats that each key has.
    async fn seats(&self) -> [usize; 2] {
        let [first, second] = &self.keys;
        [self.machine.vendor.seats(first).await.len(), self.machine.vendor.seats(second).await.len()]
    }
}

#[tokio::test]
async fn a_dropped_activation_takes_one_seat_in_the_end() {
    at_each_await(async |waits| {
        let setup = Setup::new();
        let is_completed = drop_after(waits, setup.start().activate(code("AAAA"))).await;
        assert!(is_granted(setup.enter("AAAA").await), "{waits} awaits");
        assert_eq!(setup.seats().await, [1, 0], "{waits} awaits");
        is_completed
    })
    .await;
}

#[tokio::test]
async fn a_dropped_check_changes_nothing() {
    at_each_await(async |waits| {
        let setup = Setup::activated().await;
        let is_completed = drop_after(waits, setup.start().refresh()).await;
        assert!(is_granted(setup.start().access()), "{waits} awaits");
        assert!(is_granted(setup.start().refresh().await.unwrap()), "{waits} awaits");
        assert_eq!(setup.seats().await, [1, 0], "{waits} awaits");
        is_completed
    })
    .await;
}

#[tokio::test]
async fn a_dropped_deactivation_can_be_repeated() {
    for is_uninstall in [false, true] {
        at_each_await(async |waits| {
            let setup = Setup::activated().await;
            let release = async |guard: Guard| match is_uninstall {
                true => guard.uninstall().await,
                false => guard.deactivate().await,
            };
            let is_completed = drop_after(waits, release(setup.start())).await;
            release(setup.start()).await.unwrap();
            assert_eq!(setup.seats().await, [0, 0], "{waits} awaits");
            assert!(setup.start().record().is_none(), "{waits} awaits");
            is_completed
        })
        .await;
    }
}

#[tokio::test]
async fn a_dropped_replacement_of_the_key_leaves_one_seat_of_one_key() {
    at_each_await(async |waits| {
        let setup = Setup::activated().await;
        let is_completed = drop_after(waits, setup.start().replace_key(code("BBBB"))).await;
        assert!(is_granted(setup.enter("BBBB").await), "{waits} awaits");
        setup.start().refresh().await.unwrap();
        assert_eq!(setup.seats().await, [0, 1], "{waits} awaits");
        is_completed
    })
    .await;
}
