//! The settings of checks and graces.

use anykey_core::{RefusalReason, SignedDuration};

use crate::HeldSeat;

/// The default payment grace for a key that follows a subscription: vendors may renew late.
const LATE_RENEWAL_GRACE: SignedDuration = SignedDuration::from_hours(3 * 24);

/// How often to check, and how long the last valid answer counts.
///
/// The default checks once a day, allows two weeks without an answer, and ends access as soon as the vendor refuses.
/// A policy is not stored: a new version of the app may change it, and the change holds for existing records at once.
///
/// ```
/// use anykey_core::SignedDuration;
/// use anykey_guard::{OfflineGrace, Policy};
///
/// let policy = Policy::default()
///     .check_interval(SignedDuration::from_hours(6))
///     .offline_grace(OfflineGrace::days(30))
///     .payment_grace(SignedDuration::from_hours(3 * 24));
/// assert_eq!(policy.jitter_percent, 10);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Policy {
    /// The time between checks. Default: 24 hours. At least a minute; smaller values count as one.
    pub check_interval: SignedDuration,
    /// How much earlier a check may run, in percent of the interval, so that many machines do not check at once.
    /// Default: 10. Larger values than 90 count as 90.
    pub jitter_percent: u8,
    /// How long access continues without an answer after a check became due. Default: 14 days.
    pub offline_grace: OfflineGrace,
    /// Whether the grace needs a valid answer first. Default: true. When false, grace also starts with an activation
    /// whose answer was lost, and with a restored backup.
    pub grace_needs_good_check: bool,
    /// How long access continues after a refusal that a payment may resolve. It never applies to a key that the
    /// seller disabled, to a purchase that was refunded or is disputed, to an unknown key or activation, or to a key
    /// of another product.
    ///
    /// Default: `None`, which means three days for a key that follows a subscription and has ended, because vendors
    /// may renew late, and zero for a revoked or canceled key and for all others. A key follows a subscription when
    /// the vendor reports that, or has renewed it before. If the vendor reports neither expiry nor subscription, a
    /// key that is refused as expired counts as one.
    pub payment_grace: Option<SignedDuration>,
    /// What the end of access means for the app. Default: [`Enforcement::Strict`].
    pub enforcement: Enforcement,
    /// How far the clock may be wrong: a step back of no more than this is not reported, and access continues for this
    /// long after a known expiry date. Default: 10 minutes.
    pub clock_tolerance: SignedDuration,
}

/// How long access continues without an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum OfflineGrace {
    /// For this duration. Negative durations count as zero.
    For(SignedDuration),
    /// Without limit: only a refusal or a known expiry date ends access.
    Unlimited,
}

impl OfflineGrace {
    /// A grace of `days` times 24 hours.
    #[must_use]
    pub const fn days(days: u32) -> Self {
        Self::For(SignedDuration::from_secs(86_400 * widened(days)))
    }
}

/// What the end of access means for the app.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Enforcement {
    /// [`Access::is_allowed`](crate::Access::is_allowed) is false once access has ended.
    #[default]
    Strict,
    /// [`Access::is_allowed`](crate::Access::is_allowed) is always true: the app shows the state and continues.
    Advisory,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            check_interval: SignedDuration::from_hours(24),
            jitter_percent: 10,
            offline_grace: OfflineGrace::days(14),
            grace_needs_good_check: true,
            payment_grace: None,
            enforcement: Enforcement::Strict,
            clock_tolerance: SignedDuration::from_mins(10),
        }
    }
}

impl Policy {
    /// Sets [`check_interval`](Self::check_interval).
    #[must_use]
    pub const fn check_interval(mut self, interval: SignedDuration) -> Self {
        self.check_interval = interval;
        self
    }

    /// Sets [`jitter_percent`](Self::jitter_percent).
    #[must_use]
    pub const fn jitter_percent(mut self, percent: u8) -> Self {
        self.jitter_percent = percent;
        self
    }

    /// Sets [`offline_grace`](Self::offline_grace).
    #[must_use]
    pub const fn offline_grace(mut self, grace: OfflineGrace) -> Self {
        self.offline_grace = grace;
        self
    }

    /// Sets [`grace_needs_good_check`](Self::grace_needs_good_check).
    #[must_use]
    pub const fn grace_needs_good_check(mut self, needs: bool) -> Self {
        self.grace_needs_good_check = needs;
        self
    }

    /// Sets [`payment_grace`](Self::payment_grace).
    #[must_use]
    pub const fn payment_grace(mut self, grace: SignedDuration) -> Self {
        self.payment_grace = Some(grace);
        self
    }

    /// Sets [`enforcement`](Self::enforcement).
    #[must_use]
    pub const fn enforcement(mut self, enforcement: Enforcement) -> Self {
        self.enforcement = enforcement;
        self
    }

    /// Sets [`clock_tolerance`](Self::clock_tolerance).
    #[must_use]
    pub const fn clock_tolerance(mut self, tolerance: SignedDuration) -> Self {
        self.clock_tolerance = tolerance;
        self
    }

    /// How long access continues after `seat` was refused for `reason`.
    pub(crate) fn payment_grace_of(&self, seat: &HeldSeat, reason: RefusalReason) -> SignedDuration {
        let is_ended = matches!(
            reason,
            RefusalReason::Expired
                | RefusalReason::Inactive
                | RefusalReason::Unspecified
                | RefusalReason::SubscriptionEnded
                | RefusalReason::PaymentFailed
        );
        let is_withdrawn = matches!(reason, RefusalReason::Revoked | RefusalReason::SubscriptionCanceled);
        match self.payment_grace {
            Some(grace) if is_ended || is_withdrawn => grace,
            None if is_ended && seat.may_follow_subscription(reason) => LATE_RENEWAL_GRACE,
            _ => SignedDuration::ZERO,
        }
    }

    /// The same policy with every value within its documented bounds.
    pub(crate) fn bounded(self) -> Self {
        let at_least_zero = |duration: SignedDuration| duration.max(SignedDuration::ZERO);
        Self {
            check_interval: self.check_interval.max(SignedDuration::from_mins(1)),
            jitter_percent: self.jitter_percent.min(90),
            offline_grace: match self.offline_grace {
                OfflineGrace::For(grace) => OfflineGrace::For(at_least_zero(grace)),
                OfflineGrace::Unlimited => OfflineGrace::Unlimited,
            },
            payment_grace: self.payment_grace.map(at_least_zero),
            clock_tolerance: at_least_zero(self.clock_tolerance),
            ..self
        }
    }
}

/// A number of days as `i64`, in a constant function.
#[expect(clippy::as_conversions, reason = "`i64::from` is not usable in a const fn, and every u32 fits")]
const fn widened(days: u32) -> i64 {
    days as i64
}
