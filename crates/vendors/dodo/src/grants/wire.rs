//! Entitlements and grants as Dodo writes them. Only what the model keeps is read; everything that some
//! version of the API leaves out is optional.

use std::borrow::Cow;

use anykey_core::{CustomerId, LicenseKeyId, Timestamp};
use anykey_http::{JsonMember, JsonTimestamp};
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
    #[serde(default)]
    pub(super) activations_limit: JsonMember<i64>,
    #[serde(default)]
    pub(super) duration_count: JsonMember<i64>,
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
    #[serde(default)]
    pub(super) business_id: JsonMember<Box<str>>,
    #[serde(default)]
    pub(super) customer_id: JsonMember<CustomerId>,
    #[serde(default)]
    pub(super) payment_id: JsonMember<Box<str>>,
    #[serde(default)]
    pub(super) subscription_id: JsonMember<Box<str>>,
    #[serde(default)]
    pub(super) revocation_reason: JsonMember<Box<str>>,
    #[serde(default)]
    pub(super) created_at: JsonMember<JsonTimestamp>,
    #[serde(default)]
    pub(super) updated_at: JsonMember<JsonTimestamp>,
}

/// `id` and `status` came with the SDK of version 1.127.
#[derive(Deserialize)]
pub(super) struct GrantedKeyBody<'a> {
    #[serde(default)]
    pub(super) id: JsonMember<LicenseKeyId>,
    pub(super) key: String,
    #[serde(borrow)]
    pub(super) status: Option<Cow<'a, str>>,
    #[serde(default)]
    pub(super) activations_used: JsonMember<u64>,
    #[serde(default)]
    pub(super) activations_limit: JsonMember<i64>,
    #[serde(default)]
    pub(super) expires_at: JsonMember<JsonTimestamp>,
}

#[derive(Serialize)]
pub(super) struct FulfilBody<'a> {
    pub(super) key: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) activations_limit: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) expires_at: Option<Timestamp>,
}
