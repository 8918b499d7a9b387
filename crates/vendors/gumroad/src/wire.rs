//! Bodies as Gumroad writes them. Buyers' names, e-mail addresses and cards are not read.

use anykey_core::{CustomerId, LicenseKeyId, ProductId};
use anykey_http::{JsonMember, JsonText, JsonTimestamp};
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::members::Members;

/// The answer to every successful call for a license.
#[derive(Deserialize)]
pub(crate) struct LicenseBody<'a> {
    pub(crate) success: JsonMember<bool>,
    #[serde(default)]
    pub(crate) uses: JsonMember<u64>,
    #[serde(borrow, default)]
    pub(crate) purchase: Option<Members<'a>>,
    #[serde(borrow, default)]
    pub(crate) imported_customer: Option<Members<'a>>,
}

/// A failure. Most have `message`, some `error`.
#[derive(Deserialize)]
pub(crate) struct ErrorBody<'a> {
    #[serde(default)]
    pub(crate) success: JsonMember<bool>,
    #[serde(default)]
    pub(crate) status: JsonMember<u32>,
    #[serde(borrow, default)]
    pub(crate) message: JsonMember<JsonText<'a>>,
    #[serde(borrow, default)]
    pub(crate) error: JsonMember<JsonText<'a>>,
}

/// The answer about one sale.
#[derive(Deserialize)]
pub(crate) struct SaleDocument {
    pub(crate) sale: SaleBody,
}

/// A sale, in lists and alone. Members without a value are absent.
#[derive(Clone, Deserialize)]
pub(crate) struct SaleBody {
    pub(crate) id: LicenseKeyId,
    #[serde(default)]
    pub(crate) license_key: JsonMember<String>,
    #[serde(default)]
    pub(crate) license_disabled: JsonMember<bool>,
    #[serde(default)]
    pub(crate) seller_id: JsonMember<Box<str>>,
    #[serde(default)]
    pub(crate) product_id: JsonMember<ProductId>,
    #[serde(default)]
    pub(crate) purchaser_id: JsonMember<CustomerId>,
    #[serde(default)]
    pub(crate) order_id: JsonMember<Box<str>>,
    #[serde(default)]
    pub(crate) created_at: JsonMember<JsonTimestamp>,
    #[serde(default)]
    pub(crate) refunded: JsonMember<bool>,
    #[serde(default)]
    pub(crate) chargedback: JsonMember<bool>,
    #[serde(default)]
    pub(crate) subscription_id: JsonMember<Box<str>>,
    #[serde(default)]
    pub(crate) cancelled: JsonMember<bool>,
    #[serde(default)]
    pub(crate) dead: JsonMember<bool>,
    #[serde(default)]
    pub(crate) ended: JsonMember<bool>,
    #[serde(default)]
    pub(crate) recurring_charge: JsonMember<bool>,
}

/// The texts of the sales of a page.
#[derive(Deserialize)]
pub(crate) struct RawSales<'a> {
    #[serde(borrow)]
    pub(crate) sales: Vec<&'a RawValue>,
}
