//! Bodies as Acme writes and reads them. Only what the model keeps is read; all but the essentials is optional, and may
//! be anything.

use std::borrow::Cow;

use anykey::{ActivationId, CustomerId, LicenseKeyId, ProductId};
use anykey_http::{JsonMember, JsonText, JsonTimestamp};
use serde::{Deserialize, Serialize};

#[derive(Deserialize)]
pub(super) struct LicenseBody<'a> {
    pub(super) id: LicenseKeyId,
    pub(super) code: String,
    #[serde(borrow)]
    pub(super) state: Cow<'a, str>,
    #[serde(default)]
    pub(super) product: JsonMember<ProductId>,
    #[serde(default)]
    pub(super) customer: JsonMember<CustomerId>,
    #[serde(default)]
    pub(super) seats: JsonMember<i64>,
    #[serde(default)]
    pub(super) seats_taken: JsonMember<u64>,
    #[serde(default)]
    pub(super) lifetime: JsonMember<bool>,
    #[serde(default)]
    pub(super) ends_at: JsonMember<JsonTimestamp>,
    #[serde(default)]
    pub(super) created_at: JsonMember<JsonTimestamp>,
}

#[derive(Deserialize)]
pub(super) struct SeatBody {
    pub(super) id: ActivationId,
    #[serde(default)]
    pub(super) label: JsonMember<String>,
    #[serde(default)]
    pub(super) created_at: JsonMember<JsonTimestamp>,
}

#[derive(Deserialize)]
pub(super) struct SeatsBody {
    pub(super) seats: Vec<SeatBody>,
}

#[derive(Deserialize)]
pub(super) struct ValidatedBody<'a> {
    #[serde(borrow)]
    pub(super) license: LicenseBody<'a>,
    pub(super) seat: Option<SeatBody>,
}

#[derive(Deserialize)]
pub(super) struct ActivatedBody<'a> {
    #[serde(borrow)]
    pub(super) license: LicenseBody<'a>,
    pub(super) seat: SeatBody,
}

/// The body of every failure.
#[derive(Deserialize)]
pub(super) struct ErrorBody<'a> {
    #[serde(borrow)]
    pub(super) error: Option<JsonText<'a>>,
    #[serde(borrow)]
    pub(super) detail: Option<JsonText<'a>>,
}

#[derive(Serialize)]
pub(super) struct ValidateBody<'a> {
    pub(super) code: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) seat: Option<&'a ActivationId>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    pub(super) products: &'a [Box<str>],
}

#[derive(Serialize)]
pub(super) struct ActivateBody<'a> {
    pub(super) code: &'a str,
    pub(super) label: &'a str,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    pub(super) products: &'a [Box<str>],
}

#[derive(Serialize)]
pub(super) struct DeactivateBody<'a> {
    pub(super) code: &'a str,
    pub(super) seat: &'a ActivationId,
}

/// Absent keeps the state.
#[derive(Debug, PartialEq, Serialize)]
pub(super) struct PatchBody {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) state: Option<&'static str>,
}
