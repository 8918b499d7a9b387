//! One machine with an installed app.

use std::sync::Arc;

use anykey_core::{ManualClock, SignedDuration, Timestamp};
use anykey_guard::{Access, AccessState, Guard, Installation, MemoryStore, Policy, Store};

use crate::vendor::Vendor;

pub(crate) struct Machine {
    pub(crate) clock: ManualClock,
    pub(crate) vendor: Vendor,
    pub(crate) store: MemoryStore,
    pub(crate) policy: Policy,
}

impl Machine {
    pub(crate) fn new() -> Self {
        Self::with_vendor(|vendor| vendor)
    }

    /// A customer's machine, which uses only the vendor's device plane.
    pub(crate) fn on_device_plane() -> Self {
        Self::with_vendor(Vendor::device_plane)
    }

    /// A customer's machine whose clock is wrong by `days`, and the vendor's clock, which is right.
    pub(crate) fn with_clock_off_by(days: i64) -> (Self, ManualClock) {
        let machine = Self::on_device_plane();
        let vendor_clock = ManualClock::at(machine.clock.now());
        let vendor = Vendor::new(&vendor_clock).device_plane();
        machine.advance_days(days);
        (Self { vendor, ..machine }, vendor_clock)
    }

    pub(crate) fn with_vendor(change: impl FnOnce(Vendor) -> Vendor) -> Self {
        let clock = ManualClock::at("2027-01-01T09:00:00Z".parse().unwrap());
        let vendor = change(Vendor::new(&clock));
        Self { clock, vendor, store: MemoryStore::new(installation("machine-1")), policy: Policy::default() }
    }

    /// Starts the app, possibly a second time at once.
    pub(crate) fn start(&self) -> Guard {
        self.start_on(self.store.clone())
    }

    pub(crate) fn start_on(&self, store: impl Store) -> Guard {
        Guard::builder(store, Arc::new(self.vendor.clone()))
            .policy(self.policy)
            .clock(self.clock.clone())
            .device("studio-mac")
            .open()
            .unwrap()
    }

    pub(crate) fn advance_days(&self, days: i64) {
        self.clock.advance(SignedDuration::from_hours(24 * days));
    }

    pub(crate) fn advance_minutes(&self, minutes: i64) {
        self.clock.advance(SignedDuration::from_mins(minutes));
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }
}

pub(crate) fn installation(identity: &str) -> Installation {
    Installation::from_identity("com.example.studio", identity).unwrap()
}

pub(crate) fn is_granted(access: Access) -> bool {
    matches!(access.state, AccessState::Granted { .. })
}

pub(crate) fn is_grace(access: Access) -> bool {
    matches!(access.state, AccessState::Grace { .. })
}
