//! Times in records, page keys and filters. The vendor's records have no fraction of a second (server code, 2025).

use anykey_core::Timestamp;

const DAY: i64 = 86_400;

/// Truncates to seconds, as the vendor stores it.
pub(super) fn to_seconds(instant: Timestamp) -> Timestamp {
    Timestamp::from_second(instant.as_second()).unwrap_or(instant)
}

/// An instant in JSON: UTC, without a fraction.
pub(super) fn written(instant: Timestamp) -> String {
    instant.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// An instant in a page key: digits only, down to microseconds.
pub(super) fn in_page_key(instant: Timestamp) -> String {
    format!("{}000000", instant.strftime("%Y%m%d%H%M%S"))
}

/// The instant of a page key; `None` if it is none.
pub(super) fn of_page_key(digits: &str) -> Option<Timestamp> {
    let is_digits = digits.len() >= 14 && digits.bytes().all(|byte| byte.is_ascii_digit());
    let part = |range: std::ops::Range<usize>| digits.get(range).filter(|_| is_digits);
    let (year, month, day) = (part(0..4)?, part(4..6)?, part(6..8)?);
    let (hour, minute, second) = (part(8..10)?, part(10..12)?, part(12..14)?);
    format!("{year}-{month}-{day}T{hour}:{minute}:{second}Z").parse().ok()
}

/// The beginning of a day `YYYY-MM-DD` in UTC; `None` if it is none.
pub(super) fn of_day(text: &str) -> Option<Timestamp> {
    format!("{text}T00:00:00Z").parse().ok()
}

/// A phrase such as `3 days ago`.
pub(super) fn ago(then: Timestamp, now: Timestamp) -> String {
    let seconds = now.as_second().saturating_sub(then.as_second());
    match seconds {
        ..60 => "less than a minute ago".to_owned(),
        60..3_600 => format!("{} minutes ago", seconds / 60),
        3_600..DAY => format!("about {} hours ago", seconds / 3_600),
        _ => format!("{} days ago", seconds / DAY),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_have_no_fraction_and_page_keys_six_zeros() {
        let instant = to_seconds("2023-01-19T08:10:40.75Z".parse().unwrap());
        assert_eq!(written(instant), "2023-01-19T08:10:40Z");
        assert_eq!(in_page_key(instant), "20230119081040000000");
        assert_eq!(of_page_key("20230119081040000000"), Some(instant));
        for bad in ["", "2023", "2023011908104x000000", "20231319081040000000"] {
            assert_eq!(of_page_key(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_day_begins_at_midnight() {
        assert_eq!(of_day("2023-01-19").map(written).as_deref(), Some("2023-01-19T00:00:00Z"));
        assert_eq!(of_day("19.01.2023"), None);
    }
}
