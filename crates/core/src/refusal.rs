use std::fmt;

use crate::adapter::plain_text;
use crate::names::stable_names;

/// The vendor's answer that a key may not be used, or not in this way.
///
/// A refusal is a fact about the license. An outage, a rate limit or a broken body never becomes one.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Refusal {
    /// Why, in words that mean the same for every vendor.
    pub reason: RefusalReason,
    /// The vendor's own sentence; `None` when it sent none. It never contains the key.
    pub message: Option<Box<str>>,
    /// Whether the vendor gives the same answer while it cannot read its own records, so that the key may exist
    /// (Digital License Manager: "could not be found"; Lemon Squeezy during incidents and just after a purchase). An
    /// app that has seen the key valid asks again later; a guard treats it as no answer then.
    pub is_doubtful: bool,
}

impl Refusal {
    /// A refusal for `reason`, without a sentence of the vendor.
    #[must_use]
    pub const fn new(reason: RefusalReason) -> Self {
        Self { reason, message: None, is_doubtful: false }
    }

    /// Marks a refusal that may be an outage of the vendor's own records.
    #[must_use]
    pub const fn doubtful(mut self) -> Self {
        self.is_doubtful = true;
        self
    }

    /// Keeps the vendor's own sentence, as [`plain_text`].
    #[must_use]
    pub fn with_message(mut self, message: impl Into<Box<str>>) -> Self {
        self.message = Some(plain_text(&message.into()).into());
        self
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.message {
            Some(message) => write!(f, "{} (\"{message}\")", self.reason),
            None => self.reason.fmt(f),
        }
    }
}

/// Why a vendor refuses a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RefusalReason {
    /// The vendor has no such key: a typing error, a rotated key, or the other environment's key.
    UnknownKey,
    /// The key's expiry has passed.
    Expired,
    /// The key is revoked or disabled, and the vendor does not say which.
    Inactive,
    /// The key was revoked: the purchase behind it ended.
    Revoked,
    /// The seller switched the key off.
    Disabled,
    /// The purchase was refunded (Gumroad `refunded`).
    Refunded,
    /// The buyer's bank took the payment back, or was asked to (Gumroad `disputed`, `chargebacked`).
    Disputed,
    /// The subscription behind the key was canceled and the paid time is over (Gumroad
    /// `subscription_cancelled_at`).
    SubscriptionCanceled,
    /// The subscription behind the key has ended, as agreed or by the seller (Gumroad `subscription_ended_at`).
    SubscriptionEnded,
    /// The subscription behind the key stopped because a payment failed (Gumroad `subscription_failed_at`).
    PaymentFailed,
    /// The key exists, the activation does not, or it belongs to another key.
    UnknownActivation,
    /// The key is good, but for another product than the caller requires.
    WrongProduct,
    /// The key is good, but belongs to another customer than the caller requires.
    WrongCustomer,
    /// The key is good, but of the vendor's other environment: a test key at a provider that is set to live, where the
    /// vendor serves both on one host (Lemon Squeezy `test_mode`).
    WrongEnvironment,
    /// The conditions sent differ from those stored with the activation.
    ConditionsMismatch,
    /// The usage asked for is more than what is left.
    UsageExceeded,
    /// The key is good for devices that hold a seat: activate it first (Keygen `NO_MACHINES`).
    ActivationRequired,
    /// This device holds a seat of the key already, at a vendor that knows devices again.
    AlreadyActivated,
    /// The device's seat has ended, because it was not renewed in time.
    SeatExpired,
    /// Every seat of the key is taken, or more than there are.
    ActivationLimitReached,
    /// Another limit of the key is exceeded: users, processor cores, memory (Keygen `TOO_MANY_CORES` and the like).
    LimitExceeded,
    /// The key has to check in with its vendor at intervals, and is overdue (Keygen `OVERDUE`).
    CheckInOverdue,
    /// The key has no seats at all: validate it without activating.
    ActivationsNotSupported,
    /// The vendor says no and gives no reason (Dodo's `valid: false`).
    Unspecified,
}

impl RefusalReason {
    /// A short sentence for a log or a terminal.
    #[must_use]
    pub const fn description(self) -> &'static str {
        match self {
            Self::UnknownKey => "the key is unknown",
            Self::Expired => "the key has expired",
            Self::Inactive => "the key is no longer active",
            Self::Revoked => "the key was revoked",
            Self::Disabled => "the key is disabled",
            Self::Refunded => "the purchase was refunded",
            Self::Disputed => "the payment is disputed",
            Self::SubscriptionCanceled => "the subscription was canceled",
            Self::SubscriptionEnded => "the subscription has ended",
            Self::PaymentFailed => "a payment of the subscription failed",
            Self::UnknownActivation => "the activation is unknown",
            Self::WrongProduct => "the key is for another product",
            Self::WrongCustomer => "the key belongs to another customer",
            Self::WrongEnvironment => "the key is of the vendor's other environment",
            Self::ConditionsMismatch => "the activation's conditions do not match",
            Self::UsageExceeded => "the usage limit is exceeded",
            Self::ActivationRequired => "the key has to be activated first",
            Self::AlreadyActivated => "the device holds a seat already",
            Self::SeatExpired => "the device's seat has ended",
            Self::ActivationLimitReached => "the activation limit is reached",
            Self::LimitExceeded => "a limit of the key is exceeded",
            Self::CheckInOverdue => "the key's check-in is overdue",
            Self::ActivationsNotSupported => "the key does not support activations",
            Self::Unspecified => "the vendor gave no reason",
        }
    }
}

stable_names! { RefusalReason:
    UnknownKey = "unknown_key",
    Expired = "expired",
    Inactive = "inactive",
    Revoked = "revoked",
    Disabled = "disabled",
    Refunded = "refunded",
    Disputed = "disputed",
    SubscriptionCanceled = "subscription_canceled",
    SubscriptionEnded = "subscription_ended",
    PaymentFailed = "payment_failed",
    UnknownActivation = "unknown_activation",
    WrongProduct = "wrong_product",
    WrongCustomer = "wrong_customer",
    WrongEnvironment = "wrong_environment",
    ConditionsMismatch = "conditions_mismatch",
    UsageExceeded = "usage_exceeded",
    ActivationRequired = "activation_required",
    AlreadyActivated = "already_activated",
    SeatExpired = "seat_expired",
    ActivationLimitReached = "activation_limit_reached",
    LimitExceeded = "limit_exceeded",
    CheckInOverdue = "check_in_overdue",
    ActivationsNotSupported = "activations_not_supported",
    Unspecified = "unspecified",
}

impl fmt::Display for RefusalReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.description())
    }
}
