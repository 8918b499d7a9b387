use std::fmt;

use anykey_core::{ErrorKind, RefusalReason, SignedDuration, Timestamp};

/// What the app may do now, until when, and why.
///
/// A small value that is copied, never a lock on anything: ask for a new one whenever you need it.
/// `Display` is one English sentence for a terminal or a log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Access {
    /// How things stand.
    pub state: AccessState,
    /// When the vendor is asked next, if the guard is [kept fresh](crate::Guard::keep_fresh); `None` when
    /// there is nothing to ask.
    pub next_check: Option<Timestamp>,
    /// The clock shows an earlier time than it did before, by more than the policy tolerates. Access is
    /// judged by the latest time seen, so this gains nothing; nor does it lose anything.
    pub clock_set_back: bool,
    /// The answer to an activation was lost: the vendor may count a seat that this machine does not know.
    pub seat_may_be_taken: bool,
    pub(crate) advisory: bool,
}

/// How things stand with the seat.
///
/// A vendor's no is always [`Refused`](Self::Refused) and an outage never is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AccessState {
    /// No key was entered on this machine.
    NotActivated,
    /// The vendor said yes not long ago.
    Granted {
        /// When access ends if no further answer comes; `None` when it then goes on without end.
        until: Option<Timestamp>,
    },
    /// The vendor's yes is no longer fresh, and no answer came since. The app goes on.
    Grace {
        /// When access ends unless the vendor answers before; `None` for never.
        until: Option<Timestamp>,
        /// When the yes stopped being fresh.
        since: Timestamp,
        /// Why there is no fresh answer.
        cause: Cause,
    },
    /// The vendor said no, or the expiry that it had told has passed.
    Refused {
        /// Why; the vendor's own sentence is in the [record](crate::Guard::record).
        reason: RefusalReason,
        /// Who says so.
        by: RefusedBy,
        /// When it was first refused, or when it expired.
        since: Timestamp,
        /// Until when the app may be used all the same, so that a payment can be put right; `None` when it
        /// may not.
        until: Option<Timestamp>,
    },
    /// Access has ended or not begun because no answer came. It comes with the vendor's next yes.
    NeedsCheck {
        /// Since when an answer is needed.
        since: Timestamp,
        /// Why there is none.
        cause: Cause,
    },
}

/// Why there is no fresh answer of the vendor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Cause {
    /// Nobody asked: the app was not running, or is asking right now.
    NotChecked,
    /// The last attempt failed in this way: no network, a rate limit, the vendor's outage.
    NoAnswer(ErrorKind),
    /// The answer to the activation was lost.
    ActivationPending,
}

/// Who says that the key may not be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RefusedBy {
    /// The vendor, when it was last asked.
    Vendor,
    /// The expiry that the vendor told earlier, applied on this machine.
    KnownExpiry,
}

impl Access {
    /// Whether the app may be used. Always true under [`Enforcement::Advisory`](crate::Enforcement::Advisory).
    #[must_use]
    pub const fn is_allowed(&self) -> bool {
        self.advisory
            || match self.state {
                AccessState::Granted { .. } | AccessState::Grace { .. } => true,
                AccessState::Refused { until, .. } => until.is_some(),
                AccessState::NotActivated | AccessState::NeedsCheck { .. } => false,
            }
    }

    /// When access ends if no further answer comes; `None` when it goes on without end, or has ended.
    #[must_use]
    pub const fn until(&self) -> Option<Timestamp> {
        match self.state {
            AccessState::Granted { until }
            | AccessState::Grace { until, .. }
            | AccessState::Refused { until, .. } => until,
            AccessState::NotActivated | AccessState::NeedsCheck { .. } => None,
        }
    }

    /// Whether access ends within `window` from `now` and a good answer would prevent it: time to warn the
    /// user.
    #[must_use]
    pub fn ends_within(&self, window: SignedDuration, now: Timestamp) -> bool {
        self.until().is_some_and(|until| until.duration_since(now) <= window)
    }
}

impl fmt::Display for Access {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.state {
            AccessState::NotActivated => f.write_str("not activated")?,
            AccessState::Granted { until: None } => f.write_str("licensed")?,
            AccessState::Granted { until: Some(until) } => {
                write!(f, "licensed; without another check until {}", Day(until))?;
            }
            AccessState::Grace { until: None, since, cause } => {
                write!(f, "licensed, unchecked since {} ({cause})", Day(since))?;
            }
            AccessState::Grace { until: Some(until), since, cause } => {
                write!(f, "unchecked since {} ({cause}); works until {}", Day(since), Day(until))?;
            }
            AccessState::Refused { reason, since, until, .. } => {
                write!(f, "refused since {}: {reason}", Day(since))?;
                if let Some(until) = until {
                    write!(f, "; works until {} so that it can be put right", Day(until))?;
                }
            }
            AccessState::NeedsCheck { since, cause } => {
                write!(f, "needs an answer of the vendor since {} ({cause})", Day(since))?;
            }
        }
        if self.seat_may_be_taken {
            f.write_str("; a lost activation may hold a seat")?;
        }
        if self.clock_set_back {
            f.write_str("; the clock was set back")?;
        }
        Ok(())
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotChecked => f.write_str("not asked yet"),
            Self::NoAnswer(kind) => write!(f, "no answer: {kind}"),
            Self::ActivationPending => f.write_str("the answer to the activation was lost"),
        }
    }
}

/// A time to the minute, in UTC.
struct Day(Timestamp);

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.strftime("%Y-%m-%d %H:%M UTC"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn access(state: AccessState) -> Access {
        Access { state, next_check: None, clock_set_back: false, seat_may_be_taken: false, advisory: false }
    }

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn a_warning_comes_before_the_end_and_only_if_there_is_one() {
        let (now, until) = (at("2027-03-01T09:00:00Z"), at("2027-03-04T09:00:00Z"));
        let window = SignedDuration::from_hours(72);
        let grace = |until| access(AccessState::Grace { until, since: now, cause: Cause::NotChecked });
        assert!(grace(Some(until)).ends_within(window, now));
        assert!(!grace(Some(until)).ends_within(window, now - SignedDuration::from_secs(1)));
        assert!(!grace(None).ends_within(window, now));
        assert!(!access(AccessState::NotActivated).ends_within(window, now));
    }

    #[test]
    fn the_sentence_says_what_holds_until_when_and_why() {
        let (since, until) = (at("2027-03-01T09:00:00Z"), at("2027-03-15T09:00:00Z"));
        let offline = Cause::NoAnswer(ErrorKind::Transport);
        let mut grace = access(AccessState::Grace { until: Some(until), since, cause: offline });
        assert_eq!(
            grace.to_string(),
            "unchecked since 2027-03-01 09:00 UTC (no answer: transport); works until 2027-03-15 09:00 UTC"
        );
        (grace.clock_set_back, grace.seat_may_be_taken) = (true, true);
        assert!(grace.to_string().ends_with("; a lost activation may hold a seat; the clock was set back"));
        let refused = AccessState::Refused {
            reason: RefusalReason::Expired,
            by: RefusedBy::Vendor,
            since,
            until: None,
        };
        assert_eq!(access(refused).to_string(), "refused since 2027-03-01 09:00 UTC: the key has expired");
    }
}
