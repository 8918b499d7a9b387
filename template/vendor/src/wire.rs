//! Bodies as Acme writes and reads them. Only what the model keeps is read; all but the essentials is optional, and may
//! be anything.

use std::borrow::Cow;

use anykey_core::{ActivationId, LicenseKeyId, ProductId};
use anykey_http::{JsonMember, JsonText};
use serde::{Deserialize, Serialize};

// FILL IN: the members of each body, from the vendor's documents and from recorded exchanges. What is not essential is
// a `JsonMember`, dates a `JsonMember<JsonTimestamp>`.
#[derive(Deserialize)]
pub(crate) struct LicenseBody<'a> {
    pub(crate) id: LicenseKeyId,
    pub(crate) code: String,
    #[serde(borrow)]
    pub(crate) state: Cow<'a, str>,
}

#[derive(Deserialize)]
pub(crate) struct SeatBody {
    pub(crate) id: ActivationId,
    #[serde(default)]
    pub(crate) label: JsonMember<String>,
}

#[derive(Deserialize)]
pub(crate) struct ValidatedBody<'a> {
    #[serde(borrow)]
    pub(crate) license: LicenseBody<'a>,
    pub(crate) seat: Option<SeatBody>,
}

#[derive(Deserialize)]
pub(crate) struct ActivatedBody<'a> {
    #[serde(borrow)]
    pub(crate) license: LicenseBody<'a>,
    pub(crate) seat: SeatBody,
}

/// The body of every failure.
#[derive(Deserialize)]
pub(crate) struct ErrorBody<'a> {
    #[serde(borrow)]
    pub(crate) error: Option<JsonText<'a>>,
    #[serde(borrow)]
    pub(crate) detail: Option<JsonText<'a>>,
}

#[derive(Serialize)]
pub(crate) struct ValidateBody<'a> {
    pub(crate) code: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) seat: Option<&'a ActivationId>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    pub(crate) products: &'a [ProductId],
}

#[derive(Serialize)]
pub(crate) struct ActivateBody<'a> {
    pub(crate) code: &'a str,
    pub(crate) label: &'a str,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    pub(crate) products: &'a [ProductId],
}

#[derive(Serialize)]
pub(crate) struct DeactivateBody<'a> {
    pub(crate) code: &'a str,
    pub(crate) seat: &'a ActivationId,
}
