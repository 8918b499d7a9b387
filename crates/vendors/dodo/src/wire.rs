//! Bodies as Dodo Payments writes them. Only what the model keeps is read, and what is not needed to tell which
//! record it is may be missing, `null` or odd.
//!
//! These are the bodies of the device plane and of the classic calls; those of entitlement grants are in
//! `grants::wire`. Source, unless another one is named: the official SDKs and the OpenAPI file 1.113. Times are UTC
//! with up to six digits of a fraction.

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

/// A customer of a list, as far as a query by an e-mail address needs it.
#[derive(Deserialize)]
pub(crate) struct CustomerBody {
    pub(crate) customer_id: CustomerId,
    /// Required (documentation, July 2026). It leaves the adapter nowhere.
    pub(crate) email: Box<str>,
}

/// One list item whose text is kept.
pub(crate) type RawItem<'a> = &'a RawValue;

/// A license key: in `GET /license_keys`, after creating and changing one, and in the webhook `license_key.created`.
#[derive(Deserialize)]
pub(crate) struct LicenseKeyBody<'a> {
    /// The id, `lic_…`.
    pub(crate) id: LicenseKeyId,
    /// The key code, in clear text in lists as well.
    pub(crate) key: String,
    /// `active`, `expired` or `disabled`. The documentation names `inactive` as an example; it is no value.
    #[serde(borrow)]
    pub(crate) status: Cow<'a, str>,
    /// The seller, `bus_…`.
    #[serde(borrow, default)]
    pub(crate) business_id: JsonMember<JsonText<'a>>,
    /// The customer, `cus_…`.
    #[serde(default)]
    pub(crate) customer_id: JsonMember<CustomerId>,
    /// The product, `pdt_…`.
    #[serde(borrow, default)]
    pub(crate) product_id: JsonMember<JsonText<'a>>,
    /// The payment, `pay_…`; `null` for an imported key.
    #[serde(default)]
    pub(crate) payment_id: JsonMember<Box<str>>,
    /// The subscription, `sub_…`; `null` for a single purchase and an import.
    #[serde(default)]
    pub(crate) subscription_id: JsonMember<Box<str>>,
    /// `auto` for a purchase, `import`, or `manual` for one that the seller typed in; missing in older versions.
    #[serde(borrow, default)]
    pub(crate) source: JsonMember<JsonText<'a>>,
    /// How many activations the key has now.
    #[serde(default)]
    pub(crate) instances_count: JsonMember<u64>,
    /// How many activations the key may have; `null` is unlimited.
    #[serde(default)]
    pub(crate) activations_limit: JsonMember<i64>,
    /// When the key was created.
    #[serde(default)]
    pub(crate) created_at: JsonMember<JsonTimestamp>,
    /// When the key ends; `null` is never, or with its subscription.
    #[serde(default)]
    pub(crate) expires_at: JsonMember<JsonTimestamp>,
}

/// An activation, in the list of them and after a renaming. It has no time of last use and no data of the device.
#[derive(Deserialize)]
pub(crate) struct InstanceBody {
    /// The id, `lki_…`.
    pub(crate) id: ActivationId,
    /// The key that it takes a seat of.
    #[serde(default)]
    pub(crate) license_key_id: JsonMember<LicenseKeyId>,
    /// The label. Several activations may have the same one.
    #[serde(default)]
    pub(crate) name: JsonMember<String>,
    /// When it was activated.
    #[serde(default)]
    pub(crate) created_at: JsonMember<JsonTimestamp>,
}

/// The answer to `POST /licenses/activate`. It contains neither the key's end nor its limit nor its status.
#[derive(Deserialize)]
pub(crate) struct ActivatedBody {
    /// The id of the activation, and not of the key.
    pub(crate) id: ActivationId,
    /// The key.
    #[serde(default)]
    pub(crate) license_key_id: JsonMember<LicenseKeyId>,
    /// The label, as it was sent.
    #[serde(default)]
    pub(crate) name: JsonMember<String>,
    /// When it was activated.
    #[serde(default)]
    pub(crate) created_at: JsonMember<JsonTimestamp>,
    /// The product; missing before version 1.53 of the API (2025-09).
    #[serde(default, deserialize_with = "optional_member")]
    pub(crate) product: Option<ActivatedProduct>,
}

/// The product of an activated key.
#[derive(Deserialize)]
pub(crate) struct ActivatedProduct {
    /// The id, `pdt_…`.
    #[serde(default)]
    pub(crate) product_id: JsonMember<ProductId>,
}

/// The answer to `POST /licenses/validate`, which has nothing else: no reason, no key and no time.
#[derive(Deserialize)]
pub(crate) struct ValidatedBody {
    /// Whether the key, and the activation if one was named, is good. `false` also for an unknown key.
    pub(crate) valid: bool,
}

/// The error body; either member may be missing, and so may the body.
#[derive(Deserialize)]
pub(crate) struct ErrorBody<'a> {
    /// The code in upper case, such as `LICENSE_KEY_LIMIT_REACHED`; some errors have none.
    #[serde(borrow)]
    pub(crate) code: Option<JsonText<'a>>,
    /// The sentence. It may contain the key, so it is masked before it is shown.
    #[serde(borrow)]
    pub(crate) message: Option<JsonText<'a>>,
}

/// The body of an activation. Nothing else can be sent: no identity of the device and no metadata.
#[derive(Serialize)]
pub(crate) struct ActivateBody<'a> {
    /// The key code.
    pub(crate) license_key: &'a str,
    /// The label.
    pub(crate) name: &'a str,
}

/// The body of a validation or a deactivation.
#[derive(Serialize)]
pub(crate) struct SeatBody<'a> {
    /// The key code.
    pub(crate) license_key: &'a str,
    /// The activation; absent in a validation of the key alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) license_key_instance_id: Option<&'a str>,
}

/// The body of an import, `POST /license_keys`. Dodo makes no code here, so the seller brings one.
#[derive(Serialize)]
pub(crate) struct CreateBody<'a> {
    /// The code, which has to be new.
    pub(crate) key: &'a str,
    /// The customer, who gets no e-mail.
    pub(crate) customer_id: &'a str,
    /// The product.
    pub(crate) product_id: &'a str,
    /// The limit; absent is unlimited.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) activations_limit: Option<u64>,
    /// The end; absent is never.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) expires_at: Option<Timestamp>,
}

/// Absent keeps, `null` clears, a value sets.
#[derive(Debug, PartialEq, Serialize)]
pub(crate) struct PatchBody {
    /// The new limit, which is not below the seats in use; `null` removes it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) activations_limit: Option<Option<u64>>,
    /// The new end, which no key of a subscription can have; `null` removes it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) expires_at: Option<Option<Timestamp>>,
    /// `true` disables the key, `false` enables it. What `null` means is not documented, so it is never sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) disabled: Option<bool>,
}

/// The body of `PATCH /license_key_instances/{id}`, which changes nothing but the label.
#[derive(Serialize)]
pub(crate) struct RenameBody<'a> {
    /// The new label.
    pub(crate) name: &'a str,
}
