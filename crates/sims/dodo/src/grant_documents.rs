//! The JSON records of entitlements and grants, as in specification 1.113 and the SDKs up to 1.127 (2026).

use std::collections::BTreeMap;

use anykey_core::Timestamp;
use serde::Serialize;

use super::database::Database;
use super::grant_records::{Entitlement, Grant, GrantState};
use super::quirks::{Profile, Quirks};
use super::records::{Business, Key};
use super::time::written;

/// An entitlement's record.
#[derive(Serialize)]
pub(super) struct EntitlementDocument<'w> {
    id: &'w str,
    business_id: &'w str,
    name: &'w str,
    description: Option<&'w str>,
    integration_type: &'static str,
    integration_config: ConfigDocument,
    is_active: bool,
    metadata: BTreeMap<&'w str, &'w str>,
    created_at: String,
    updated_at: String,
}

/// The configuration of an entitlement that delivers license keys. A lifetime is written in days, one of several
/// units that the vendor has.
#[derive(Serialize)]
struct ConfigDocument {
    activation_message: Option<&'static str>,
    activations_limit: Option<i32>,
    duration_count: Option<i32>,
    duration_interval: Option<&'static str>,
    fulfillment_mode: &'static str,
}

impl<'w> EntitlementDocument<'w> {
    pub(super) fn new(entitlement: &'w Entitlement, business_id: &'w str, quirks: &Quirks) -> Self {
        let spec = &entitlement.spec;
        Self {
            id: &entitlement.id,
            business_id,
            name: &spec.name,
            description: None,
            integration_type: spec.integration_type.word(),
            integration_config: ConfigDocument {
                activation_message: None,
                activations_limit: spec.activations_limit,
                duration_count: spec.duration_days,
                duration_interval: spec.duration_days.map(|_| "Day"),
                fulfillment_mode: if spec.manual { "manual" } else { "auto" },
            },
            is_active: true,
            metadata: BTreeMap::new(),
            created_at: written(entitlement.created_at, quirks.second_fraction),
            updated_at: written(entitlement.created_at, quirks.second_fraction),
        }
    }
}

/// A grant's record. `brand_id` is omitted in the old profile; all other absent members are null.
///
/// The members about OAuth, files and features belong to other kinds of entitlements and are always null here.
#[derive(Serialize)]
pub(super) struct GrantDocument<'w> {
    id: &'w str,
    #[serde(skip_serializing_if = "Option::is_none")]
    brand_id: Option<&'w str>,
    business_id: &'w str,
    entitlement_id: &'w str,
    customer_id: &'w str,
    integration_type: &'static str,
    status: String,
    license_key: Option<GrantedKeyDocument<'w>>,
    metadata: Option<BTreeMap<&'w str, &'w str>>,
    payment_id: Option<&'w str>,
    subscription_id: Option<&'w str>,
    created_at: String,
    updated_at: String,
    delivered_at: Option<String>,
    revoked_at: Option<String>,
    revocation_reason: Option<&'w str>,
    error_code: Option<&'w str>,
    error_message: Option<&'w str>,
    oauth_url: Option<&'w str>,
    oauth_expires_at: Option<&'w str>,
    digital_product_delivery: Option<&'w str>,
    feature: Option<&'w str>,
}

/// The key inside a grant. `id` and `status` exist since SDK version 1.127.
///
/// The count is named `activations_used` here and `instances_count` in a key's own record.
#[derive(Serialize)]
pub(super) struct GrantedKeyDocument<'w> {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'w str>,
    key: &'w str,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<&'w str>,
    activations_used: i32,
    activations_limit: Option<i32>,
    expires_at: Option<String>,
}

impl<'w> GrantedKeyDocument<'w> {
    pub(super) fn new(key: &'w Key, status: &'static str, quirks: &Quirks) -> Self {
        let named = !quirks.nameless_granted_keys;
        Self {
            id: named.then_some(&*key.id),
            key: &key.code,
            status: named.then(|| key.status_word.as_deref().unwrap_or(status)),
            activations_used: key.instances_count(),
            activations_limit: key.activations_limit,
            expires_at: key.expires_at.map(|at| written(at, quirks.second_fraction)),
        }
    }
}

impl Database {
    /// The current record of `grant`; `None` if its business or entitlement is unknown.
    pub(super) fn grant_document<'w>(
        &'w self,
        grant: &'w Grant,
        quirks: &Quirks,
        now: Timestamp,
    ) -> Option<GrantDocument<'w>> {
        let business = self.businesses.get(&grant.business)?;
        let entitlement = business.entitlement(&grant.entitlement)?;
        let key = grant.key.as_ref().and_then(|id| self.keys.get(id));
        let key = key.map(|key| {
            let status = self.status(key, now, quirks.expiry_sweep_lag).word();
            GrantedKeyDocument::new(key, status, quirks)
        });
        Some(GrantDocument::new(grant, business, entitlement, self.grant_state(grant), key, quirks))
    }
}

impl<'w> GrantDocument<'w> {
    pub(super) fn new(
        grant: &'w Grant,
        business: &'w Business,
        entitlement: &Entitlement,
        state: GrantState,
        license_key: Option<GrantedKeyDocument<'w>>,
        quirks: &Quirks,
    ) -> Self {
        let word = state.word();
        let time = |at| written(at, quirks.second_fraction);
        Self {
            id: &grant.id,
            brand_id: (quirks.profile == Profile::Current).then_some(&*business.brand),
            business_id: &grant.business,
            entitlement_id: &grant.entitlement,
            customer_id: &grant.customer,
            integration_type: entitlement.spec.integration_type.word(),
            status: if quirks.lower_case_grant_status { word.to_lowercase() } else { word.to_owned() },
            license_key,
            metadata: (!quirks.null_grant_metadata).then(BTreeMap::new),
            payment_id: grant.payment.as_deref(),
            subscription_id: grant.subscription.as_deref(),
            created_at: time(grant.created_at),
            updated_at: time(grant.updated_at),
            delivered_at: grant.delivered_at.map(time),
            revoked_at: state.reason().map(|_| time(grant.updated_at)),
            revocation_reason: state.reason().map(|reason| grant.reason_word.as_deref().unwrap_or(reason)),
            error_code: grant.failure.as_ref().map(|failure| &*failure.code),
            error_message: grant.failure.as_ref().map(|failure| &*failure.message),
            oauth_url: None,
            oauth_expires_at: None,
            digital_product_delivery: None,
            feature: None,
        }
    }
}
