//! The bodies of the API. Only the members of the model are read, and those that do not identify the record may be
//! missing, `null` or unreadable. The address and the user agent of a device are not read.

use anykey_core::{CustomerId, ProductId};
use anykey_http::{JsonMember, JsonText};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

/// A success. `success` is not looked at: it is true for keys and activations that are not good.
#[derive(Deserialize)]
pub(crate) struct Document<T> {
    pub(crate) data: T,
}

/// A license key in a list, in a creation or change, and in an activation. The plugin writes every member, with
/// explicit nulls.
#[derive(Deserialize)]
pub(crate) struct KeyBody<'a> {
    pub(crate) id: u64,
    #[serde(borrow)]
    pub(crate) license_key: JsonText<'a>,
    /// 1 sold, 2 delivered, 3 active, 4 inactive, 5 disabled; only 5 has an effect.
    pub(crate) status: i64,
    /// UTC without a zone, `Y-m-d H:i:s`. `null` and the zero date: never.
    #[serde(borrow, default)]
    pub(crate) expires_at: JsonMember<JsonText<'a>>,
    /// The server's comparison of the expiry with its own clock.
    #[serde(default)]
    pub(crate) is_expired: JsonMember<bool>,
    /// `null` and 0: unlimited.
    #[serde(default)]
    pub(crate) activations_limit: JsonMember<u64>,
    /// The number of living activations.
    #[serde(default)]
    pub(crate) times_activated: JsonMember<u64>,
    /// A number in a text, unlike every other id.
    #[serde(default)]
    pub(crate) user_id: JsonMember<CustomerId>,
    #[serde(default)]
    pub(crate) product_id: JsonMember<ProductId>,
    #[serde(default)]
    pub(crate) order_id: JsonMember<Box<str>>,
    #[serde(default)]
    pub(crate) source: JsonMember<i64>,
    #[serde(borrow, default)]
    pub(crate) created_at: JsonMember<JsonText<'a>>,
    #[serde(borrow, default)]
    pub(crate) updated_at: JsonMember<JsonText<'a>>,
    /// The living activations, where one key is read by its code.
    #[serde(borrow, default)]
    pub(crate) activations: Option<Vec<SeatBody<'a>>>,
}

/// An activation without its key.
#[derive(Deserialize)]
pub(crate) struct SeatBody<'a> {
    #[serde(borrow)]
    pub(crate) token: JsonText<'a>,
    #[serde(borrow, default)]
    pub(crate) label: JsonMember<JsonText<'a>>,
    /// An object, `[]`, a list or a text.
    #[serde(borrow)]
    pub(crate) meta_data: Option<&'a RawValue>,
    #[serde(borrow, default)]
    pub(crate) created_at: JsonMember<JsonText<'a>>,
    /// `null` while the activation takes a seat.
    #[serde(borrow, default)]
    pub(crate) deactivated_at: JsonMember<JsonText<'a>>,
}

/// An activation with its key.
#[derive(Deserialize)]
pub(crate) struct HeldSeatBody<'a> {
    #[serde(borrow)]
    token: JsonText<'a>,
    #[serde(borrow, default)]
    label: JsonMember<JsonText<'a>>,
    #[serde(borrow)]
    meta_data: Option<&'a RawValue>,
    #[serde(borrow, default)]
    created_at: JsonMember<JsonText<'a>>,
    #[serde(borrow, default)]
    deactivated_at: JsonMember<JsonText<'a>>,
    #[serde(borrow)]
    license: KeyBody<'a>,
}

impl<'a> HeldSeatBody<'a> {
    pub(crate) fn into_parts(self) -> (SeatBody<'a>, KeyBody<'a>) {
        let Self { token, label, meta_data, created_at, deactivated_at, license } = self;
        (SeatBody { token, label, meta_data, created_at, deactivated_at }, license)
    }
}

/// The body of every failure.
#[derive(Deserialize)]
pub(crate) struct ErrorBody<'a> {
    #[serde(borrow)]
    pub(crate) code: JsonText<'a>,
    #[serde(borrow, default)]
    pub(crate) message: JsonMember<JsonText<'a>>,
    /// `null` when an endpoint is not granted.
    #[serde(default, deserialize_with = "anykey_http::optional_member")]
    pub(crate) data: Option<ErrorData>,
}

/// Where WordPress reads the HTTP status from, `status`, and where the plugin also writes one, `code`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub(crate) struct ErrorData {
    #[serde(default)]
    pub(crate) status: JsonMember<u32>,
    #[serde(default)]
    pub(crate) code: JsonMember<u32>,
}

/// A new key.
///
/// Every member is sent. `null` is unlimited, never, or no customer.
#[derive(Serialize)]
pub(crate) struct CreateBody<'a> {
    pub(crate) license_key: &'a str,
    pub(crate) status: u8,
    pub(crate) activations_limit: Option<u64>,
    pub(crate) expires_at: Option<String>,
    pub(crate) user_id: Option<u64>,
    pub(crate) product_id: u64,
}

/// A change; absent members stay, `null` clears.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct PatchBody {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) status: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) activations_limit: Option<Option<u64>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) expires_at: Option<Option<String>>,
}

/// A change of the code, and of nothing else.
#[derive(Serialize)]
pub(crate) struct RotateBody<'a> {
    pub(crate) license_key: &'a str,
}
