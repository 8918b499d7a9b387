use std::collections::BTreeMap;
use std::fmt;

use anykey_core::Timestamp;
use uuid::Uuid;

/// A seller to add; see [`PolarSim::add_organization`](super::PolarSim::add_organization).
///
/// Like the other specs it is written as a literal that ends in `..Default::default()`, which is why
/// it is not `#[non_exhaustive]`: a new field comes with a default.
#[derive(Clone, Debug, Default)]
pub struct OrganizationSpec {
    /// The name in portal addresses; `None` makes one up.
    pub slug: Option<String>,
    /// Whether customers have members: then a minted customer session is a member session.
    pub member_model: bool,
}

/// A buyer to add; see [`PolarSim::add_customer`](super::PolarSim::add_customer).
#[derive(Clone, Default)]
pub struct CustomerSpec {
    /// The seller; `None` is the organization that the simulator started with.
    pub organization: Option<Uuid>,
    /// The e-mail address; team customers may have none.
    pub email: Option<String>,
    /// Whether the address was confirmed.
    pub email_verified: bool,
    /// The full name.
    pub name: Option<String>,
    /// The name on invoices; `None` falls back to [`name`](Self::name).
    pub billing_name: Option<String>,
    /// The identifier in the seller's own system.
    pub external_id: Option<String>,
    /// A team instead of a person.
    pub team: bool,
    /// The postal address.
    pub billing_address: Option<BillingAddress>,
    /// Number and format, such as `("FR61954506077", "eu_vat")`.
    pub tax_id: Option<(String, String)>,
    /// A language tag such as `fr`.
    pub locale: Option<String>,
    /// What the seller attached; values are strings, numbers or booleans.
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

/// A seat holder to add; see [`PolarSim::add_member`](super::PolarSim::add_member).
#[derive(Clone, Default)]
pub struct MemberSpec {
    /// The e-mail address.
    pub email: String,
    /// The identifier in the seller's own system.
    pub external_id: Option<String>,
    /// Whether this member owns the customer account; a customer has one owner at most.
    pub owner: bool,
}

impl fmt::Debug for MemberSpec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemberSpec").field("owner", &self.owner).finish_non_exhaustive()
    }
}

/// A benefit of the type license keys: what is sold. See
/// [`PolarSim::add_benefit`](super::PolarSim::add_benefit).
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
    /// The seller; `None` is the organization that the simulator started with.
    pub organization: Option<Uuid>,
    /// What keys start with, upper-cased and followed by a hyphen.
    pub prefix: Option<String>,
    /// How long a key of an order lives. Keys of a subscription never expire by themselves.
    pub expires: Option<Ttl>,
    /// Whether and how often a key can be activated; `None` is not at all.
    pub activations: Option<ActivationSpec>,
    /// The usage quota; `None` is unlimited.
    pub limit_usage: Option<u32>,
}

/// The activation rules of a benefit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ActivationSpec {
    /// Activations at a time, above zero.
    pub limit: u32,
    /// Whether customers see their activations in the portal.
    pub enable_customer_admin: bool,
}

/// A life time by the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ttl {
    /// How many, above zero.
    pub count: u32,
    /// Of what.
    pub timeframe: Timeframe,
}

/// The unit of a [`Ttl`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Timeframe {
    /// 24 hours.
    Day,
    /// The same day of a later month, or its last day.
    Month,
    /// The same date of a later year.
    Year,
}

/// A sale that grants a key; see [`PolarSim::grant`](super::PolarSim::grant).
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
    /// `customer` bought `benefit` once: the key expires as the benefit says.
    pub const fn order(benefit: Uuid, customer: Uuid) -> Self {
        Self { benefit, customer, subscription: false, key: None, member: None }
    }

    /// `customer` subscribed to `benefit`: the key has no expiry and lives as long as the
    /// subscription.
    pub const fn subscription(benefit: Uuid, customer: Uuid) -> Self {
        Self { benefit, customer, subscription: true, key: None, member: None }
    }

    /// Imports a key instead of generating one; any string will do.
    pub fn key(mut self, key: impl Into<String>) -> Self {
        self.key = Some(key.into());
        self
    }

    /// Gives the key to a member of the customer.
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
    /// Identifies the record for ever; survives rotation.
    pub id: Uuid,
    /// What the customer types.
    pub key: String,
    /// The order, if it was bought once.
    pub order_id: Option<Uuid>,
    /// The subscription, if it was subscribed to.
    pub subscription_id: Option<Uuid>,
}

impl fmt::Debug for GrantedKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GrantedKey").field("id", &self.id).finish_non_exhaustive()
    }
}

/// What the simulator's database holds of a key; see [`PolarSim::key`](super::PolarSim::key).
#[derive(Clone)]
#[non_exhaustive]
pub struct KeyState {
    /// The current key string.
    pub key: String,
    /// `granted`, `revoked` or `disabled`; an expired key is still `granted`.
    pub status: &'static str,
    /// Activations in use.
    pub live_activations: usize,
    /// The activation limit; `None` is no activations at all.
    pub limit_activations: Option<i64>,
    /// The usage counter.
    pub usage: i64,
    /// The usage quota; `None` is unlimited.
    pub limit_usage: Option<i64>,
    /// Successful validations so far.
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
