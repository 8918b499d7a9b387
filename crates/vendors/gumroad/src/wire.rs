//! Bodies as Gumroad writes them. Buyers' names, e-mail addresses and cards are not read.
//!
//! Bodies enter here and leave as the model: `error` reads `ErrorBody`, `map` and `standing` convert purchases and
//! sales. Source: the server's code, November 2026. Times are UTC without a fraction.

use anykey_core::{CustomerId, LicenseKeyId, ProductId};
use anykey_http::{JsonMember, JsonText, JsonTimestamp};
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::members::Members;

/// The answer to every successful call for a license. The answer to a verification, and to enabling, disabling and
/// rotating.
#[derive(Deserialize)]
pub(crate) struct LicenseBody<'a> {
    /// Always `true` in a success. It says that the key was found, and not that it is in force.
    pub(crate) success: JsonMember<bool>,
    /// The use counter after the call. Sellers may change it, so it is no number of devices.
    #[serde(default)]
    pub(crate) uses: JsonMember<u64>,
    /// The purchase that owns the key, with the seller's questions among its members.
    #[serde(borrow, default)]
    pub(crate) purchase: Option<Members<'a>>,
    /// A customer that the seller imported, who stands in the place of a purchase. Both may be absent.
    #[serde(borrow, default)]
    pub(crate) imported_customer: Option<Members<'a>>,
}

/// A failure. Most have `message`, some `error`.
#[derive(Deserialize)]
pub(crate) struct ErrorBody<'a> {
    /// `false` in most failures; absent in a 400 of a list.
    #[serde(default)]
    pub(crate) success: JsonMember<bool>,
    /// The HTTP status, in a 400 of a list only.
    #[serde(default)]
    pub(crate) status: JsonMember<u32>,
    /// The sentence, which is the only difference between the causes of a 404.
    #[serde(borrow, default)]
    pub(crate) message: JsonMember<JsonText<'a>>,
    /// The sentence under its other name: when the token's seller does not sell the product, and in a 400 of a list.
    #[serde(borrow, default)]
    pub(crate) error: JsonMember<JsonText<'a>>,
}

/// The answer about one sale. A missing sale is a 200 as well, with `success: false` and without this member.
#[derive(Deserialize)]
pub(crate) struct SaleDocument {
    /// The sale.
    pub(crate) sale: SaleBody,
}

/// A sale, in lists and alone. Members without a value are absent. It has what a verification lacks,
/// `license_disabled`, and lacks the use counter.
#[derive(Clone, Deserialize)]
pub(crate) struct SaleBody {
    /// The id, which is also that of the key: it stays when the code is rotated.
    pub(crate) id: LicenseKeyId,
    /// The key code. A later payment of a membership has that of the first one.
    /// Something else than text is no sale without a key, so the sale is unreadable then.
    #[serde(default)]
    pub(crate) license_key: Option<String>,
    /// Whether the seller disabled the key; present wherever the code is.
    #[serde(default)]
    pub(crate) license_disabled: JsonMember<bool>,
    /// The seller.
    #[serde(default)]
    pub(crate) seller_id: JsonMember<Box<str>>,
    /// The product, in the form that `products` takes.
    #[serde(default)]
    pub(crate) product_id: JsonMember<ProductId>,
    /// The buyer's account; absent for a guest.
    #[serde(default)]
    pub(crate) purchaser_id: JsonMember<CustomerId>,
    /// The number of the order.
    #[serde(default)]
    pub(crate) order_id: JsonMember<Box<str>>,
    /// When the product was bought. A renewal does not change it.
    #[serde(default)]
    pub(crate) created_at: JsonMember<JsonTimestamp>,
    /// Whether the whole price was paid back; may be absent, which is `false`.
    #[serde(default)]
    pub(crate) refunded: JsonMember<bool>,
    /// Whether the buyer's bank took the payment back.
    #[serde(default)]
    pub(crate) chargedback: JsonMember<bool>,
    /// The membership; absent for a single purchase.
    #[serde(default)]
    pub(crate) subscription_id: JsonMember<Box<str>>,
    /// Whether the membership was cancelled, by anybody or for a failed payment.
    #[serde(default)]
    pub(crate) cancelled: JsonMember<bool>,
    /// Whether the membership has ended, for any reason. Decides, and is required of a membership.
    #[serde(default)]
    pub(crate) dead: JsonMember<bool>,
    /// Whether a membership with a fixed number of payments is complete.
    #[serde(default)]
    pub(crate) ended: JsonMember<bool>,
    /// Whether the sale is a later payment of a membership, which owns no key.
    #[serde(default)]
    pub(crate) recurring_charge: JsonMember<bool>,
}

/// Whose a sale is. Read only for a query by an address.
#[derive(Deserialize)]
pub(crate) struct SaleAddress {
    /// The id.
    pub(crate) id: LicenseKeyId,
    /// The address of the buyer's account, or the one of the purchase. It leaves the adapter nowhere.
    #[serde(default)]
    pub(crate) email: JsonMember<Box<str>>,
    /// The address that was given at the purchase, which the filter compares.
    #[serde(default)]
    pub(crate) purchase_email: JsonMember<Box<str>>,
}

/// The texts of the sales of a page. Read only if keys keep their JSON, and for a query by an address.
#[derive(Deserialize)]
pub(crate) struct RawSales<'a> {
    /// The sales, in the order of the page.
    #[serde(borrow)]
    pub(crate) sales: Vec<&'a RawValue>,
}
