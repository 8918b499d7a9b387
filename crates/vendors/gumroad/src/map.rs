//! Conversions between Gumroad's bodies and the model, without I/O.
//!
//! It stands between `wire` and the model. A verification and a sale are different views of one license: each has
//! members that the other one lacks, so each conversion says what it leaves open.

use anykey_core::adapter::{KeyCodeExt as _, product_after, seller_after};
use anykey_core::{
    ActivationLimit, ActivationUse, CustomerId, Environment, Expiry, KeyCode, KeySource, LicenseKey,
    LicenseKeyId, ProductId, RawJson, Timestamp, Usage,
};
use anykey_http::{JsonMember, JsonTimestamp};

use crate::NAME;
use crate::members::Members;
use crate::standing::{Standing, instant};
use crate::wire::SaleBody;

/// Gumroad has no seats.
const SEATS: ActivationUse = ActivationUse { used: None, limit: ActivationLimit::NotAllowed };

/// The key of a sale; `None` for a sale that owns none. A later payment of a membership has the key of the first one.
/// Its use counter is unknown.
pub(crate) fn sale(body: SaleBody) -> Option<LicenseKey> {
    following(None, body)
}

/// The same for a sale of a list, whose key shares equal texts with the key `before` it. A list of one seller repeats
/// the seller and few products, so sharing them saves an allocation for each key.
pub(crate) fn following(before: Option<&LicenseKey>, body: SaleBody) -> Option<LicenseKey> {
    let standing = Standing::of_sale(&body);
    let is_renewal = body.recurring_charge == JsonMember::Value(true);
    let code = body.license_key.filter(|code| !is_renewal && !code.trim().is_empty())?;
    let mut key = key(body.id, KeyCode::verbatim(code), standing);
    key.customer = body.purchaser_id.value();
    key.product = body.product_id.value().map(|id: ProductId| product_after(before, id.as_str()));
    key.origin.seller = body.seller_id.value().map(|id| seller_after(before, &id));
    key.origin.source = Some(KeySource::Purchase);
    key.origin.order = body.order_id.value();
    key.origin.subscription = body.subscription_id.value();
    key.expiry = lasting(key.origin.subscription.is_some());
    key.created_at = body.created_at.value().map(Into::into);
    Some(key)
}

/// The key of a purchase in an answer about the key `code` of `product`, and whether it is in force at `now`; `None` if
/// the answer does not contain its id, or if its code or product cannot be read.
///
/// Members are read from the side where no answer of the buyer can stand in their place, see [`Members`]. `test` is
/// present for test purchases only, so its absence means a live one.
pub(crate) fn purchase(
    body: &Members<'_>,
    code: &KeyCode,
    product: &ProductId,
    uses: u64,
    now: Timestamp,
) -> Option<(LicenseKey, Standing)> {
    let id: LicenseKeyId = body.last("id").value().or_else(|| body.first("sale_id").value())?;
    let code = match body.last::<String>("license_key") {
        JsonMember::Value(code) => KeyCode::verbatim(code),
        JsonMember::Unreadable => return None,
        _ => code.clone(),
    };
    let product = match body.first("product_id") {
        JsonMember::Value(id) => id,
        JsonMember::Unreadable => return None,
        _ => product.clone(),
    };
    let standing = Standing::of_purchase(body, now);
    let mut key = key(id, code, standing);
    key.usage = Some(usage(uses));
    key.customer = body.first::<CustomerId>("purchaser_id").value();
    key.product = Some(product);
    key.environment = Some(match body.first("test") {
        JsonMember::Value(true) => Environment::Sandbox,
        _ => Environment::Live,
    });
    key.origin.source = Some(KeySource::Purchase);
    key.origin.seller = body.first::<Box<str>>("seller_id").value().map(Into::into);
    key.origin.order = body.first("order_number").value();
    key.origin.subscription = body.first("subscription_id").value();
    key.expiry = expiry(body, key.origin.subscription.is_some());
    key.created_at = body.last::<JsonTimestamp>("created_at").value().map(Into::into);
    Some((key, standing))
}

/// The key of an imported customer; `None` if the answer does not contain its id.
///
/// There is no purchase that could be refunded, so it is in force. Its code and product are those of the request,
/// because the answer does not repeat them.
pub(crate) fn imported(
    body: &Members<'_>,
    code: &KeyCode,
    product: &ProductId,
    uses: u64,
) -> Option<LicenseKey> {
    let mut key = key(body.last("id").value()?, code.clone(), Standing::InForce);
    key.usage = Some(usage(uses));
    key.product = Some(product.clone());
    key.origin.source = Some(KeySource::Import);
    key.created_at = body.last::<JsonTimestamp>("created_at").value().map(Into::into);
    Some(key)
}

/// A use counter. Gumroad has no limit for it; an app compares it with its own.
pub(crate) fn usage(uses: u64) -> Usage {
    Usage { used: i64::try_from(uses).unwrap_or(i64::MAX), limit: None }
}

/// The same key with the vendor's text of it.
pub(crate) fn with_raw(mut key: LicenseKey, raw: Option<RawJson>) -> LicenseKey {
    key.raw = raw;
    key
}

/// What every key has: a status from its standing, the word for it, and no seats.
fn key(id: LicenseKeyId, code: KeyCode, standing: Standing) -> LicenseKey {
    let mut key = LicenseKey::new(NAME, id, code, standing.status());
    key.status_word = standing.word().into();
    key.activations = SEATS;
    key.origin.revocation = standing.refusal().map(|_| standing.word().into());
    key
}

/// The earliest of the instants at which a membership ends, which may be in the future for a cancelled one. Without any
/// it lasts.
fn expiry(body: &Members<'_>, is_member: bool) -> Expiry {
    let names = ["subscription_failed_at", "subscription_ended_at", "subscription_cancelled_at"];
    let ends = names.into_iter().filter_map(|name| instant(body.last(name)).ok().flatten());
    ends.min().map_or_else(|| lasting(is_member), Expiry::At)
}

/// A membership follows its subscription; everything else is for life.
const fn lasting(is_member: bool) -> Expiry {
    if is_member { Expiry::FollowsSubscription } else { Expiry::Never }
}
