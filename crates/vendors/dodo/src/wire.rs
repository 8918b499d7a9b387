//! Bodies as Dodo Payments writes them. Only what the model keeps is read; everything that some version of
//! the API leaves out is optional.

use std::borrow::Cow;

use anykey_core::{ActivationId, CustomerId, LicenseKeyId, ProductId, Timestamp};
use anykey_http::{JsonText, JsonTimestamp};
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
    #[serde(borrow)]
    pub(crate) business_id: Option<JsonText<'a>>,
    pub(crate) customer_id: Option<CustomerId>,
    #[serde(borrow)]
    pub(crate) product_id: Option<JsonText<'a>>,
    pub(crate) payment_id: Option<Box<str>>,
    pub(crate) subscription_id: Option<Box<str>>,
    #[serde(borrow)]
    pub(crate) source: Option<JsonText<'a>>,
    pub(crate) instances_count: Option<u64>,
    pub(crate) activations_limit: Option<i64>,
    pub(crate) created_at: Option<JsonTimestamp>,
    pub(crate) expires_at: Option<JsonTimestamp>,
}

#[derive(Deserialize)]
pub(crate) struct InstanceBody {
    pub(crate) id: ActivationId,
    pub(crate) license_key_id: Option<LicenseKeyId>,
    #[serde(default)]
    pub(crate) name: String,
    pub(crate) created_at: Option<Timestamp>,
}

/// The answer to activate. `product` came with version 1.53 of the API.
#[derive(Deserialize)]
pub(crate) struct ActivatedBody {
    pub(crate) id: ActivationId,
    pub(crate) license_key_id: Option<LicenseKeyId>,
    #[serde(default)]
    pub(crate) name: String,
    pub(crate) created_at: Option<Timestamp>,
    pub(crate) product: Option<ActivatedProduct>,
}

#[derive(Deserialize)]
pub(crate) struct ActivatedProduct {
    pub(crate) product_id: ProductId,
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
