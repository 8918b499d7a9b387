use anykey_core::{ActivationLimit, ManualClock, SignedDuration, StatusChange, Timestamp};
use anykey_sim_kit::{IssueSpec, IssuedKey, SimulatedVendor, Simulator, StartError};

/// The actions that a vendor has, found by trying each on a second instance of its simulator.
///
/// A method of [`SimulatedVendor`] returns `None` for an action that the vendor does not have, but only when it is
/// called; the page has to know before it offers the action.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Abilities {
    pub(crate) seats: bool,
    pub(crate) unlimited_seats: bool,
    pub(crate) subscriptions: bool,
    /// Keys that end at a date from the start.
    pub(crate) expiring_keys: bool,
    /// Changing the date at which a key ends.
    pub(crate) changed_expiry: bool,
    pub(crate) disable: bool,
    pub(crate) revoke: bool,
    pub(crate) rotate: bool,
    pub(crate) refund: bool,
    pub(crate) payments: bool,
    pub(crate) webhooks: bool,
}

impl Abilities {
    /// # Errors
    ///
    /// Those of [`Simulator::start`].
    pub(crate) fn of(simulator: Simulator) -> Result<Self, StartError> {
        let clock = ManualClock::at(Timestamp::UNIX_EPOCH);
        let vendor = simulator.start(clock)?;
        let later = SignedDuration::from_hours(24);
        let later = vendor.now().saturating_add(later).unwrap_or(Timestamp::MAX);
        let issues = |spec| vendor.issue(spec).is_some();
        let has = |act: &dyn Fn(&dyn SimulatedVendor, &IssuedKey) -> Option<()>| {
            let key = vendor.issue(IssueSpec::new());
            key.is_some_and(|key| act(&*vendor, &key).is_some())
        };
        let subscribed = vendor.issue(IssueSpec::new().by_subscription());
        Ok(Self {
            seats: vendor.rules().has_seats,
            unlimited_seats: issues(IssueSpec::new().activation_limit(ActivationLimit::Unlimited)),
            subscriptions: vendor.rules().has_subscriptions && subscribed.is_some(),
            expiring_keys: issues(IssueSpec::new().expires_at(later)),
            changed_expiry: has(&|vendor, key| vendor.set_expiry(&key.id, Some(later))),
            disable: has(&|vendor, key| {
                vendor.set_status(&key.id, StatusChange::Disable)?;
                vendor.set_status(&key.id, StatusChange::Enable)
            }),
            revoke: has(&|vendor, key| vendor.set_status(&key.id, StatusChange::Revoke)),
            rotate: has(&|vendor, key| vendor.rotate(&key.id).map(drop)),
            refund: has(&|vendor, key| vendor.refund(&key.id)),
            payments: subscribed.is_some_and(|key| vendor.stop_payment(&key.id).is_some()),
            webhooks: vendor.add_webhook_endpoint("http://127.0.0.1/webhooks", None).is_some(),
        })
    }
}
