//! The bodies of Lemon Squeezy's APIs: plain JSON in the License API, JSON:API in the main API. Only the members of the
//! model are read, and those that do not identify the record may be missing, `null` or invalid.
//!
//! Bodies enter here and leave as the model: `error` reads `AnswerBody` for its verdict, `map` converts keys and
//! instances. Nothing here decides anything. Source of every member, unless one is named: documentation, 2026. Times
//! are UTC with a fraction of six digits.

use std::collections::BTreeMap;

use anykey_core::{ActivationId, CustomerId, LicenseKeyId, ProductId, Timestamp};
use anykey_http::{JsonMember, JsonText, JsonTimestamp, optional_member};
use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

/// An answer of the License API, or an error of either API. The call determines which flag is present.
#[derive(Default, Deserialize)]
pub(crate) struct AnswerBody<'a> {
    /// The verdict of `POST /v1/licenses/activate`; absent in every other answer.
    #[serde(default)]
    pub(crate) activated: JsonMember<bool>,
    /// The verdict of `POST /v1/licenses/validate`; absent in every other answer.
    #[serde(default)]
    pub(crate) valid: JsonMember<bool>,
    /// The verdict of `POST /v1/licenses/deactivate`; absent in every other answer.
    #[serde(default)]
    pub(crate) deactivated: JsonMember<bool>,
    /// The sentence for a flag that is false, such as `license_key not found.`; `null` beside `true`. The sentences are
    /// not documented, and there are several for one reason.
    #[serde(borrow, default)]
    pub(crate) error: JsonMember<JsonText<'a>>,
    /// The sentence of an answer without a flag: a 422 that names fields, and a 429.
    #[serde(borrow, default)]
    pub(crate) message: JsonMember<JsonText<'a>>,
    /// The errors of an answer without a flag; absent in every verdict.
    #[serde(default)]
    pub(crate) errors: Option<Errors>,
    /// The key; absent or `null` when there is no such key.
    #[serde(borrow, default, deserialize_with = "optional_member")]
    pub(crate) license_key: Option<LicenseBody<'a>>,
    /// The instance. `null` in a validation of the key alone, and in a refused one; absent in a refused activation and
    /// in every deactivation (tests of the official package 4.0.0).
    #[serde(default, deserialize_with = "optional_member")]
    pub(crate) instance: Option<InstanceBody>,
    /// The purchase; present wherever the key is.
    #[serde(default, deserialize_with = "optional_member")]
    pub(crate) meta: Option<MetaBody>,
}

/// A list in JSON:API, or a map from fields to messages in the License API.
#[derive(Deserialize)]
#[serde(untagged)]
pub(crate) enum Errors {
    /// The errors of the main API, in JSON:API.
    List(Vec<ErrorObject>),
    /// The invalid fields of a call of the License API, each with its messages.
    Fields(BTreeMap<String, IgnoredAny>),
    /// Any other value, which is no evidence that Lemon Squeezy answered.
    Other(IgnoredAny),
}

/// An error in JSON:API, of the main API only.
#[derive(Deserialize)]
pub(crate) struct ErrorObject {
    /// The HTTP status, as text. It has to agree with the status of the answer.
    #[serde(default)]
    pub(crate) status: JsonMember<String>,
    /// The name of the status, such as `Not Found`.
    #[serde(default)]
    pub(crate) title: JsonMember<String>,
    /// The sentence, which is preferred to the title.
    #[serde(default)]
    pub(crate) detail: JsonMember<String>,
}

/// A key in the License API.
#[derive(Deserialize)]
pub(crate) struct LicenseBody<'a> {
    /// A number in the License API and a text in the main API; both are read as text.
    #[serde(default)]
    pub(crate) id: JsonMember<LicenseKeyId>,
    /// `inactive`, `active`, `expired` or `disabled`. `inactive` is a key without an instance, which is valid.
    #[serde(borrow, default)]
    pub(crate) status: JsonMember<JsonText<'a>>,
    /// The key code, a UUID.
    #[serde(default)]
    pub(crate) key: JsonMember<String>,
    /// How many instances the key may have; `null` is no limit.
    #[serde(default)]
    pub(crate) activation_limit: JsonMember<i64>,
    /// How many instances the key has. It may exceed the limit, because lowering the limit removes none.
    #[serde(default)]
    pub(crate) activation_usage: JsonMember<u64>,
    /// When the key was created: at the purchase.
    #[serde(default)]
    pub(crate) created_at: JsonMember<JsonTimestamp>,
    /// When the key ends. `null` is a key for life or one of a subscription, and the answer does not contain which.
    #[serde(default)]
    pub(crate) expires_at: JsonMember<JsonTimestamp>,
    /// Whether the key is one of test mode. Always sent today, and missing in the documented samples.
    #[serde(default)]
    pub(crate) test_mode: JsonMember<bool>,
}

/// An instance in the License API.
#[derive(Deserialize)]
pub(crate) struct InstanceBody {
    /// A UUID; the main API calls it `identifier`.
    #[serde(default)]
    pub(crate) id: JsonMember<ActivationId>,
    /// The label of the activation. Several instances may have the same one.
    #[serde(default)]
    pub(crate) name: JsonMember<String>,
    /// When the instance was activated.
    #[serde(default)]
    pub(crate) created_at: JsonMember<JsonTimestamp>,
}

/// The purchase. The buyer's name and e-mail address are not read. A number in each member. The License API accepts the
/// keys of every store, so these decide whether a key belongs to this app.
#[derive(Default, Deserialize)]
pub(crate) struct MetaBody {
    /// The store that sold the key; without it no key is accepted.
    #[serde(default)]
    pub(crate) store_id: JsonMember<Box<str>>,
    /// The order that created the key.
    #[serde(default)]
    pub(crate) order_id: JsonMember<Box<str>>,
    /// The product that was bought.
    #[serde(default)]
    pub(crate) product_id: JsonMember<ProductId>,
    /// The variant of the product. The main API does not have it.
    #[serde(default)]
    pub(crate) variant_id: JsonMember<Box<str>>,
    /// The customer in the seller's store.
    #[serde(default)]
    pub(crate) customer_id: JsonMember<CustomerId>,
}

/// A document of the main API with one resource.
#[derive(Deserialize)]
pub(crate) struct Document<T> {
    /// The resource, or the resources of a list.
    pub(crate) data: T,
}

/// One resource of a list, as text.
pub(crate) type RawItem<'a> = &'a RawValue;

/// A key in the main API and in webhooks. Here a missing id, code or status makes the record unreadable; everything
/// else may be missing.
#[derive(Deserialize)]
pub(crate) struct KeyResource {
    /// The id of the resource: the same number as in the License API, as text.
    pub(crate) id: LicenseKeyId,
    /// The key's members.
    pub(crate) attributes: KeyAttributes,
}

/// The members of a key in the main API. There is no variant and no metadata (documentation, 2026).
#[derive(Deserialize)]
pub(crate) struct KeyAttributes {
    /// The key code.
    pub(crate) key: String,
    /// The same words as in the License API.
    pub(crate) status: String,
    /// The store. A token sees every store of its merchant, so it is compared.
    #[serde(default)]
    pub(crate) store_id: JsonMember<Box<str>>,
    /// The customer in the store.
    #[serde(default)]
    pub(crate) customer_id: JsonMember<CustomerId>,
    /// The order that created the key.
    #[serde(default)]
    pub(crate) order_id: JsonMember<Box<str>>,
    /// The product that was bought.
    #[serde(default)]
    pub(crate) product_id: JsonMember<ProductId>,
    /// How many instances the key may have; `null` is no limit.
    #[serde(default)]
    pub(crate) activation_limit: JsonMember<i64>,
    /// How many instances the key has.
    #[serde(default)]
    pub(crate) instances_count: JsonMember<u64>,
    /// Whether the seller disabled the key: 0 or 1 in the documentation, `true` in the tests of the official package
    /// (4.0.0). A number is not read: the status says the same.
    #[serde(default)]
    pub(crate) disabled: JsonMember<bool>,
    /// When the key ends; `null` as in the License API.
    #[serde(default)]
    pub(crate) expires_at: JsonMember<JsonTimestamp>,
    /// When the key was created.
    #[serde(default)]
    pub(crate) created_at: JsonMember<JsonTimestamp>,
    /// When the record last changed. It orders the deliveries of webhooks.
    #[serde(default)]
    pub(crate) updated_at: JsonMember<JsonTimestamp>,
    /// Whether the key is one of test mode.
    #[serde(default)]
    pub(crate) test_mode: JsonMember<bool>,
}

/// A page of instances in the main API.
#[derive(Deserialize)]
pub(crate) struct InstanceList {
    /// The instances, in an order that is not documented.
    pub(crate) data: Vec<InstanceResource>,
    /// The number of this page and of the last one.
    #[serde(default)]
    pub(crate) meta: ListMeta,
    /// The links, whose `next` is missing on the last page.
    #[serde(default)]
    pub(crate) links: Links,
}

/// An instance in the main API. Its own id, a number, is of no use: nothing accepts it but a read of the instance.
#[derive(Deserialize)]
pub(crate) struct InstanceResource {
    /// The instance's members.
    pub(crate) attributes: InstanceAttributes,
}

/// The members of an instance in the main API.
#[derive(Deserialize)]
pub(crate) struct InstanceAttributes {
    /// The instance's id in the License API, which differs from the resource's id.
    pub(crate) identifier: ActivationId,
    /// The key of the instance, which is compared with the requested one.
    #[serde(default)]
    pub(crate) license_key_id: JsonMember<LicenseKeyId>,
    /// The label of the activation.
    #[serde(default)]
    pub(crate) name: JsonMember<String>,
    /// When the instance was activated.
    #[serde(default)]
    pub(crate) created_at: JsonMember<JsonTimestamp>,
}

/// An order of a list, as far as a query by an e-mail address needs it.
#[derive(Deserialize)]
pub(crate) struct OrderResource {
    /// The id, a number as text.
    pub(crate) id: Box<str>,
    /// Its attributes.
    pub(crate) attributes: OrderAttributes,
}

/// The attributes of an order.
#[derive(Deserialize)]
pub(crate) struct OrderAttributes {
    /// The buyer's address. It leaves the adapter nowhere.
    pub(crate) user_email: Box<str>,
}

/// The paging members of a list. The keys of the same body are read by [`list`](crate::list).
#[derive(Default, Deserialize)]
pub(crate) struct Frame {
    /// The page numbers.
    #[serde(default)]
    pub(crate) meta: ListMeta,
    /// The links to other pages.
    #[serde(default)]
    pub(crate) links: Links,
}

/// The `meta` of a list.
#[derive(Default, Deserialize)]
pub(crate) struct ListMeta {
    /// The page numbers; empty when absent.
    #[serde(default)]
    pub(crate) page: PageMeta,
}

/// Where a page stands in its list. Pages are counted from 1.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PageMeta {
    /// The number of this page.
    #[serde(default)]
    pub(crate) current_page: JsonMember<u64>,
    /// The number of the last page.
    #[serde(default)]
    pub(crate) last_page: JsonMember<u64>,
    /// How many records the filter matches in all.
    #[serde(default)]
    pub(crate) total: JsonMember<u64>,
}

/// The links of a list, absolute URLs.
#[derive(Default, Deserialize)]
pub(crate) struct Links {
    /// The first page. It is only read as evidence that the answer has links at all.
    #[serde(default)]
    pub(crate) first: JsonMember<Box<str>>,
    /// The next page; absent on the last one. The URL is not followed: the next page is requested by its number.
    #[serde(default)]
    pub(crate) next: JsonMember<Box<str>>,
}

/// The body of an activation. JSON is accepted beside the documented form (report of October 2026).
#[derive(Serialize)]
pub(crate) struct ActivateBody<'a> {
    /// The key code, which is the only credential.
    pub(crate) license_key: &'a str,
    /// The label. Required, and not unique: the same one again takes another seat.
    pub(crate) instance_name: &'a str,
}

/// The body of a validation or a deactivation.
#[derive(Serialize)]
pub(crate) struct SeatBody<'a> {
    /// The key code.
    pub(crate) license_key: &'a str,
    /// The instance; absent in a validation of the key alone. A deactivation needs it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) instance_id: Option<&'a str>,
}

/// The body of `PATCH /v1/license-keys/{id}`, in JSON:API.
#[derive(Serialize)]
pub(crate) struct PatchDocument<'a> {
    /// The changed resource.
    pub(crate) data: PatchResource<'a>,
}

/// A key with its changed attributes only.
#[derive(Serialize)]
pub(crate) struct PatchResource<'a> {
    /// Always `license-keys`.
    pub(crate) r#type: &'static str,
    /// The id, the same as in the path.
    pub(crate) id: &'a str,
    /// What changes.
    pub(crate) attributes: &'a PatchBody,
}

/// Absent keeps, `null` clears, a value sets. Whatever is sent takes effect: the official package adds `disabled:
/// false` to each change, and so enables the key again (4.0.0).
#[derive(Debug, Default, PartialEq, Serialize)]
pub(crate) struct PatchBody {
    /// The new limit; `null` removes it. A limit below the present usage removes no instance.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) activation_limit: Option<Option<u64>>,
    /// The new end; `null` removes it. Only the date is known to be kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) expires_at: Option<Option<Timestamp>>,
    /// `true` disables the key, `false` enables it again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) disabled: Option<bool>,
}
