//! The bodies of Lemon Squeezy's APIs: plain JSON in the License API, JSON:API in the main API. Only the members of the
//! model are read, and those that do not identify the record may be missing, `null` or invalid.

use std::collections::BTreeMap;

use anykey_core::{ActivationId, CustomerId, LicenseKeyId, ProductId, Timestamp};
use anykey_http::{JsonMember, JsonText, JsonTimestamp, optional_member};
use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

/// An answer of the License API, or an error of either API. The call determines which flag is present.
#[derive(Deserialize)]
pub(crate) struct AnswerBody<'a> {
    #[serde(default)]
    pub(crate) activated: JsonMember<bool>,
    #[serde(default)]
    pub(crate) valid: JsonMember<bool>,
    #[serde(default)]
    pub(crate) deactivated: JsonMember<bool>,
    #[serde(borrow, default)]
    pub(crate) error: JsonMember<JsonText<'a>>,
    #[serde(borrow, default)]
    pub(crate) message: JsonMember<JsonText<'a>>,
    #[serde(default)]
    pub(crate) errors: Option<Errors>,
    #[serde(borrow, default, deserialize_with = "optional_member")]
    pub(crate) license_key: Option<LicenseBody<'a>>,
    #[serde(default, deserialize_with = "optional_member")]
    pub(crate) instance: Option<InstanceBody>,
    #[serde(default, deserialize_with = "optional_member")]
    pub(crate) meta: Option<MetaBody>,
}

/// A list in JSON:API, or a map from fields to messages in the License API.
#[derive(Deserialize)]
#[serde(untagged)]
pub(crate) enum Errors {
    List(Vec<ErrorObject>),
    Fields(BTreeMap<String, IgnoredAny>),
    Other(IgnoredAny),
}

#[derive(Deserialize)]
pub(crate) struct ErrorObject {
    #[serde(default)]
    pub(crate) status: JsonMember<String>,
    #[serde(default)]
    pub(crate) title: JsonMember<String>,
    #[serde(default)]
    pub(crate) detail: JsonMember<String>,
}

/// A key in the License API.
#[derive(Deserialize)]
pub(crate) struct LicenseBody<'a> {
    #[serde(default)]
    pub(crate) id: JsonMember<LicenseKeyId>,
    #[serde(borrow, default)]
    pub(crate) status: JsonMember<JsonText<'a>>,
    #[serde(default)]
    pub(crate) key: JsonMember<String>,
    #[serde(default)]
    pub(crate) activation_limit: JsonMember<i64>,
    #[serde(default)]
    pub(crate) activation_usage: JsonMember<u64>,
    #[serde(default)]
    pub(crate) created_at: JsonMember<JsonTimestamp>,
    #[serde(default)]
    pub(crate) expires_at: JsonMember<JsonTimestamp>,
    #[serde(default)]
    pub(crate) test_mode: JsonMember<bool>,
}

/// An instance in the License API.
#[derive(Deserialize)]
pub(crate) struct InstanceBody {
    #[serde(default)]
    pub(crate) id: JsonMember<ActivationId>,
    #[serde(default)]
    pub(crate) name: JsonMember<String>,
    #[serde(default)]
    pub(crate) created_at: JsonMember<JsonTimestamp>,
}

/// The purchase. The buyer's name and e-mail address are not read.
#[derive(Default, Deserialize)]
pub(crate) struct MetaBody {
    #[serde(default)]
    pub(crate) store_id: JsonMember<Box<str>>,
    #[serde(default)]
    pub(crate) order_id: JsonMember<Box<str>>,
    #[serde(default)]
    pub(crate) product_id: JsonMember<ProductId>,
    #[serde(default)]
    pub(crate) variant_id: JsonMember<Box<str>>,
    #[serde(default)]
    pub(crate) customer_id: JsonMember<CustomerId>,
}

/// A document of the main API with one resource.
#[derive(Deserialize)]
pub(crate) struct Document<T> {
    pub(crate) data: T,
}

/// One resource of a list, as text.
pub(crate) type RawItem<'a> = &'a RawValue;

/// A key in the main API and in webhooks.
#[derive(Deserialize)]
pub(crate) struct KeyResource {
    pub(crate) id: LicenseKeyId,
    pub(crate) attributes: KeyAttributes,
}

#[derive(Deserialize)]
pub(crate) struct KeyAttributes {
    pub(crate) key: String,
    pub(crate) status: String,
    #[serde(default)]
    pub(crate) store_id: JsonMember<Box<str>>,
    #[serde(default)]
    pub(crate) customer_id: JsonMember<CustomerId>,
    #[serde(default)]
    pub(crate) order_id: JsonMember<Box<str>>,
    #[serde(default)]
    pub(crate) product_id: JsonMember<ProductId>,
    #[serde(default)]
    pub(crate) activation_limit: JsonMember<i64>,
    #[serde(default)]
    pub(crate) instances_count: JsonMember<u64>,
    #[serde(default)]
    pub(crate) disabled: JsonMember<bool>,
    #[serde(default)]
    pub(crate) expires_at: JsonMember<JsonTimestamp>,
    #[serde(default)]
    pub(crate) created_at: JsonMember<JsonTimestamp>,
    #[serde(default)]
    pub(crate) updated_at: JsonMember<JsonTimestamp>,
    #[serde(default)]
    pub(crate) test_mode: JsonMember<bool>,
}

/// A page of instances in the main API.
#[derive(Deserialize)]
pub(crate) struct InstanceList {
    pub(crate) data: Vec<InstanceResource>,
    #[serde(default)]
    pub(crate) meta: ListMeta,
    #[serde(default)]
    pub(crate) links: Links,
}

#[derive(Deserialize)]
pub(crate) struct InstanceResource {
    pub(crate) attributes: InstanceAttributes,
}

#[derive(Deserialize)]
pub(crate) struct InstanceAttributes {
    /// The instance's id in the License API, which differs from the resource's id.
    pub(crate) identifier: ActivationId,
    #[serde(default)]
    pub(crate) license_key_id: JsonMember<LicenseKeyId>,
    #[serde(default)]
    pub(crate) name: JsonMember<String>,
    #[serde(default)]
    pub(crate) created_at: JsonMember<JsonTimestamp>,
}

/// The paging members of a list.
#[derive(Default, Deserialize)]
pub(crate) struct Frame {
    #[serde(default)]
    pub(crate) meta: ListMeta,
    #[serde(default)]
    pub(crate) links: Links,
}

#[derive(Default, Deserialize)]
pub(crate) struct ListMeta {
    #[serde(default)]
    pub(crate) page: PageMeta,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PageMeta {
    #[serde(default)]
    pub(crate) current_page: JsonMember<u64>,
    #[serde(default)]
    pub(crate) last_page: JsonMember<u64>,
    #[serde(default)]
    pub(crate) total: JsonMember<u64>,
}

#[derive(Default, Deserialize)]
pub(crate) struct Links {
    #[serde(default)]
    pub(crate) first: JsonMember<Box<str>>,
    #[serde(default)]
    pub(crate) next: JsonMember<Box<str>>,
}

#[derive(Serialize)]
pub(crate) struct ActivateBody<'a> {
    pub(crate) license_key: &'a str,
    pub(crate) instance_name: &'a str,
}

#[derive(Serialize)]
pub(crate) struct SeatBody<'a> {
    pub(crate) license_key: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) instance_id: Option<&'a str>,
}

#[derive(Serialize)]
pub(crate) struct PatchDocument<'a> {
    pub(crate) data: PatchResource<'a>,
}

#[derive(Serialize)]
pub(crate) struct PatchResource<'a> {
    pub(crate) r#type: &'static str,
    pub(crate) id: &'a str,
    pub(crate) attributes: &'a PatchBody,
}

/// Absent keeps, `null` clears, a value sets.
#[derive(Debug, Default, PartialEq, Serialize)]
pub(crate) struct PatchBody {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) activation_limit: Option<Option<u64>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) expires_at: Option<Option<Timestamp>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) disabled: Option<bool>,
}
