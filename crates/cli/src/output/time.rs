//! Instants for people: UTC, and how far away.

use anykey::Timestamp;

use super::Look;

/// `2027-01-31T12:00:00Z`, on a terminal with ` (in 12 days)`.
pub(crate) fn instant(at: Timestamp, look: Look) -> String {
    let utc = at.strftime("%Y-%m-%dT%H:%M:%SZ");
    match look.now {
        Some(now) => format!("{utc} ({})", relative(at, now)),
        None => utc.to_string(),
    }
}

/// `in 12 days`, `3 hours ago`, `now`.
pub(crate) fn relative(at: Timestamp, now: Timestamp) -> String {
    let away = at.duration_since(now);
    let seconds = away.as_secs().unsigned_abs();
    let (amount, unit) = match seconds {
        0 => return "now".to_owned(),
        1..60 => (seconds, "second"),
        60..3_600 => (seconds / 60, "minute"),
        3_600..172_800 => (seconds / 3_600, "hour"),
        172_800..10_368_000 => (seconds / 86_400, "day"),
        10_368_000..63_072_000 => (seconds / 2_629_800, "month"),
        _ => (seconds / 31_557_600, "year"),
    };
    let plural = if amount == 1 { "" } else { "s" };
    if away.is_negative() {
        format!("{amount} {unit}{plural} ago")
    } else {
        format!("in {amount} {unit}{plural}")
    }
}

#[cfg(test)]
mod tests {
    use anykey::SignedDuration;

    use super::*;
    use crate::output::Formulas;

    #[test]
    fn distances_are_told_in_one_unit() {
        let now: Timestamp = "2027-01-15T12:00:00Z".parse().unwrap();
        let told = |seconds| relative(now + SignedDuration::from_secs(seconds), now);
        assert_eq!(told(0), "now");
        assert_eq!(told(1), "in 1 second");
        assert_eq!(told(-59), "59 seconds ago");
        assert_eq!(told(-60), "1 minute ago");
        assert_eq!(told(3_600), "in 1 hour");
        assert_eq!(told(12 * 86_400 + 5), "in 12 days");
        assert_eq!(told(-90 * 86_400), "90 days ago");
        assert_eq!(told(150 * 86_400), "in 4 months");
        assert_eq!(told(800 * 86_400), "in 2 years");
    }

    #[test]
    fn relative_times_are_for_terminals() {
        let at: Timestamp = "2027-01-31T12:00:00.769148Z".parse().unwrap();
        let look = |now| Look { now, width: None, colored: false, notes: false, formulas: Formulas::Kept };
        assert_eq!(instant(at, look(None)), "2027-01-31T12:00:00Z");
        let now = at - SignedDuration::from_hours(12 * 24);
        assert_eq!(instant(at, look(Some(now))), "2027-01-31T12:00:00Z (in 12 days)");
    }
}
