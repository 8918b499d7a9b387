//! Bodies as Acme writes and reads them. Only what the model keeps is read; all but the essentials is optional.

use std::borrow::Cow;

use anykey::{ActivationId, CustomerId, LicenseKeyId, ProductId, Timestamp};
use anykey_http::JsonText;
use serde::{Deserialize, Serialize};

#[derive(Deserialize)]
pub(super) struct LicenseBody<'a> {
    pub(super) id: LicenseKeyId,
    pub(super) code: String,
    #[serde(borrow)]
    pub(super) state: Cow<'a, str>,
    pub(super) product: Option<ProductId>,
    pub(super) customer: Option<CustomerId>,
    pub(super) seats: Option<i64>,
    pub(super) seats_taken: Option<u64>,
    pub(super) lifetime: Option<bool>,
    pub(super) ends_at: Option<Timestamp>,
    pub(super) created_at: Option<Timestamp>,
}

#[derive(Deserialize)]
pub(super) struct SeatBody {
    pub(super) id: ActivationId,
    #[serde(default)]
    pub(super) label: String,
    pub(super) created_at: Option<Timestamp>,
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
