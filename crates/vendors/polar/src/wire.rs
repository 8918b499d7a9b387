//! Bodies as Polar writes them. Only what the model keeps is read: customer, user, member and billing data are
//! skipped and never built. Everything but id, key and status is optional.

use std::borrow::Cow;
use std::collections::BTreeMap;

use anykey_core::{Metadata, MetadataValue, Timestamp};
use anykey_http::{JsonMember, JsonText, JsonTimestamp, optional_member};
use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

/// Every list, for the texts of its records.
#[derive(Deserialize)]
pub(crate) struct Items<T> {
    pub(crate) items: Vec<T>,
}

/// `max_page` counts from 1 and is 0 for an empty list.
#[derive(Clone, Copy, Deserialize)]
pub(crate) struct Pagination {
    pub(crate) total_count: u64,
    pub(crate) max_page: u64,
}

/// One record whose text is kept.
pub(crate) type RawItem<'a> = &'a RawValue;

/// `activations` comes with a single key, `activation` with a validation, `subscription_id` and `order_id` with
/// validations and activations from version 2027-01 on.
#[derive(Deserialize)]
pub(crate) struct LicenseKeyBody<'a> {
    pub(crate) id: Box<str>,
    pub(crate) key: String,
    #[serde(borrow)]
    pub(crate) status: Cow<'a, str>,
    #[serde(borrow, default)]
    pub(crate) organization_id: JsonMember<JsonText<'a>>,
    #[serde(default)]
    pub(crate) customer_id: JsonMember<Box<str>>,
    #[serde(borrow, default)]
    pub(crate) benefit_id: JsonMember<JsonText<'a>>,
    #[serde(default)]
    pub(crate) limit_activations: JsonMember<i64>,
    #[serde(default)]
    pub(crate) usage: JsonMember<i64>,
    #[serde(default)]
    pub(crate) limit_usage: JsonMember<i64>,
    #[serde(default)]
    pub(crate) expires_at: JsonMember<JsonTimestamp>,
    #[serde(default)]
    pub(crate) created_at: JsonMember<JsonTimestamp>,
    #[serde(default)]
    pub(crate) modified_at: JsonMember<JsonTimestamp>,
    #[serde(default)]
    pub(crate) last_validated_at: JsonMember<JsonTimestamp>,
    #[serde(default)]
    pub(crate) subscription_id: JsonMember<Box<str>>,
    #[serde(default)]
    pub(crate) order_id: JsonMember<Box<str>>,
    #[serde(default, deserialize_with = "optional_member")]
    pub(crate) activation: Option<ActivationBody>,
    pub(crate) activations: Option<Vec<ActivationBody>>,
}

#[derive(Deserialize)]
pub(crate) struct ActivationBody {
    pub(crate) id: Box<str>,
    #[serde(default)]
    pub(crate) license_key_id: JsonMember<Box<str>>,
    #[serde(default)]
    pub(crate) label: JsonMember<String>,
    #[serde(default, deserialize_with = "optional_member")]
    pub(crate) meta: Option<BTreeMap<String, MetaValue>>,
    #[serde(default)]
    pub(crate) created_at: JsonMember<JsonTimestamp>,
}

/// One value of `meta`; what the documents do not allow is left out of the model.
#[derive(Deserialize)]
#[serde(untagged)]
pub(crate) enum MetaValue {
    Known(MetadataValue),
    Other(IgnoredAny),
}

/// The answer to activate.
#[derive(Deserialize)]
pub(crate) struct ActivatedBody<'a> {
    pub(crate) id: Box<str>,
    #[serde(default)]
    pub(crate) license_key_id: JsonMember<Box<str>>,
    #[serde(default)]
    pub(crate) label: JsonMember<String>,
    #[serde(default, deserialize_with = "optional_member")]
    pub(crate) meta: Option<BTreeMap<String, MetaValue>>,
    #[serde(default)]
    pub(crate) created_at: JsonMember<JsonTimestamp>,
    #[serde(borrow, default, deserialize_with = "optional_member")]
    pub(crate) license_key: Option<LicenseKeyBody<'a>>,
}

/// The answer to activate, for the text of its key.
#[derive(Deserialize)]
pub(crate) struct ActivatedText<'a> {
    #[serde(borrow)]
    pub(crate) license_key: Option<RawItem<'a>>,
}

/// The error body in all its shapes; see the README.
#[derive(Deserialize)]
pub(crate) struct ErrorBody<'a> {
    #[serde(borrow)]
    pub(crate) error: Option<JsonText<'a>>,
    #[serde(borrow)]
    pub(crate) error_description: Option<JsonText<'a>>,
    pub(crate) detail: Option<Detail>,
}

#[derive(Deserialize)]
#[serde(untagged)]
pub(crate) enum Detail {
    Sentence(String),
    Faults(Vec<Fault>),
    Other(IgnoredAny),
}

/// One rejected value. Its `input` repeats what was sent, license key included, and is never read.
#[derive(Deserialize)]
pub(crate) struct Fault {
    #[serde(default)]
    pub(crate) loc: Vec<Step>,
    #[serde(default)]
    pub(crate) msg: String,
}

#[derive(Deserialize)]
#[serde(untagged)]
pub(crate) enum Step {
    Name(String),
    Other(IgnoredAny),
}

#[derive(Serialize)]
pub(crate) struct ValidateBody<'a> {
    pub(crate) key: &'a str,
    pub(crate) organization_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) activation_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) benefit_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) customer_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) increment_usage: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) conditions: Option<&'a Metadata>,
}

#[derive(Serialize)]
pub(crate) struct ActivateBody<'a> {
    pub(crate) key: &'a str,
    pub(crate) organization_id: &'a str,
    pub(crate) label: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) conditions: Option<&'a Metadata>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) meta: Option<&'a Metadata>,
}

#[derive(Serialize)]
pub(crate) struct DeactivateBody<'a> {
    pub(crate) key: &'a str,
    pub(crate) organization_id: &'a str,
    pub(crate) activation_id: &'a str,
}

/// Absent keeps, `null` clears, a value sets. `status` and `usage` are never `null`: Polar answers 500 and 422.
#[derive(Debug, PartialEq, Serialize)]
pub(crate) struct PatchBody {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) status: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) usage: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) limit_activations: Option<Option<u64>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) limit_usage: Option<Option<u64>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) expires_at: Option<Option<Timestamp>>,
}
