use std::fmt;

use anykey_core::{ActivationLimit, SignedDuration, StatusChange, Timestamp};

use crate::{IssueSpec, IssuedKey, SimulatedVendor, Which};

/// The state of a seeded license key.
///
/// [`SimulatedVendor::seed`] creates a key in this state. A vendor may not support every role.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Role {
    /// Valid, bought once, with three free seats.
    Good,
    /// Valid, with one seat, which is taken.
    Full,
    /// Valid, with unlimited seats. Not supported by Polar.
    Unlimited,
    /// Valid, and cannot be activated. Not supported by Dodo.
    NoSeats,
    /// Valid while its subscription is.
    Subscribed,
    /// Expired a month ago.
    Expired,
    /// Disabled by the seller.
    Disabled,
    /// Revoked by the seller.
    Revoked,
    /// Its payment was refunded.
    Refunded,
    /// Valid, with a usage limit of 100. Not supported by Dodo.
    Metered,
    /// Valid, with seats that the customer cannot see. Not supported by Dodo.
    HiddenSeats,
    /// Valid, of another seller at the same vendor.
    Foreign,
}

impl Role {
    /// All roles, in declaration order.
    pub const ALL: [Self; 12] = [
        Self::Good,
        Self::Full,
        Self::Unlimited,
        Self::NoSeats,
        Self::Subscribed,
        Self::Expired,
        Self::Disabled,
        Self::Revoked,
        Self::Refunded,
        Self::Metered,
        Self::HiddenSeats,
        Self::Foreign,
    ];

    /// The name of the role, such as `hidden_seats`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Full => "full",
            Self::Unlimited => "unlimited",
            Self::NoSeats => "no_seats",
            Self::Subscribed => "subscribed",
            Self::Expired => "expired",
            Self::Disabled => "disabled",
            Self::Revoked => "revoked",
            Self::Refunded => "refunded",
            Self::Metered => "metered",
            Self::HiddenSeats => "hidden_seats",
            Self::Foreign => "foreign",
        }
    }

    /// Creates a key of this role with the actions of [`SimulatedVendor`]: the default of [`SimulatedVendor::seed`].
    /// `None` for [`HiddenSeats`](Self::HiddenSeats) and [`Foreign`](Self::Foreign), which need vendor-specific
    /// actions, and when the vendor does not support an action.
    pub fn seed_by_actions<V: SimulatedVendor + ?Sized>(self, vendor: &V) -> Option<IssuedKey> {
        let spec = IssueSpec::new();
        match self {
            Self::Good => vendor.issue(spec),
            Self::Full => {
                let key = vendor.issue(spec.activation_limit(ActivationLimit::AtMost(1)))?;
                vendor.activate(&key.id, "first-device")?;
                Some(key)
            }
            Self::Unlimited => vendor.issue(spec.activation_limit(ActivationLimit::Unlimited)),
            Self::NoSeats => vendor.issue(spec.activation_limit(ActivationLimit::NotAllowed)),
            Self::Subscribed => vendor.issue(spec.by_subscription()),
            Self::Expired => vendor.issue(spec.expires_at(a_month_before(vendor.now()))),
            Self::Disabled => {
                let key = vendor.issue(spec)?;
                vendor.set_status(&key.id, StatusChange::Disable)?;
                Some(key)
            }
            Self::Revoked => {
                let key = vendor.issue(spec)?;
                vendor.set_status(&key.id, StatusChange::Revoke)?;
                Some(key)
            }
            Self::Refunded => {
                let key = vendor.issue(spec.customer(Which::Second))?;
                vendor.refund(&key.id)?;
                Some(key)
            }
            Self::Metered => vendor.issue(spec.usage_limit(100)),
            Self::HiddenSeats | Self::Foreign => None,
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

fn a_month_before(now: Timestamp) -> Timestamp {
    now.checked_sub(SignedDuration::from_hours(30 * 24)).unwrap_or(Timestamp::MIN)
}
