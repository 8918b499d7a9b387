//! Bodies as Polar writes them. Only what the model keeps is read: customer, user, member and billing data are
//! skipped and never built. Everything but id, key and status is optional.
//!
//! Source, unless another one is named: the server's source of August 2026 and recordings of November 2026. Ids are
//! UUIDs in lower case; times are UTC.

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
    /// The records.
    pub(crate) items: Vec<T>,
}

/// `max_page` counts from 1 and is 0 for an empty list. The paging member of every list.
#[derive(Clone, Copy, Deserialize)]
pub(crate) struct Pagination {
    /// How many records the list has in all.
    pub(crate) total_count: u64,
    /// The number of the last page.
    pub(crate) max_page: u64,
}

/// One record whose text is kept.
pub(crate) type RawItem<'a> = &'a RawValue;

/// A license key, in every answer about one.
///
/// `activations` comes with a single key, `activation` with a validation, `subscription_id` and `order_id` with
/// validations and activations from version 2027-01 on.
#[derive(Deserialize)]
pub(crate) struct LicenseKeyBody<'a> {
    /// The id, a UUID. Key codes may look the same.
    pub(crate) id: Box<str>,
    /// The key code.
    pub(crate) key: String,
    /// `granted`, `disabled` or `revoked`. There is no word for an expired key: only its date says so.
    #[serde(borrow)]
    pub(crate) status: Cow<'a, str>,
    /// The organization that sells.
    #[serde(borrow, default)]
    pub(crate) organization_id: JsonMember<JsonText<'a>>,
    /// The customer.
    #[serde(default)]
    pub(crate) customer_id: JsonMember<Box<str>>,
    /// The benefit, which is the model's product. Polar's own products are not in it.
    #[serde(borrow, default)]
    pub(crate) benefit_id: JsonMember<JsonText<'a>>,
    /// How many activations the key may have. `null` means that it cannot be activated, and not that it is unlimited.
    #[serde(default)]
    pub(crate) limit_activations: JsonMember<i64>,
    /// The usage counter.
    #[serde(default)]
    pub(crate) usage: JsonMember<i64>,
    /// The limit of the counter; `null` is none.
    #[serde(default)]
    pub(crate) limit_usage: JsonMember<i64>,
    /// When the key ends. `null` on every key of a subscription, so it alone does not say *never*.
    #[serde(default)]
    pub(crate) expires_at: JsonMember<JsonTimestamp>,
    /// When the key was created.
    #[serde(default)]
    pub(crate) created_at: JsonMember<JsonTimestamp>,
    /// When the record last changed; `null` before the first change.
    #[serde(default)]
    pub(crate) modified_at: JsonMember<JsonTimestamp>,
    /// When the key was last validated, by any device.
    #[serde(default)]
    pub(crate) last_validated_at: JsonMember<JsonTimestamp>,
    /// The subscription that brought the key; `null` for a single purchase.
    #[serde(default)]
    pub(crate) subscription_id: JsonMember<Box<str>>,
    /// The order that brought the key.
    #[serde(default)]
    pub(crate) order_id: JsonMember<Box<str>>,
    /// The activation that a validation asked about; `null` if it asked about the key alone.
    #[serde(default, deserialize_with = "optional_member")]
    pub(crate) activation: Option<ActivationBody>,
    /// All activations of the key. The portal leaves them empty where customers may not see them.
    pub(crate) activations: Option<Vec<ActivationBody>>,
}

/// An activation, inside a key.
#[derive(Deserialize)]
pub(crate) struct ActivationBody {
    /// The id, a UUID.
    pub(crate) id: Box<str>,
    /// The key that it takes a seat of.
    #[serde(default)]
    pub(crate) license_key_id: JsonMember<Box<str>>,
    /// The label. Several activations may have the same one.
    #[serde(default)]
    pub(crate) label: JsonMember<String>,
    /// The metadata of the activation.
    #[serde(default, deserialize_with = "optional_member")]
    pub(crate) meta: Option<BTreeMap<String, MetaValue>>,
    /// When it was activated.
    #[serde(default)]
    pub(crate) created_at: JsonMember<JsonTimestamp>,
}

/// One value of `meta`; what the documents do not allow is left out of the model.
#[derive(Deserialize)]
#[serde(untagged)]
pub(crate) enum MetaValue {
    /// A text, a number or a boolean.
    Known(MetadataValue),
    /// Anything else.
    Other(IgnoredAny),
}

/// The answer to an activation: the activation, with the key inside it.
#[derive(Deserialize)]
pub(crate) struct ActivatedBody<'a> {
    /// The id of the activation.
    pub(crate) id: Box<str>,
    /// The key that it takes a seat of.
    #[serde(default)]
    pub(crate) license_key_id: JsonMember<Box<str>>,
    /// The label, as it was sent.
    #[serde(default)]
    pub(crate) label: JsonMember<String>,
    /// The metadata, as it was sent.
    #[serde(default, deserialize_with = "optional_member")]
    pub(crate) meta: Option<BTreeMap<String, MetaValue>>,
    /// When it was activated.
    #[serde(default)]
    pub(crate) created_at: JsonMember<JsonTimestamp>,
    /// The key, as in a validation.
    #[serde(borrow, default, deserialize_with = "optional_member")]
    pub(crate) license_key: Option<LicenseKeyBody<'a>>,
}

/// The answer to activate, for the text of its key.
#[derive(Deserialize)]
pub(crate) struct ActivatedText<'a> {
    /// The text of the key.
    #[serde(borrow)]
    pub(crate) license_key: Option<RawItem<'a>>,
}

/// The error body in all its shapes; see the README.
#[derive(Deserialize)]
pub(crate) struct ErrorBody<'a> {
    /// The class, such as `ResourceNotFound` or `NotPermitted`.
    #[serde(borrow)]
    pub(crate) error: Option<JsonText<'a>>,
    /// The sentence of an error of authentication.
    #[serde(borrow)]
    pub(crate) error_description: Option<JsonText<'a>>,
    /// The sentence of any other error, or the rejected values of a 422.
    pub(crate) detail: Option<Detail>,
}

/// What an error is about.
#[derive(Deserialize)]
#[serde(untagged)]
pub(crate) enum Detail {
    /// A sentence, which gives the reason of a refusal.
    Sentence(String),
    /// The rejected values.
    Faults(Vec<Fault>),
    /// Anything else.
    Other(IgnoredAny),
}

/// One rejected value. Its `input` repeats what was sent, license key included, and is never read.
#[derive(Deserialize)]
pub(crate) struct Fault {
    /// Where the value stood: names of members, from the outside in.
    #[serde(default)]
    pub(crate) loc: Vec<Step>,
    /// What is wrong with it.
    #[serde(default)]
    pub(crate) msg: String,
}

/// A part of the place of a value.
#[derive(Deserialize)]
#[serde(untagged)]
pub(crate) enum Step {
    /// The name of a member.
    Name(String),
    /// An index in a list.
    Other(IgnoredAny),
}

/// The body of a validation. Polar compares what is named and refuses what differs.
#[derive(Serialize)]
pub(crate) struct ValidateBody<'a> {
    /// The key code.
    pub(crate) key: &'a str,
    /// The organization, without which no call finds a key.
    pub(crate) organization_id: &'a str,
    /// The activation that the key has to have.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) activation_id: Option<&'a str>,
    /// The benefit that the key has to be of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) benefit_id: Option<&'a str>,
    /// The customer whom the key has to belong to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) customer_id: Option<&'a str>,
    /// How many uses to count; absent for none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) increment_usage: Option<u64>,
    /// What the activation has to have been made with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) conditions: Option<&'a Metadata>,
}

/// The body of an activation. It cannot name a benefit.
#[derive(Serialize)]
pub(crate) struct ActivateBody<'a> {
    /// The key code.
    pub(crate) key: &'a str,
    /// The organization.
    pub(crate) organization_id: &'a str,
    /// The label.
    pub(crate) label: &'a str,
    /// What later validations of the activation have to repeat.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) conditions: Option<&'a Metadata>,
    /// The metadata of the activation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) meta: Option<&'a Metadata>,
}

/// The body of a deactivation, which answers 204.
#[derive(Serialize)]
pub(crate) struct DeactivateBody<'a> {
    /// The key code.
    pub(crate) key: &'a str,
    /// The organization.
    pub(crate) organization_id: &'a str,
    /// The activation to remove.
    pub(crate) activation_id: &'a str,
}

/// Absent keeps, `null` clears, a value sets. `status` and `usage` are never `null`: Polar answers 500 and 422.
#[derive(Debug, PartialEq, Serialize)]
pub(crate) struct PatchBody {
    /// The new status.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) status: Option<&'static str>,
    /// The new value of the counter.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) usage: Option<i64>,
    /// The new limit; `null` forbids activations.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) limit_activations: Option<Option<u64>>,
    /// The new limit of the counter; `null` removes it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) limit_usage: Option<Option<u64>>,
    /// The new end; `null` removes it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) expires_at: Option<Option<Timestamp>>,
}
