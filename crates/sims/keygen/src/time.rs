//! Times of the API.

use anykey_core::{SignedDuration, Timestamp};
use anykey_sim_kit::to_micros;
use serde_json::Value;

/// An instant in the vendor's form: UTC with three fractional digits, cut off and not rounded.
pub(super) fn written(instant: Timestamp) -> String {
    instant.strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()
}

/// As JSON: a text, or null.
pub(super) fn date(instant: Option<Timestamp>) -> Value {
    instant.map(written).into()
}

/// Parses an instant of a client, which needs an offset; fractions below a microsecond are dropped.
pub(super) fn read(text: &str) -> Option<Timestamp> {
    text.parse().ok().map(to_micros)
}

/// `instant` and `seconds` more.
pub(super) fn later(instant: Timestamp, seconds: u64) -> Timestamp {
    let seconds = i64::try_from(seconds).unwrap_or(i64::MAX);
    instant.checked_add(SignedDuration::from_secs(seconds)).unwrap_or(Timestamp::MAX)
}

/// `instant` and `seconds` less.
pub(super) fn earlier(instant: Timestamp, seconds: u64) -> Timestamp {
    let seconds = i64::try_from(seconds).unwrap_or(i64::MAX);
    instant.checked_sub(SignedDuration::from_secs(seconds)).unwrap_or(Timestamp::MIN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_has_three_fractional_digits() {
        let instant = read("2026-01-01T01:00:00.123987+01:00").unwrap();
        assert_eq!(written(instant), "2026-01-01T00:00:00.123Z");
        assert_eq!(written(later(Timestamp::UNIX_EPOCH, 60)), "1970-01-01T00:01:00.000Z");
    }
}
