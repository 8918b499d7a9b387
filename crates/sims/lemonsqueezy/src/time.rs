//! Times in records: RFC 3339 in UTC, with microseconds.

use anykey_core::Timestamp;
use anykey_sim_kit::to_micros;

const SECONDS_PER_DAY: i64 = 86_400;

/// Formats `instant` in UTC, always with six fractional digits.
pub(super) fn written(instant: Timestamp) -> String {
    format!("{instant:.6}")
}

/// Parses an instant of a client: a date, or a date and a time in UTC or with an offset.
pub(super) fn read(text: &str) -> Option<Timestamp> {
    let instant = text.parse().or_else(|_| format!("{text}T00:00:00Z").parse()).ok();
    instant.map(to_micros)
}

/// The beginning of the day of `instant` in UTC.
pub(super) fn day_of(instant: Timestamp) -> Timestamp {
    let day = instant.as_second().div_euclid(SECONDS_PER_DAY) * SECONDS_PER_DAY;
    Timestamp::from_second(day).unwrap_or(instant)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_the_beginning_of_its_day_and_is_written_with_six_digits() {
        let day = read("2026-11-28").unwrap();
        assert_eq!(written(day), "2026-11-28T00:00:00.000000Z");
        assert_eq!(read("2026-11-28T01:30:00+01:00"), read("2026-11-28T00:30:00.000Z"));
        assert_eq!(day_of(read("2026-11-28T23:59:59Z").unwrap()), day);
        assert_eq!(read("tomorrow"), None);
    }
}
