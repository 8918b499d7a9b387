//! What a key refuses, as pure functions.

use jiff::Timestamp;

use super::record::Record;
use crate::{Environment, LicenseKey, RefusalReason, ValidateRequest, Verdict};

/// Why the key itself may not be used at `now`, by a provider that is set to `environment`.
pub(super) fn refuse_key(
    key: &LicenseKey,
    environment: Option<Environment>,
    now: Timestamp,
) -> Option<RefusalReason> {
    if let Some(refusal) = environment.and_then(|environment| environment.refuse(key.environment)) {
        return Some(refusal.reason);
    }
    match key.status_at(now).verdict() {
        Some(Verdict::Valid) => None,
        Some(Verdict::Refused(refusal)) => Some(refusal.reason),
        None => Some(RefusalReason::Inactive),
    }
}

/// Why a validation is refused, apart from [`refuse_key`].
pub(super) fn refuse_request(
    record: &Record,
    request: &ValidateRequest,
    now: Timestamp,
) -> Option<RefusalReason> {
    if let Some(id) = &request.activation {
        let Some(seat) = record.seat(id) else { return Some(RefusalReason::UnknownActivation) };
        if seat.has_ended(now) {
            return Some(RefusalReason::SeatExpired);
        }
        if !seat.conditions.is_empty() && seat.conditions != request.conditions {
            return Some(RefusalReason::ConditionsMismatch);
        }
    }
    let key = &record.key;
    if request.product.is_some() && request.product != key.product {
        return Some(RefusalReason::WrongProduct);
    }
    if request.customer.is_some() && request.customer != key.customer {
        return Some(RefusalReason::WrongCustomer);
    }
    let left = key.usage.and_then(crate::Usage::remaining);
    (request.increment_usage > 0 && left.is_some_and(|left| request.increment_usage > left))
        .then_some(RefusalReason::UsageExceeded)
}
