//! Bodies as Dodo Payments writes them. Only what the model keeps is read, and what is not needed to tell which
//! record it is may be missing, `null` or odd.

use std::borrow::Cow;

use anykey_core::{ActivationId, CustomerId, LicenseKeyId, ProductId, Timestamp};
use anykey_http::{JsonMember, JsonText, JsonTimestamp, optional_member};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

/// Every list: no total, no cursor, no next link.
#[derive(Deserialize)]
pub(crate) struct Items<T> {
    pub(crate) items: Vec<T>,
}

/// One list item whose text is kept.
pub(crate) type RawItem<'a> = &'a RawValue;

#[derive(Deserialize)]
pub(crate) struct LicenseKeyBody<'a> {
    pub(crate) id: LicenseKeyId,
    pub(crate) key: String,
    #[serde(borrow)]
    pub(crate) status: Cow<'a, str>,
    #[serde(borrow, default)]
    pub(crate) business_id: JsonMember<JsonText<'a>>,
    #[serde(default)]
    pub(crate) customer_id: JsonMember<CustomerId>,
    #[serde(borrow, default)]
    pub(crate) product_id: JsonMember<JsonText<'a>>,
    #[serde(default)]
    pub(crate) payment_id: JsonMember<Box<str>>,
    #[serde(default)]
    pub(crate) subscription_id: JsonMember<Box<str>>,
    #[serde(borrow, default)]
    pub(crate) source: JsonMember<JsonText<'a>>,
    #[serde(default)]
    pub(crate) instances_count: JsonMember<u64>,
    #[serde(default)]
    pub(crate) activations_limit: JsonMember<i64>,
    #[serde(default)]
    pub(crate) created_at: JsonMember<JsonTimestamp>,
    #[serde(default)]
    pub(crate) expires_at: JsonMember<JsonTimestamp>,
}

#[derive(Deserialize)]
pub(crate) struct InstanceBody {
    pub(crate) id: ActivationId,
    #[serde(default)]
    pub(crate) license_key_id: JsonMember<LicenseKeyId>,
    #[serde(default)]
    pub(crate) name: JsonMember<String>,
    #[serde(default)]
    pub(crate) created_at: JsonMember<JsonTimestamp>,
}

/// The answer to activate. `product` came with version 1.53 of the API.
#[derive(Deserialize)]
pub(crate) struct ActivatedBody {
    pub(crate) id: ActivationId,
    #[serde(default)]
    pub(crate) license_key_id: JsonMember<LicenseKeyId>,
    #[serde(default)]
    pub(crate) name: JsonMember<String>,
    #[serde(default)]
    pub(crate) created_at: JsonMember<JsonTimestamp>,
    #[serde(default, deserialize_with = "optional_member")]
    pub(crate) product: Option<ActivatedProduct>,
}

#[derive(Deserialize)]
pub(crate) struct ActivatedProduct {
    #[serde(default)]
    pub(crate) product_id: JsonMember<ProductId>,
}

#[derive(Deserialize)]
pub(crate) struct ValidatedBody {
    pub(crate) valid: bool,
}

/// The error body; either member may be missing, and so may the body.
#[derive(Deserialize)]
pub(crate) struct ErrorBody<'a> {
    #[serde(borrow)]
    pub(crate) code: Option<JsonText<'a>>,
    #[serde(borrow)]
    pub(crate) message: Option<JsonText<'a>>,
}

#[derive(Serialize)]
pub(crate) struct ActivateBody<'a> {
    pub(crate) license_key: &'a str,
    pub(crate) name: &'a str,
}

#[derive(Serialize)]
pub(crate) struct SeatBody<'a> {
    pub(crate) license_key: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) license_key_instance_id: Option<&'a str>,
}

#[derive(Serialize)]
pub(crate) struct CreateBody<'a> {
    pub(crate) key: &'a str,
    pub(crate) customer_id: &'a str,
    pub(crate) product_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) activations_limit: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) expires_at: Option<Timestamp>,
}

/// Absent keeps, `null` clears, a value sets.
#[derive(Debug, PartialEq, Serialize)]
pub(crate) struct PatchBody {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) activations_limit: Option<Option<u64>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) expires_at: Option<Option<Timestamp>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) disabled: Option<bool>,
}

#[derive(Serialize)]
pub(crate) struct RenameBody<'a> {
    pub(crate) name: &'a str,
}
