//! What tests add to a server, and what they read from it.

use std::collections::BTreeMap;
use std::fmt;

use anykey_core::Timestamp;
use uuid::Uuid;

/// An organization to add; see [`PolarSim::add_organization`](super::PolarSim::add_organization).
///
/// Write it as a literal with `..Default::default()`, like the other specs. It is not `#[non_exhaustive]`, because
/// new fields have a default.
#[derive(Clone, Debug, Default)]
pub struct OrganizationSpec {
    /// The name in portal URLs; `None` for a generated one.
    pub slug: Option<String>,
    /// Whether customers have members; a created customer session is then a member session.
    pub member_model: bool,
}

/// A customer to add; see [`PolarSim::add_customer`](super::PolarSim::add_customer).
#[derive(Clone, Default)]
pub struct CustomerSpec {
    /// The organization; `None` for the initial one.
    pub organization: Option<Uuid>,
    /// The e-mail address; team customers may have `None`.
    pub email: Option<String>,
    /// Whether the address was confirmed.
    pub email_verified: bool,
    /// The full name.
    pub name: Option<String>,
    /// The name on invoices; `None` for [`name`](Self::name).
    pub billing_name: Option<String>,
    /// The id in the seller's system.
    pub external_id: Option<String>,
    /// A team instead of a person.
    pub team: bool,
    /// The postal address.
    pub billing_address: Option<BillingAddress>,
    /// Number and format, such as `("FR61954506077", "eu_vat")`.
    pub tax_id: Option<(String, String)>,
    /// A language tag such as `fr`.
    pub locale: Option<String>,
    /// The seller's metadata; values are strings, numbers or booleans.
    pub metadata: BTreeMap<String, serde_json::Value>,
}

impl fmt::Debug for CustomerSpec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CustomerSpec")
            .field("organization", &self.organization)
            .field("team", &self.team)
            .finish_non_exhaustive()
    }
}

/// A customer's postal address.
#[derive(Clone, Default, serde::Serialize)]
pub struct BillingAddress {
    /// Street and number.
    pub line1: Option<String>,
    /// The second line.
    pub line2: Option<String>,
    /// The postal code.
    pub postal_code: Option<String>,
    /// The city.
    pub city: Option<String>,
    /// The state or region.
    pub state: Option<String>,
    /// Two letters, such as `FR`.
    pub country: String,
}

impl fmt::Debug for BillingAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BillingAddress").field("country", &self.country).finish_non_exhaustive()
    }
}

/// A member to add; see [`PolarSim::add_member`](super::PolarSim::add_member).
#[derive(Clone, Default)]
pub struct MemberSpec {
    /// The e-mail address.
    pub email: String,
    /// The id in the seller's system.
    pub external_id: Option<String>,
    /// Whether this member owns the customer account. A customer has at most one owner.
    pub owner: bool,
}

impl fmt::Debug for MemberSpec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemberSpec").field("owner", &self.owner).finish_non_exhaustive()
    }
}

/// A benefit of the type license keys to add; see [`PolarSim::add_benefit`](super::PolarSim::add_benefit).
///
/// ```
/// use anykey_polar_sim::{ActivationSpec, BenefitSpec};
///
/// let benefit = BenefitSpec {
///     prefix: Some("MYAPP".to_owned()),
///     activations: Some(ActivationSpec { limit: 3, enable_customer_admin: true }),
///     ..BenefitSpec::default()
/// };
/// assert!(benefit.limit_usage.is_none());
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BenefitSpec {
    /// The organization; `None` for the initial one.
    pub organization: Option<Uuid>,
    /// The prefix of keys, which is upper-cased and followed by a hyphen.
    pub prefix: Option<String>,
    /// The lifetime of a key of an order. Keys of a subscription have no expiry.
    pub expires: Option<Ttl>,
    /// The activation settings; `None` for keys that cannot be activated.
    pub activations: Option<ActivationSpec>,
    /// The usage limit; `None` for no limit.
    pub limit_usage: Option<u32>,
}

/// The activation settings of a benefit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ActivationSpec {
    /// The activation limit, above zero.
    pub limit: u32,
    /// Whether customers see their activations in the portal.
    pub enable_customer_admin: bool,
}

/// A lifetime in calendar units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ttl {
    /// The number of units, above zero.
    pub count: u32,
    /// The unit.
    pub timeframe: Timeframe,
}

/// The unit of a [`Ttl`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Timeframe {
    /// 24 hours.
    Day,
    /// A calendar month: the same day, or the last day of the month.
    Month,
    /// A calendar year.
    Year,
}

/// A sale that grants a key; see [`PolarSim::grant`](super::PolarSim::grant).
///
/// ```
/// use anykey_core::{ManualClock, Timestamp};
/// use anykey_polar_sim::{ActivationSpec, BenefitSpec, CustomerSpec, GrantSpec, PolarSim, SimError};
///
/// # fn main() -> Result<(), SimError> {
/// let sim = PolarSim::new(ManualClock::at(Timestamp::UNIX_EPOCH));
/// let benefit = sim.add_benefit(BenefitSpec {
///     activations: Some(ActivationSpec { limit: 1, enable_customer_admin: false }),
///     ..BenefitSpec::default()
/// })?;
/// let customer = sim.add_customer(CustomerSpec {
///     email: Some("buyer@example.com".to_owned()),
///     ..CustomerSpec::default()
/// })?;
/// let granted = sim.grant(GrantSpec::order(benefit, customer).key("MIGRATED-0001"))?;
/// assert_eq!(granted.key, "MIGRATED-0001");
/// sim.activate_key(granted.id, "laptop")?;
/// assert_eq!(sim.activate_key(granted.id, "desktop"), Err(SimError::NotActivatable));
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
#[must_use]
pub struct GrantSpec {
    pub(super) benefit: Uuid,
    pub(super) customer: Uuid,
    pub(super) subscription: bool,
    pub(super) key: Option<String>,
    pub(super) member: Option<Uuid>,
}

impl GrantSpec {
    /// An order of `benefit` by `customer`: the key has the lifetime of the benefit.
    pub const fn order(benefit: Uuid, customer: Uuid) -> Self {
        Self { benefit, customer, subscription: false, key: None, member: None }
    }

    /// A subscription to `benefit` by `customer`: the key has no expiry and is valid as long as the subscription.
    pub const fn subscription(benefit: Uuid, customer: Uuid) -> Self {
        Self { benefit, customer, subscription: true, key: None, member: None }
    }

    /// Imports this key string instead of generating one. Any string is valid.
    pub fn key(mut self, key: impl Into<String>) -> Self {
        self.key = Some(key.into());
        self
    }

    /// Grants the key to a member of the customer.
    pub const fn member(mut self, member: Uuid) -> Self {
        self.member = Some(member);
        self
    }
}

impl fmt::Debug for GrantSpec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GrantSpec")
            .field("benefit", &self.benefit)
            .field("customer", &self.customer)
            .field("subscription", &self.subscription)
            .field("member", &self.member)
            .finish_non_exhaustive()
    }
}

/// A key that was granted.
#[derive(Clone)]
#[non_exhaustive]
pub struct GrantedKey {
    /// The permanent id of the record, which a rotation does not change.
    pub id: Uuid,
    /// The key string.
    pub key: String,
    /// The order's id; `None` for a subscription.
    pub order_id: Option<Uuid>,
    /// The subscription's id; `None` for an order.
    pub subscription_id: Option<Uuid>,
}

impl fmt::Debug for GrantedKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GrantedKey").field("id", &self.id).finish_non_exhaustive()
    }
}

/// The stored state of a key; see [`PolarSim::key`](super::PolarSim::key).
///
/// It is read without a request, so that a test can compare it with what an answer contained.
///
/// ```
/// use anykey_core::{ManualClock, Timestamp};
/// use anykey_polar_sim::{BenefitSpec, CustomerSpec, GrantSpec, PolarSim, SimError};
///
/// # fn main() -> Result<(), SimError> {
/// let sim = PolarSim::new(ManualClock::at(Timestamp::UNIX_EPOCH));
/// let benefit = sim.add_benefit(BenefitSpec::default())?;
/// let customer = sim.add_customer(CustomerSpec {
///     email: Some("buyer@example.com".to_owned()),
///     ..CustomerSpec::default()
/// })?;
/// let granted = sim.grant(GrantSpec::subscription(benefit, customer))?;
/// sim.revoke_key(granted.id)?;
/// let state = sim.key(granted.id).ok_or(SimError::UnknownKey)?;
/// assert_eq!((state.status, state.limit_activations), ("revoked", None));
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
#[non_exhaustive]
pub struct KeyState {
    /// The current key string.
    pub key: String,
    /// `granted`, `revoked` or `disabled`; an expired key is still `granted`.
    pub status: &'static str,
    /// The number of activations.
    pub live_activations: usize,
    /// The activation limit; `None` for a key that cannot be activated.
    pub limit_activations: Option<i64>,
    /// The usage counter.
    pub usage: i64,
    /// The usage limit; `None` for no limit.
    pub limit_usage: Option<i64>,
    /// The number of successful validations.
    pub validations: i64,
    /// When the key expires.
    pub expires_at: Option<Timestamp>,
}

impl fmt::Debug for KeyState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyState")
            .field("status", &self.status)
            .field("live_activations", &self.live_activations)
            .field("usage", &self.usage)
            .field("validations", &self.validations)
            .finish_non_exhaustive()
    }
}
