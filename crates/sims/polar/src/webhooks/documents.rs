//! The documents in deliveries. They contain more members than those of the API: the official packages of the vendor
//! require each of them.

use std::collections::BTreeMap;

use serde::Serialize;
use uuid::Uuid;

use crate::Timeframe;
use crate::documents::{CustomerDocument, customer_document, display_key};
use crate::ids::derived;
use crate::moment::Moment;
use crate::options::Release;
use crate::records::{Benefit, Grant, LicenseKey, Member, Origin};
use crate::state::State;

/// Members that are always empty in the simulator.
type Empty = BTreeMap<(), ()>;

/// A grant of license keys.
#[derive(Serialize)]
pub(crate) struct GrantDocument<'a> {
    created_at: Moment,
    modified_at: Option<Moment>,
    id: Uuid,
    granted_at: Option<Moment>,
    is_granted: bool,
    revoked_at: Option<Moment>,
    is_revoked: bool,
    subscription_id: Option<Uuid>,
    order_id: Option<Uuid>,
    customer_id: Uuid,
    member_id: Option<Uuid>,
    benefit_id: Uuid,
    error: Option<GrantError>,
    customer: CustomerDocument<'a>,
    member: Option<MemberDocument<'a>>,
    benefit: BenefitDocument<'a>,
    properties: Properties,
}

/// A grant in a delivery.
#[derive(Serialize)]
pub(super) struct SentGrantDocument<'a> {
    #[serde(flatten)]
    grant: GrantDocument<'a>,
    previous_properties: Properties,
    user_id: Uuid,
}

/// Why a grant failed.
#[derive(Serialize)]
pub(super) struct GrantError {
    pub(super) message: String,
    #[serde(rename = "type")]
    pub(super) kind: &'static str,
    pub(super) timestamp: Moment,
}

/// The properties of a grant: its license key.
#[derive(Default, Serialize)]
pub(super) struct Properties {
    #[serde(skip_serializing_if = "Option::is_none")]
    user_provided_key: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    license_key_id: Option<Uuid>,
    #[serde(skip_serializing_if = "Option::is_none")]
    display_key: Option<String>,
}

/// The member of a grant, with more members than in a key.
#[derive(Serialize)]
struct MemberDocument<'a> {
    id: Uuid,
    created_at: Moment,
    modified_at: Option<Moment>,
    customer_id: Uuid,
    email: &'a str,
    name: Option<&'a str>,
    external_id: Option<&'a str>,
    role: &'static str,
}

/// A benefit of license keys.
#[derive(Serialize)]
pub(super) struct BenefitDocument<'a> {
    id: Uuid,
    created_at: Moment,
    modified_at: Option<Moment>,
    #[serde(rename = "type")]
    kind: &'static str,
    description: &'static str,
    selectable: bool,
    deletable: bool,
    is_deleted: bool,
    organization_id: Uuid,
    metadata: Empty,
    visibility: &'static str,
    properties: BenefitProperties<'a>,
    visibility_configurable: bool,
}

/// What a benefit gives to its keys; null is without limit, and without activations.
#[derive(Serialize)]
struct BenefitProperties<'a> {
    prefix: Option<&'a str>,
    expires: Option<ExpiresDocument>,
    activations: Option<ActivationsDocument>,
    limit_usage: Option<u32>,
}

#[derive(Serialize)]
struct ExpiresDocument {
    ttl: u32,
    timeframe: &'static str,
}

#[derive(Serialize)]
struct ActivationsDocument {
    limit: u32,
    enable_customer_admin: bool,
}

/// The quantities of a subscription, since October 2026.
#[derive(Serialize)]
struct QuantitiesDocument {
    /// Null unless the product is sold by seats.
    seats: Option<u32>,
    units: u32,
}

/// A customer with the current subscriptions and benefits.
#[derive(Serialize)]
pub(super) struct CustomerStateDocument<'a> {
    #[serde(flatten)]
    customer: CustomerDocument<'a>,
    active_subscriptions: Vec<SubscriptionDocument>,
    granted_benefits: Vec<GrantedBenefitDocument>,
    active_meters: [(); 0],
}

#[derive(Serialize)]
struct SubscriptionDocument {
    id: Uuid,
    created_at: Moment,
    modified_at: Option<Moment>,
    custom_field_data: Empty,
    metadata: Empty,
    status: &'static str,
    amount: i64,
    currency: &'static str,
    recurring_interval: &'static str,
    current_period_start: Moment,
    current_period_end: Moment,
    trial_start: Option<Moment>,
    trial_end: Option<Moment>,
    cancel_at_period_end: bool,
    canceled_at: Option<Moment>,
    started_at: Option<Moment>,
    ends_at: Option<Moment>,
    product_id: Uuid,
    discount_id: Option<Uuid>,
    price_id: Uuid,
    meters: [(); 0],
    #[serde(flatten)]
    quantities: Option<QuantitiesDocument>,
}

#[derive(Serialize)]
struct GrantedBenefitDocument {
    id: Uuid,
    created_at: Moment,
    modified_at: Option<Moment>,
    granted_at: Option<Moment>,
    benefit_id: Uuid,
    benefit_type: &'static str,
    benefit_metadata: Empty,
    properties: Properties,
}

impl State {
    /// The document of a grant. `sale` is its customer, member and benefit. `None` if one of them is unknown.
    pub(super) fn grant_document(
        &self,
        grant: &Grant,
        (customer_id, member_id, benefit_id): (Uuid, Option<Uuid>, Uuid),
        error: Option<GrantError>,
        properties: Properties,
    ) -> Option<GrantDocument<'_>> {
        let (order_id, subscription_id) = match grant.origin {
            Origin::Order { id, .. } => (Some(id), None),
            Origin::Subscription { id, .. } => (None, Some(id)),
        };
        Some(GrantDocument {
            created_at: grant.created_at,
            modified_at: grant.modified_at,
            id: grant.id,
            granted_at: grant.granted_at,
            is_granted: grant.is_granted,
            revoked_at: grant.revoked_at,
            is_revoked: grant.revoked_at.is_some(),
            subscription_id,
            order_id,
            customer_id,
            member_id,
            benefit_id,
            error,
            customer: customer_document(self.customers.get(&customer_id)?),
            member: member_id.and_then(|id| self.members.get(&id)).map(member_document),
            benefit: BenefitDocument::new(self.benefits.get(&benefit_id)?),
            properties,
        })
    }

    /// The document of the grant of `key`. `None` if its customer or benefit is unknown.
    pub(crate) fn grant_of(&self, key: &LicenseKey) -> Option<GrantDocument<'_>> {
        let properties = Properties::of(key, self.outbox.shows_imported_keys);
        self.grant_document(&key.grant, (key.customer_id, key.member_id, key.benefit_id), None, properties)
    }

    /// The document of a customer with the active subscriptions and granted benefits.
    pub(super) fn customer_state_document(&self, id: Uuid) -> Option<CustomerStateDocument<'_>> {
        let customer = self.customers.get(&id)?;
        let shows = self.outbox.shows_imported_keys;
        let shows_quantities = self.release == Release::October2026;
        let granted =
            || customer.keys.iter().filter_map(|id| self.key(*id)).filter(|key| key.grant.is_granted);
        Some(CustomerStateDocument {
            customer: customer_document(customer),
            active_subscriptions: granted()
                .filter_map(|key| subscription_document(key, shows_quantities))
                .collect(),
            granted_benefits: granted().map(|key| granted_benefit_document(key, shows)).collect(),
            active_meters: [],
        })
    }
}

impl<'a> GrantDocument<'a> {
    /// The document as a delivery has it.
    pub(super) const fn sent(self, previous_properties: Properties) -> SentGrantDocument<'a> {
        SentGrantDocument { user_id: self.customer_id, grant: self, previous_properties }
    }
}

impl Properties {
    /// The properties of the grant of `key`. An imported key is included unmasked if `shows_imported`.
    pub(super) fn of(key: &LicenseKey, shows_imported: bool) -> Self {
        let shown = (shows_imported && key.imported).then(|| key.key.clone());
        Self { user_provided_key: shown, ..Self::of_code(key.id, &key.key) }
    }

    /// The properties of a grant of the key `id` with the string `code`.
    pub(super) fn of_code(id: Uuid, code: &str) -> Self {
        Self { user_provided_key: None, license_key_id: Some(id), display_key: Some(display_key(code)) }
    }
}

impl<'a> BenefitDocument<'a> {
    pub(super) fn new(benefit: &'a Benefit) -> Self {
        let spec = &benefit.properties;
        Self {
            id: benefit.id,
            created_at: benefit.created_at,
            modified_at: benefit.modified_at,
            kind: "license_keys",
            description: "License keys",
            selectable: true,
            deletable: true,
            is_deleted: benefit.deleted,
            organization_id: benefit.organization_id,
            metadata: Empty::new(),
            visibility: "public",
            properties: BenefitProperties {
                prefix: spec.prefix.as_deref().map(str::trim).filter(|prefix| !prefix.is_empty()),
                expires: spec.expires.map(|ttl| ExpiresDocument {
                    ttl: ttl.count,
                    timeframe: match ttl.timeframe {
                        Timeframe::Day => "day",
                        Timeframe::Month => "month",
                        Timeframe::Year => "year",
                    },
                }),
                activations: spec.activations.map(|activations| ActivationsDocument {
                    limit: activations.limit,
                    enable_customer_admin: activations.enable_customer_admin,
                }),
                limit_usage: spec.limit_usage,
            },
            visibility_configurable: true,
        }
    }
}

/// The members of a customer have a role: one is the owner.
fn member_document(member: &Member) -> MemberDocument<'_> {
    MemberDocument {
        id: member.id,
        created_at: member.created_at,
        modified_at: None,
        customer_id: member.customer_id,
        email: &member.email,
        name: None,
        external_id: member.external_id.as_deref(),
        role: if member.owner { "owner" } else { "member" },
    }
}

/// The subscription of a key, if it is active. Products and prices are not simulated; each benefit counts as one
/// product.
fn subscription_document(key: &LicenseKey, shows_quantities: bool) -> Option<SubscriptionDocument> {
    let Origin::Subscription { id, started_at, ended_at: None, renewals } = key.grant.origin else {
        return None;
    };
    Some(SubscriptionDocument {
        id,
        created_at: started_at,
        modified_at: None,
        custom_field_data: Empty::new(),
        metadata: Empty::new(),
        status: "active",
        amount: 1000,
        currency: "usd",
        recurring_interval: "month",
        current_period_start: started_at.plus(renewals, Timeframe::Month),
        current_period_end: started_at.plus(renewals.saturating_add(1), Timeframe::Month),
        trial_start: None,
        trial_end: None,
        cancel_at_period_end: false,
        canceled_at: None,
        started_at: Some(started_at),
        ends_at: None,
        product_id: derived(key.benefit_id, "product"),
        discount_id: None,
        price_id: derived(key.benefit_id, "price"),
        meters: [],
        quantities: shows_quantities.then_some(QuantitiesDocument { seats: None, units: 1 }),
    })
}

/// The benefit of a granted key in the state of a customer.
fn granted_benefit_document(key: &LicenseKey, shows_imported: bool) -> GrantedBenefitDocument {
    GrantedBenefitDocument {
        id: key.grant.id,
        created_at: key.grant.created_at,
        modified_at: key.grant.modified_at,
        granted_at: key.grant.granted_at,
        benefit_id: key.benefit_id,
        benefit_type: "license_keys",
        benefit_metadata: Empty::new(),
        properties: Properties::of(key, shows_imported),
    }
}
