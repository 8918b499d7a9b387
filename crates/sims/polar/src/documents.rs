//! The JSON documents of successful answers.

use serde::Serialize;
use uuid::Uuid;

use super::ids::digest_like;
use super::key_status::KeyStatus;
use super::moment::Moment;
use super::options::{ApiVersion, Release};
use super::records::{Activation, Customer, LicenseKey, Member, Origin};
use super::reply::Crash;
use super::specs::{BillingAddress, CustomerSpec};
use super::state::State;
use super::validation::Metadata;

/// A license key. The members after `expires_at` depend on the endpoint and the version.
///
/// Every answer has all members, with explicit nulls. `user` and `user_id` are deprecated and repeat the customer.
#[derive(Serialize)]
pub(super) struct KeyDocument<'a> {
    id: Uuid,
    created_at: Moment,
    modified_at: Option<Moment>,
    organization_id: Uuid,
    user_id: Uuid,
    customer_id: Uuid,
    user: UserDocument<'a>,
    customer: CustomerDocument<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    member_id: Option<Option<Uuid>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    member: Option<Option<MemberDocument<'a>>>,
    benefit_id: Uuid,
    key: &'a str,
    display_key: String,
    status: KeyStatus,
    limit_activations: Option<i64>,
    usage: i64,
    limit_usage: Option<i64>,
    validations: i64,
    last_validated_at: Option<Moment>,
    /// Text, because an update echoes the text that was sent.
    pub(super) expires_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) activations: Option<Vec<ActivationDocument<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) activation: Option<Option<ActivationDocument<'a>>>,
    #[serde(flatten)]
    origin: Option<OriginDocument>,
}

/// The deprecated predecessor of the customer.
#[derive(Serialize)]
struct UserDocument<'a> {
    id: Uuid,
    email: Option<&'a str>,
    public_name: String,
    avatar_url: Option<String>,
}

/// A customer, with all 18 members.
#[derive(Serialize)]
pub(super) struct CustomerDocument<'a> {
    id: Uuid,
    created_at: Moment,
    modified_at: Option<Moment>,
    metadata: &'a Metadata,
    external_id: Option<&'a str>,
    email: Option<&'a str>,
    email_verified: bool,
    #[serde(rename = "type")]
    kind: &'static str,
    name: Option<&'a str>,
    billing_name: Option<&'a str>,
    billing_address: Option<&'a BillingAddress>,
    tax_id: Option<&'a (String, String)>,
    locale: Option<&'a str>,
    organization_id: Uuid,
    default_payment_method_id: Option<Uuid>,
    deleted_at: Option<Moment>,
    first_user_event_at: Option<Moment>,
    avatar_url: Option<String>,
}

/// The member of a key.
#[derive(Serialize)]
struct MemberDocument<'a> {
    id: Uuid,
    email: &'a str,
    external_id: Option<&'a str>,
}

/// An activation. Its conditions are never included.
#[derive(Serialize)]
pub(super) struct ActivationDocument<'a> {
    id: Uuid,
    license_key_id: Uuid,
    label: &'a str,
    pub(super) meta: &'a Metadata,
    created_at: Moment,
    modified_at: Option<Moment>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) license_key: Option<Box<KeyDocument<'a>>>,
}

/// The order or subscription, since version 2027-01.
#[derive(Serialize)]
struct OriginDocument {
    subscription_id: Option<Uuid>,
    subscription: Option<SubscriptionDocument>,
    order_id: Option<Uuid>,
    order: Option<OrderDocument>,
}

/// The subscription of a key.
#[derive(Serialize)]
struct SubscriptionDocument {
    id: Uuid,
    status: &'static str,
    current_period_start: Moment,
    current_period_end: Moment,
    cancel_at_period_end: bool,
    ends_at: Option<Moment>,
}

/// The order of a key.
#[derive(Serialize)]
struct OrderDocument {
    id: Uuid,
    created_at: Moment,
    status: &'static str,
    paid: bool,
}

impl State {
    /// The document of a key, which every endpoint extends.
    pub(super) fn key_document<'a>(
        &'a self,
        key: &'a LicenseKey,
        version: ApiVersion,
    ) -> Result<KeyDocument<'a>, Crash> {
        let customer = self.customers.get(&key.customer_id).ok_or(Crash)?;
        let seats = self.release == Release::October2026 && version >= ApiVersion::V2026_10;
        let member = key.member_id.and_then(|id| self.members.get(&id));
        let document = customer_document(customer);
        Ok(KeyDocument {
            id: key.id,
            created_at: key.created_at,
            modified_at: key.modified_at,
            organization_id: key.organization_id,
            user_id: customer.id,
            customer_id: customer.id,
            user: UserDocument {
                id: customer.id,
                email: customer.profile.email.as_deref(),
                public_name: initial(&customer.profile),
                avatar_url: document.avatar_url.clone(),
            },
            customer: document,
            member_id: seats.then_some(key.member_id),
            member: seats.then(|| member.map(member_document)),
            benefit_id: key.benefit_id,
            key: &key.key,
            display_key: display_key(&key.key),
            status: key.status,
            limit_activations: key.limits.activations,
            usage: key.usage,
            limit_usage: key.limits.usage,
            validations: key.validations,
            last_validated_at: key.last_validated_at,
            expires_at: key.limits.expires_at.map(|end| end.to_string()),
            activations: None,
            activation: None,
            origin: None,
        })
    }
}

impl<'a> KeyDocument<'a> {
    /// Adds order and subscription if `version` has them.
    #[must_use]
    pub(super) fn with_origin(mut self, key: &LicenseKey, version: ApiVersion) -> Self {
        if version >= ApiVersion::V2027_01 {
            self.origin = Some(origin_document(&key.grant.origin));
        }
        self
    }

    /// Adds the list of live activations.
    #[must_use]
    pub(super) fn with_activations(mut self, key: &'a LicenseKey) -> Self {
        self.activations =
            Some(key.activations.iter().map(|activation| activation_document(key.id, activation)).collect());
        self
    }
}

/// The document of an activation.
pub(super) fn activation_document(key: Uuid, activation: &Activation) -> ActivationDocument<'_> {
    ActivationDocument {
        id: activation.id,
        license_key_id: key,
        label: &activation.label,
        meta: &activation.meta,
        created_at: activation.created_at,
        modified_at: None,
        license_key: None,
    }
}

/// The document of a customer, as in every key, on the public plane too.
pub(super) fn customer_document(customer: &Customer) -> CustomerDocument<'_> {
    let profile = &customer.profile;
    CustomerDocument {
        id: customer.id,
        created_at: customer.created_at,
        modified_at: customer.modified_at,
        metadata: &customer.metadata,
        external_id: profile.external_id.as_deref(),
        email: profile.email.as_deref(),
        email_verified: profile.email_verified,
        kind: if profile.team { "team" } else { "individual" },
        name: profile.name.as_deref(),
        billing_name: profile.billing_name.as_deref().or(profile.name.as_deref()),
        billing_address: profile.billing_address.as_ref(),
        tax_id: profile.tax_id.as_ref(),
        locale: profile.locale.as_deref(),
        organization_id: customer.organization_id,
        default_payment_method_id: None,
        deleted_at: customer.deleted_at,
        first_user_event_at: None,
        avatar_url: profile.email.as_deref().map(avatar_url),
    }
}

/// The member in a key: without role and times.
fn member_document(member: &Member) -> MemberDocument<'_> {
    MemberDocument { id: member.id, email: &member.email, external_id: member.external_id.as_deref() }
}

/// The order or the subscription that the key was granted for; the other one is null.
fn origin_document(origin: &Origin) -> OriginDocument {
    match *origin {
        Origin::Order { id, created_at } => OriginDocument {
            subscription_id: None,
            subscription: None,
            order_id: Some(id),
            order: Some(OrderDocument { id, created_at, status: "paid", paid: true }),
        },
        Origin::Subscription { id, started_at, ended_at, renewals } => OriginDocument {
            subscription_id: Some(id),
            subscription: Some(SubscriptionDocument {
                id,
                status: if ended_at.is_some() { "canceled" } else { "active" },
                current_period_start: started_at.plus(renewals, super::Timeframe::Month),
                current_period_end: started_at.plus(renewals.saturating_add(1), super::Timeframe::Month),
                cancel_at_period_end: false,
                ends_at: ended_at,
            }),
            order_id: None,
            order: None,
        },
    }
}

/// The key masked except for its last six characters.
pub(super) fn display_key(key: &str) -> String {
    let start = key.chars().count().saturating_sub(6);
    format!("****-{}", key.chars().skip(start).collect::<String>())
}

/// The public name in the deprecated `user`: one letter.
fn initial(profile: &CustomerSpec) -> String {
    let first = |text: &Option<String>| text.as_deref().and_then(|text| text.chars().next());
    first(&profile.name).or_else(|| first(&profile.email)).unwrap_or('?').to_string()
}

/// An avatar URL with the right shape, but not with the digest of Gravatar.
fn avatar_url(email: &str) -> String {
    format!("https://www.gravatar.com/avatar/{}?d=404", digest_like(&email.to_lowercase()))
}
