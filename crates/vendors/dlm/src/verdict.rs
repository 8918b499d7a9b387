//! Whether a key is good, by what the server shows of it. `success: true` is no verdict.

use anykey_core::adapter::ErrorExt as _;
use anykey_core::{
    ErrorKind, Expiry, LicenseKey, ProductId, Refusal, RefusalReason, Result, ValidateRequest, Verdict,
};
use anykey_http::ApiResponse;

/// Why a key is refused: its status, its expiry or an allowed product, in this order; `None` if it is good.
///
/// The expiry is compared with the time of the answer, so that the clock of the device does not count; `is_expired`
/// of the body decides only when the answer has no time. Allowed products refuse a key that has none.
///
/// # Errors
///
/// When the answer does not show what decides: an unknown status, or an expiry that cannot be read.
pub(crate) fn refusal(
    response: &ApiResponse,
    key: &LicenseKey,
    is_expired: Option<bool>,
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
        (Expiry::At(_), None) => is_expired,
        _ => Some(false),
    };
    match has_ended {
        Some(true) => return Ok(Some(Refusal::new(RefusalReason::Expired))),
        Some(false) => {}
        None => return Err(response.error(ErrorKind::Decode, "the answer does not show when the key ends")),
    }
    let is_allowed =
        products.is_empty() || key.product.as_ref().is_some_and(|product| products.contains(product));
    Ok((!is_allowed).then(|| Refusal::new(RefusalReason::WrongProduct)))
}

/// Why a good key does not meet what the caller requires; `None` if it does. The server has no such parameters, so
/// product and customer are compared here. A key without the value is refused.
pub(crate) fn required(request: &ValidateRequest, key: &LicenseKey) -> Option<Refusal> {
    if request.product.is_some() && request.product != key.product {
        return Some(Refusal::new(RefusalReason::WrongProduct));
    }
    let differs = request.customer.is_some() && request.customer != key.customer;
    differs.then(|| Refusal::new(RefusalReason::WrongCustomer))
}
