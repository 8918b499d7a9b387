//! The incidents of the year.

use std::time::Duration;

use anykey_core::{ErrorKind, SignedDuration};

use crate::vendor::Fault;

/// An event at the vendor, at the key or on the machine.
#[derive(Clone, Debug)]
pub(crate) enum Event {
    /// The user enters the key.
    Activate { answer_is_lost: bool },
    /// Sets the fault of all later calls; `None` ends it.
    Fault(Option<Fault>),
    /// The clock's error from now on.
    ClockIsOffBy(SignedDuration),
    /// The subscription is paid for this many days from now.
    PaidFor(i64),
    /// The customer rotates the key.
    Rotate,
    /// The user enters the new code.
    EnterNewCode,
    /// The seller disables or enables the key.
    Disable(bool),
    /// The record's file is overwritten.
    DamageRecord,
    /// The app's configuration names another vendor, with the former one as former provider.
    ChangeVendor,
    /// The user enters the key of the new vendor.
    EnterKeyOfNewVendor,
    /// The purchase is refunded.
    Revoke,
    /// The user removes the app.
    Uninstall,
}

pub(crate) const TRIAL: &str = "trial";
pub(crate) const LOST: &str = "the activation's answer is lost";
pub(crate) const OUTAGE: &str = "the vendor is down";
pub(crate) const THROTTLED: &str = "the vendor answers 429";
pub(crate) const OFFLINE: &str = "three weeks without network";
pub(crate) const CLOCK_BACK: &str = "no network, and the clock is set back by a month";
pub(crate) const UNPAID: &str = "the key expires, a payment is late";
pub(crate) const ROTATED: &str = "the key was rotated";
pub(crate) const DISABLED: &str = "the seller disables the key";
pub(crate) const CLOCK_AHEAD: &str = "no network, and the clock is two years ahead";
pub(crate) const DAMAGED: &str = "the record is damaged, its copy is not";
pub(crate) const VENDOR_CHANGED: &str = "the app is now sold through another vendor";
pub(crate) const CLOCK_WRONG: &str = "the clock is 80 days ahead";
pub(crate) const REVOKED: &str = "the purchase is refunded";
pub(crate) const UNINSTALLED: &str = "uninstalled";

/// An incident that lasts for some days, counted from 0.
pub(crate) struct Incident {
    pub(crate) from: usize,
    /// The day after the last one.
    pub(crate) to: usize,
    pub(crate) name: &'static str,
    pub(crate) at_first: Vec<Event>,
    pub(crate) at_last: Vec<Event>,
}

/// The day on which the key expires unless it is paid for.
pub(crate) const PAID_UNTIL: i64 = 160;

pub(crate) fn incidents() -> Vec<Incident> {
    let during = |days: std::ops::Range<usize>, name, at_first, at_last| Incident {
        from: days.start,
        to: days.end,
        name,
        at_first,
        at_last,
    };
    let online = || Event::Fault(None);
    let offline = || Event::Fault(Some(Fault::Down(ErrorKind::Transport)));
    let down = Event::Fault(Some(Fault::Down(ErrorKind::Unavailable)));
    let throttled = Event::Fault(Some(Fault::Throttled(Duration::from_secs(60))));
    let off_by = |days: i64| Event::ClockIsOffBy(SignedDuration::from_hours(24 * days));
    let activate = |answer_is_lost| Event::Activate { answer_is_lost };
    vec![
        during(0..10, TRIAL, vec![], vec![]),
        during(10..12, LOST, vec![activate(true)], vec![activate(false)]),
        during(38..44, OUTAGE, vec![down], vec![online()]),
        during(66..69, THROTTLED, vec![throttled], vec![online()]),
        during(90..111, OFFLINE, vec![offline()], vec![online()]),
        during(130..138, CLOCK_BACK, vec![offline(), off_by(-30)], vec![off_by(0), online()]),
        during(160..163, UNPAID, vec![], vec![Event::PaidFor(365)]),
        during(190..193, ROTATED, vec![Event::Rotate], vec![Event::EnterNewCode]),
        during(220..227, DISABLED, vec![Event::Disable(true)], vec![Event::Disable(false)]),
        during(255..258, CLOCK_AHEAD, vec![offline(), off_by(730)], vec![off_by(0), online()]),
        during(275..276, DAMAGED, vec![Event::DamageRecord], vec![]),
        during(285..295, VENDOR_CHANGED, vec![Event::ChangeVendor], vec![Event::EnterKeyOfNewVendor]),
        during(305..312, CLOCK_WRONG, vec![off_by(80)], vec![off_by(0)]),
        during(330..345, REVOKED, vec![Event::Revoke], vec![]),
        during(345..365, UNINSTALLED, vec![Event::Uninstall], vec![]),
    ]
}
