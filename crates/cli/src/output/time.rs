//! Instants for people: on a terminal in its time zone, and how far away.

use std::sync::OnceLock;

use anykey::Timestamp;
use jiff::tz::TimeZone;

use super::Look;

/// `2027-01-31T12:00:00Z`, on a terminal `2027-01-31T13:00:00+01:00 (in 12 days)`.
pub(crate) fn instant(at: Timestamp, look: Look) -> String {
    let time = in_zone(at, look.zone);
    match look.now {
        Some(now) => format!("{time} ({})", relative(at, now)),
        None => time,
    }
}

/// RFC 3339 with the offset, which is `Z` where there is none. It can be typed again wherever a time is asked for.
fn in_zone(at: Timestamp, zone: Option<&TimeZone>) -> String {
    let local = zone.map(|zone| at.to_zoned_datetime(zone.clone())).filter(|local| !local.offset().is_zero());
    match local {
        Some(local) => local.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string(),
        None => at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
    }
}

/// The time zone of the user: that of `TZ`, or the system's; UTC when it is not known, such as without a database of
/// zones.
pub(crate) fn local_zone() -> &'static TimeZone {
    static LOCAL: OnceLock<TimeZone> = OnceLock::new();
    LOCAL.get_or_init(|| TimeZone::try_system().unwrap_or(TimeZone::UTC))
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
        let look = |now, zone| Look {
            now,
            zone,
            width: None,
            colored: false,
            notes: false,
            formulas: Formulas::Kept,
        };
        assert_eq!(instant(at, look(None, None)), "2027-01-31T12:00:00Z");
        let now = at - SignedDuration::from_hours(12 * 24);
        assert_eq!(instant(at, look(Some(now), None)), "2027-01-31T12:00:00Z (in 12 days)");
    }

    #[test]
    fn a_local_time_has_the_offset_of_its_own_day() {
        let zone = TimeZone::posix("EST5EDT,M3.2.0,M11.1.0").unwrap();
        let local = |at: &str| in_zone(at.parse().unwrap(), Some(&zone));
        assert_eq!(local("2027-01-31T03:00:00Z"), "2027-01-30T22:00:00-05:00");
        assert_eq!(local("2027-07-31T03:00:00Z"), "2027-07-30T23:00:00-04:00");
        let half = TimeZone::posix("<+0530>-5:30").unwrap();
        assert_eq!(
            in_zone("2027-01-31T03:00:00Z".parse().unwrap(), Some(&half)),
            "2027-01-31T08:30:00+05:30"
        );
    }
}
