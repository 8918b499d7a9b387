use anykey_core::{RefusalReason, SignedDuration};

use crate::HeldSeat;

/// How late a vendor may renew a subscription by default.
const LATE_RENEWAL: SignedDuration = SignedDuration::from_hours(3 * 24);

/// How often to ask the vendor, and how long to trust its last answer.
///
/// The default asks once a day, works two weeks without an answer, and ends access as soon as the vendor
/// refuses.
///
/// ```
/// use anykey_core::SignedDuration;
/// use anykey_guard::{OfflineGrace, Policy};
///
/// let policy = Policy::default()
///     .check_interval(SignedDuration::from_hours(6))
///     .offline_grace(OfflineGrace::days(30))
///     .payment_grace(SignedDuration::from_hours(3 * 24));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Policy {
    /// How long the vendor's yes is fresh; 24 hours by default. Less than a minute counts as a minute.
    pub check_interval: SignedDuration,
    /// By how many percent of the interval a check may come early, so that the machines of an office do not
    /// ask all at once; 10 by default, at most 90.
    pub jitter_percent: u8,
    /// How long access goes on after the yes is no longer fresh and no answer comes; 14 days by default.
    pub offline_grace: OfflineGrace,
    /// Whether that grace needs a yes of the vendor first; true by default. When false, it also starts with
    /// an activation whose answer was lost, and with a restored backup.
    pub grace_needs_good_check: bool,
    /// How long access goes on after a refusal that a payment may cure. It never applies to a key that the
    /// seller disabled, to a purchase that was refunded or is disputed, to an unknown key or activation, or to a key
    /// for something else.
    ///
    /// `None`, the default, is three days for a key that follows a subscription and has ended, since vendors
    /// renew late, and zero for every other key and for a revoked or canceled one. A key follows a subscription when the
    /// vendor says so, or has renewed it before; where the vendor reports neither end nor subscription, a key
    /// that is refused as expired counts as one.
    pub payment_grace: Option<SignedDuration>,
    /// What the end of access means for the app; [`Enforcement::Strict`] by default.
    pub enforcement: Enforcement,
    /// How far the clock may be off: by so much it may go back without being flagged, and so long after a
    /// known expiry access still lasts. 10 minutes by default.
    pub clock_tolerance: SignedDuration,
}

/// How long access goes on while no answer comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum OfflineGrace {
    /// For this long. Negative durations count as zero.
    For(SignedDuration),
    /// As long as it takes: only a refusal or a known expiry ends access.
    Unlimited,
}

impl OfflineGrace {
    /// Grace of `days` times 24 hours.
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
    /// [`Access::is_allowed`](crate::Access::is_allowed) is always true: the app shows its user the state
    /// and goes on.
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

    /// How long access goes on after the refusal of `seat` for `reason`.
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
            None if is_ended && seat.may_follow_subscription(reason) => LATE_RENEWAL,
            _ => SignedDuration::ZERO,
        }
    }

    /// The same policy with every part inside its documented bounds.
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

#[expect(clippy::as_conversions, reason = "`i64::from` is not usable in a const fn, and every u32 fits")]
const fn widened(days: u32) -> i64 {
    days as i64
}
