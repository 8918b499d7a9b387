//! Whether a key is good, by what the server shows of it. `success: true` is no verdict.

use anykey_core::adapter::ErrorExt as _;
use anykey_core::{
    ErrorKind, Expiry, LicenseKey, ProductId, Refusal, RefusalReason, Result, ValidateRequest, Validation,
    Verdict,
};
use anykey_http::{ApiResponse, JsonMember};

use crate::wire::KeyBody;

/// What an answer shows of a key beside the key itself.
///
/// The plugin writes every member, `null` or 0 where the key has no such value. An answer without one was changed on
/// the way, and says nothing about that value.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shown {
    /// The server's own comparison of the expiry with its clock. It counts only where the answer has no time to compare
    /// the expiry with.
    pub(crate) is_expired: Option<bool>,
    product: bool,
    customer: bool,
}

impl Shown {
    pub(crate) fn of(body: &KeyBody<'_>) -> Self {
        Self {
            is_expired: body.is_expired.value(),
            product: !matches!(body.product_id, JsonMember::Absent | JsonMember::Unreadable),
            customer: !matches!(body.user_id, JsonMember::Absent | JsonMember::Unreadable),
        }
    }
}

/// The validation of a key that the server shows: why the key is refused, or what the caller requires and it is not.
///
/// # Errors
///
/// When the answer does not show what decides.
pub(crate) fn validation(
    response: &ApiResponse,
    request: &ValidateRequest,
    key: &LicenseKey,
    shown: Shown,
    products: &[ProductId],
) -> Result<Validation> {
    let refusal = match refusal(response, key, shown, products)? {
        None => required(response, request, key, shown)?,
        refusal => refusal,
    };
    let validation = refusal.map_or_else(Validation::valid, Validation::refused);
    let word = key.status_word.as_ref().into();
    Ok(validation.with_status_word(Some(word)).with_answered_at(response.answered_at()))
}

/// Why a key is refused: its status, its expiry or an allowed product, in this order; `None` if it is good.
///
/// The expiry is compared with the time of the answer, so that the clock of the device does not count. Allowed products
/// refuse a key that has none.
///
/// # Errors
///
/// When the answer does not show what decides: an unknown status, or an expiry or a product that cannot be read.
pub(crate) fn refusal(
    response: &ApiResponse,
    key: &LicenseKey,
    shown: Shown,
    products: &[ProductId],
) -> Result<Option<Refusal>> {
    match key.status.verdict() {
        Some(Verdict::Valid) => {}
        Some(Verdict::Refused(refusal)) => return Ok(Some(refusal)),
        None => {
            let hint = "its key has a status that this version does not know";
            return Err(response.unrecognized().with_hint(hint));
        }
    }
    let has_ended = match (key.expiry, response.answered_at()) {
        (Expiry::Unknown, _) => None,
        (Expiry::At(end), Some(now)) => Some(end <= now),
        (Expiry::At(_), None) => shown.is_expired,
        _ => Some(false),
    };
    match has_ended {
        Some(true) => return Ok(Some(Refusal::new(RefusalReason::Expired))),
        Some(false) => {}
        None => return Err(response.error(ErrorKind::Decode, "the answer does not show when the key ends")),
    }
    let is_allowed =
        products.is_empty() || key.product.as_ref().is_some_and(|product| products.contains(product));
    if is_allowed {
        Ok(None)
    } else {
        another(response, RefusalReason::WrongProduct, shown.product).map(Some)
    }
}

/// Why a good key does not meet what the caller requires; `None` if it does. The server has no such parameters, so
/// product and customer are compared here. A key without the value is refused.
///
/// # Errors
///
/// When the answer does not show the value.
fn required(
    response: &ApiResponse,
    request: &ValidateRequest,
    key: &LicenseKey,
    shown: Shown,
) -> Result<Option<Refusal>> {
    if request.product.is_some() && request.product != key.product {
        return another(response, RefusalReason::WrongProduct, shown.product).map(Some);
    }
    if request.customer.is_some() && request.customer != key.customer {
        return another(response, RefusalReason::WrongCustomer, shown.customer).map(Some);
    }
    Ok(None)
}

/// The refusal of a key whose value is not the right one.
///
/// # Errors
///
/// `Decode` if the answer does not show the value.
fn another(response: &ApiResponse, reason: RefusalReason, is_shown: bool) -> Result<Refusal> {
    let message = "the answer does not show which product or customer the key is for";
    if is_shown { Ok(Refusal::new(reason)) } else { Err(response.error(ErrorKind::Decode, message)) }
}
