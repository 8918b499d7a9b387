//! Times in records: RFC 3339 in UTC, with milliseconds.

use anykey_core::Timestamp;

/// Formats `instant` in UTC, with three fractional digits.
pub(super) fn written(instant: Timestamp) -> String {
    format!("{instant:.3}")
}

/// Truncates an instant to milliseconds.
pub(super) fn to_millis(instant: Timestamp) -> Timestamp {
    Timestamp::from_millisecond(instant.as_millisecond()).unwrap_or(instant)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_has_three_fractional_digits() {
        let instant: Timestamp = "2026-11-28T05:36:38.513207Z".parse().unwrap();
        assert_eq!(written(to_millis(instant)), "2026-11-28T05:36:38.513Z");
        assert_eq!(written("2026-11-28T05:36:38Z".parse().unwrap()), "2026-11-28T05:36:38.000Z");
    }
}
