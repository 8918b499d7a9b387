//! `Display` for access: one English sentence.

use std::fmt;

use anykey_core::{SignedDuration, Timestamp};

use super::{Access, AccessState, Cause, Notice};

impl fmt::Display for Access {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.state {
            AccessState::NotActivated => f.write_str("not activated")?,
            AccessState::Granted { until: None } => f.write_str("licensed")?,
            AccessState::Granted { until: Some(until) } => {
                write!(f, "licensed; until {} without another check", Minute(until))?;
            }
            AccessState::Grace { until: None, since, cause } => {
                write!(f, "licensed, not checked since {} ({cause})", Minute(since))?;
            }
            AccessState::Grace { until: Some(until), since, cause } => {
                write!(f, "not checked since {} ({cause}); works until {}", Minute(since), Minute(until))?;
            }
            AccessState::Refused { reason, since, until, .. } => {
                write!(f, "refused since {}: {reason}", Minute(since))?;
                if let Some(until) = until {
                    write!(f, "; works until {}", Minute(until))?;
                }
            }
            AccessState::NeedsCheck { since, cause } => {
                write!(f, "needs a check since {} ({cause})", Minute(since))?;
            }
        }
        self.notices().iter().try_for_each(|notice| self.write_notice(notice, f))
    }
}

impl Access {
    /// A notice as a part of the sentence; shorter than its description where the state has the details.
    fn write_notice(&self, notice: Notice, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match notice {
            Notice::SeatMayBeTaken => f.write_str("; a lost activation may have taken a seat"),
            Notice::ClockSetBack => f.write_str("; the clock was set back"),
            Notice::ClockWrong => {
                let direction = if self.clock_off_by.is_negative() { "behind" } else { "ahead" };
                write!(f, "; this computer's clock is {} {direction}", Rough(self.clock_off_by.abs()))
            }
            notice => write!(f, "; {notice}"),
        }
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotChecked => f.write_str("not checked yet"),
            Self::NoAnswer(kind) => write!(f, "no answer: {kind}"),
            Self::ActivationPending => f.write_str("the answer to the activation was lost"),
            Self::VendorChanged => f.write_str("the app is now sold through another vendor"),
            Self::RecordUnreadable => f.write_str("the license record cannot be read"),
            Self::RecordRestored => f.write_str("an older license record was restored"),
        }
    }
}

/// A time to the minute, in UTC.
struct Minute(Timestamp);

impl fmt::Display for Minute {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.strftime("%Y-%m-%d %H:%M UTC"))
    }
}

/// A duration, rounded down, in the largest unit of which there are at least two.
struct Rough(SignedDuration);

impl fmt::Display for Rough {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let days = self.0.as_hours() / 24;
        match (days, self.0.as_hours(), self.0.as_mins()) {
            (730.., ..) => write!(f, "{} years", days / 365),
            (2.., ..) => write!(f, "{days} days"),
            (_, hours @ 2.., _) => write!(f, "{hours} hours"),
            (.., minutes) => write!(f, "{minutes} minutes"),
        }
    }
}

#[cfg(test)]
mod tests {
    use anykey_core::{ErrorKind, RefusalReason};

    use super::*;
    use crate::{Notices, RefusedBy};

    fn access(state: AccessState) -> Access {
        Access {
            state,
            next_check: None,
            clock_set_back: false,
            seat_may_be_taken: false,
            clock_off_by: SignedDuration::ZERO,
            marks: Notices::NONE,
            advisory: false,
        }
    }

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn ends_within_is_true_only_shortly_before_a_deadline() {
        let (now, until) = (at("2027-03-01T09:00:00Z"), at("2027-03-04T09:00:00Z"));
        let window = SignedDuration::from_hours(72);
        let grace = |until| access(AccessState::Grace { until, since: now, cause: Cause::NotChecked });
        assert!(grace(Some(until)).ends_within(window, now));
        assert!(!grace(Some(until)).ends_within(window, now - SignedDuration::from_secs(1)));
        assert!(!grace(None).ends_within(window, now));
        assert!(!access(AccessState::NotActivated).ends_within(window, now));
    }

    #[test]
    fn days_left_are_whole_days_in_the_vendors_time() {
        let (now, until) = (at("2027-03-01T09:00:00Z"), at("2027-03-04T09:00:00Z"));
        let mut granted = access(AccessState::Granted { until: Some(until) });
        assert_eq!(granted.days_left(now), Some(3));
        assert_eq!(granted.days_left(now + SignedDuration::from_secs(1)), Some(2));
        assert_eq!(granted.days_left(until), Some(0));
        assert_eq!(access(AccessState::Granted { until: None }).days_left(now), None);
        granted.clock_off_by = SignedDuration::from_hours(24 * 80);
        assert_eq!(granted.days_left(now + SignedDuration::from_hours(24 * 80)), Some(3));
    }

    #[test]
    fn the_sentence_contains_state_deadline_and_cause() {
        let (since, until) = (at("2027-03-01T09:00:00Z"), at("2027-03-15T09:00:00Z"));
        let offline = Cause::NoAnswer(ErrorKind::Transport);
        let mut grace = access(AccessState::Grace { until: Some(until), since, cause: offline });
        assert_eq!(
            grace.to_string(),
            "not checked since 2027-03-01 09:00 UTC (no answer: transport); works until 2027-03-15 09:00 UTC"
        );
        (grace.clock_set_back, grace.seat_may_be_taken) = (true, true);
        assert!(
            grace.to_string().ends_with("; a lost activation may have taken a seat; the clock was set back")
        );
        let refused = AccessState::Refused {
            reason: RefusalReason::Expired,
            by: RefusedBy::Vendor,
            since,
            until: None,
        };
        assert_eq!(access(refused).to_string(), "refused since 2027-03-01 09:00 UTC: the key has expired");
    }

    #[test]
    fn a_wrong_clock_is_reported_with_difference_and_direction() {
        let mut granted = access(AccessState::Granted { until: None });
        let hours = |hours| SignedDuration::from_hours(hours);
        for (off_by, words) in [
            (hours(80 * 24 + 3), "80 days ahead"),
            (-hours(80 * 24), "80 days behind"),
            (hours(72 * 365 * 24), "72 years ahead"),
            (hours(30), "30 hours ahead"),
            (SignedDuration::from_mins(11), "11 minutes ahead"),
        ] {
            granted.clock_off_by = off_by;
            assert_eq!(granted.to_string(), format!("licensed; this computer's clock is {words}"));
        }
    }
}
