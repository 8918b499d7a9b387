//! Entitlements and grants as Dodo writes them. Only what the model keeps is read; everything that some
//! version of the API leaves out is optional.

use std::borrow::Cow;

use anykey_core::{CustomerId, LicenseKeyId, Timestamp};
use serde::{Deserialize, Serialize};

#[derive(Deserialize)]
pub(super) struct EntitlementBody<'a> {
    pub(super) id: Box<str>,
    #[serde(borrow)]
    pub(super) integration_type: Option<Cow<'a, str>>,
    pub(super) integration_config: Option<ConfigBody>,
}

/// What the keys of an entitlement get unless they say otherwise.
#[derive(Default, Deserialize)]
pub(super) struct ConfigBody {
    pub(super) activations_limit: Option<i64>,
    pub(super) duration_count: Option<i64>,
}

#[derive(Deserialize)]
pub(super) struct GrantBody<'a> {
    pub(super) id: Box<str>,
    pub(super) entitlement_id: Box<str>,
    /// `Pending`, `Delivered`, `Failed`, `Revoked`; in lower case elsewhere.
    #[serde(borrow)]
    pub(super) status: Cow<'a, str>,
    #[serde(borrow)]
    pub(super) license_key: Option<GrantedKeyBody<'a>>,
    #[serde(borrow)]
    pub(super) integration_type: Option<Cow<'a, str>>,
    pub(super) business_id: Option<Box<str>>,
    pub(super) customer_id: Option<CustomerId>,
    pub(super) payment_id: Option<Box<str>>,
    pub(super) subscription_id: Option<Box<str>>,
    pub(super) revocation_reason: Option<Box<str>>,
    pub(super) created_at: Option<Timestamp>,
    pub(super) updated_at: Option<Timestamp>,
}

/// `id` and `status` came with the SDK of version 1.127.
#[derive(Deserialize)]
pub(super) struct GrantedKeyBody<'a> {
    pub(super) id: Option<LicenseKeyId>,
    pub(super) key: String,
    #[serde(borrow)]
    pub(super) status: Option<Cow<'a, str>>,
    pub(super) activations_used: Option<u64>,
    pub(super) activations_limit: Option<i64>,
    pub(super) expires_at: Option<Timestamp>,
}

#[derive(Serialize)]
pub(super) struct FulfilBody<'a> {
    pub(super) key: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) activations_limit: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) expires_at: Option<Timestamp>,
}
