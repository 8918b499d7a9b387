//! Whether a key is in force. Gumroad has no status: it has flags of the license, of the purchase and of the
//! membership.
//!
//! Sales and verifications have different flags for the same facts; [`Standing`] is what both become. A flag that
//! decides and is missing makes the standing unknown, since a refunded key must not count as paid.

use anykey_core::{LicenseStatus, Refusal, RefusalReason, Timestamp};
use anykey_http::{JsonMember, JsonTimestamp};

use crate::members::Members;
use crate::wire::SaleBody;

/// Whether a key is in force, and if not, because of which flag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// No flag says otherwise.
    InForce,
    /// The seller disabled the key.
    Disabled,
    /// The price was paid back.
    Refunded,
    /// The buyer disputes the payment, and the seller has not won.
    Disputed,
    /// A payment of the membership failed for good.
    PaymentFailed,
    /// The membership is over.
    Ended,
    /// The membership was cancelled, and the paid time is over.
    Canceled,
    /// A flag that decides is missing or cannot be read.
    Unknown,
}

impl Standing {
    /// The flag, as Gumroad names it; `active` without one.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::InForce => "active",
            Self::Disabled => "disabled",
            Self::Refunded => "refunded",
            Self::Disputed => "disputed",
            Self::PaymentFailed => "failed",
            Self::Ended => "ended",
            Self::Canceled => "cancelled",
            Self::Unknown => "unknown",
        }
    }

    /// An unknown standing keeps its word and is never usable.
    pub(crate) fn status(self) -> LicenseStatus {
        match self {
            Self::InForce => LicenseStatus::Active,
            Self::Disabled => LicenseStatus::Disabled,
            Self::Refunded | Self::Disputed => LicenseStatus::Revoked,
            Self::PaymentFailed | Self::Ended | Self::Canceled => LicenseStatus::Expired,
            Self::Unknown => LicenseStatus::Other(self.word().into()),
        }
    }

    /// Why a key is refused; `None` if it is in force, or if that is not known.
    pub(crate) fn refusal(self) -> Option<Refusal> {
        Some(Refusal::new(match self {
            Self::InForce | Self::Unknown => return None,
            Self::Disabled => RefusalReason::Disabled,
            Self::Refunded => RefusalReason::Refunded,
            Self::Disputed => RefusalReason::Disputed,
            Self::PaymentFailed => RefusalReason::PaymentFailed,
            Self::Ended => RefusalReason::SubscriptionEnded,
            Self::Canceled => RefusalReason::SubscriptionCanceled,
        }))
    }

    /// The standing of a sale's key. `dead` is required of a membership; the flags of a payment may be absent, which
    /// means `false` (server code, 2026).
    pub(crate) fn of_sale(sale: &SaleBody) -> Self {
        let is_member = !matches!(sale.subscription_id, JsonMember::Absent | JsonMember::Null);
        let flags = (
            flag(sale.license_disabled, Absent::IsUnknown),
            flag(sale.refunded, Absent::IsFalse),
            flag(sale.chargedback, Absent::IsFalse),
            flag(sale.dead, if is_member { Absent::IsUnknown } else { Absent::IsFalse }),
        );
        match flags {
            (Some(true), ..) => Self::Disabled,
            (_, Some(true), ..) => Self::Refunded,
            (_, _, Some(true), _) => Self::Disputed,
            // `cancelled` is also set by a failed payment; only a verification distinguishes them.
            (.., Some(true))
                if sale.ended != JsonMember::Value(true) && sale.cancelled == JsonMember::Value(true) =>
            {
                Self::Canceled
            }
            (.., Some(true)) => Self::Ended,
            (Some(false), Some(false), Some(false), Some(false)) => Self::InForce,
            _ => Self::Unknown,
        }
    }

    /// The standing of the purchase in a verification, at the instant `now`. The key itself is not disabled: a
    /// verification refuses that.
    ///
    /// `now` decides about a cancellation only: its instant is the end of the paid time and may be in the future.
    pub(crate) fn of_purchase(purchase: &Members<'_>, now: Timestamp) -> Self {
        let end = |name| instant(purchase.last(name));
        let ends =
            (end("subscription_failed_at"), end("subscription_ended_at"), end("subscription_cancelled_at"));
        let (Ok(failed), Ok(ended), Ok(cancelled)) = ends else { return Self::Unknown };
        // `disputed` stays after a dispute that the seller won. Single purchases have `chargebacked` beside it.
        let is_disputed = flag(purchase.last("disputed"), Absent::IsUnknown);
        let is_won = flag(purchase.last("dispute_won"), Absent::IsFalse);
        match (flag(purchase.last("refunded"), Absent::IsUnknown), is_disputed, is_won) {
            (Some(true), ..) => Self::Refunded,
            (_, Some(true), Some(false)) => Self::Disputed,
            (None, ..) | (_, None, _) | (.., None) => Self::Unknown,
            _ if failed.is_some() => Self::PaymentFailed,
            _ if ended.is_some() => Self::Ended,
            _ if cancelled.is_some_and(|at| at <= now) => Self::Canceled,
            _ => Self::InForce,
        }
    }
}

/// What a flag means that is absent.
#[derive(Clone, Copy)]
enum Absent {
    /// Gumroad leaves it out where it does not apply.
    IsFalse,
    /// Gumroad always writes it, so the answer is incomplete.
    IsUnknown,
}

/// A flag; `None` if it is not known. A value of another type is never known.
fn flag(member: JsonMember<bool>, absent: Absent) -> Option<bool> {
    match (member, absent) {
        (JsonMember::Value(value), _) => Some(value),
        (JsonMember::Absent | JsonMember::Null, Absent::IsFalse) => Some(false),
        _ => None,
    }
}

/// The instant of a membership's end; an error if there is one that cannot be read.
pub(crate) fn instant(member: JsonMember<JsonTimestamp>) -> Result<Option<Timestamp>, ()> {
    match member {
        JsonMember::Value(at) => Ok(Some(at.into())),
        JsonMember::Absent | JsonMember::Null => Ok(None),
        JsonMember::Unreadable => Err(()),
    }
}
