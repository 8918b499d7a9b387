//! Times in records: RFC 3339 in UTC.

use anykey_core::Timestamp;

use super::quirks::SecondFraction;

/// Formats `instant` as RFC 3339.
pub(super) fn written(instant: Timestamp, fraction: SecondFraction) -> String {
    match fraction {
        SecondFraction::None => format!("{instant:.0}"),
        SecondFraction::Millis => format!("{instant:.3}"),
        SecondFraction::Micros => format!("{instant:.6}"),
        SecondFraction::AsNeeded => match instant.subsec_microsecond() {
            0 => format!("{instant:.0}"),
            micros if micros % 1_000 == 0 => format!("{instant:.3}"),
            _ => format!("{instant:.6}"),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(micros: i64) -> [String; 4] {
        let instant = Timestamp::from_microsecond(micros).unwrap();
        [SecondFraction::AsNeeded, SecondFraction::None, SecondFraction::Millis, SecondFraction::Micros]
            .map(|fraction| written(instant, fraction))
    }

    #[test]
    fn fractions_have_the_configured_width() {
        assert_eq!(
            texts(0),
            [
                "1970-01-01T00:00:00Z",
                "1970-01-01T00:00:00Z",
                "1970-01-01T00:00:00.000Z",
                "1970-01-01T00:00:00.000000Z"
            ]
        );
        assert_eq!(
            texts(500_000),
            [
                "1970-01-01T00:00:00.500Z",
                "1970-01-01T00:00:00Z",
                "1970-01-01T00:00:00.500Z",
                "1970-01-01T00:00:00.500000Z"
            ]
        );
        assert_eq!(
            texts(123_450),
            [
                "1970-01-01T00:00:00.123450Z",
                "1970-01-01T00:00:00Z",
                "1970-01-01T00:00:00.123Z",
                "1970-01-01T00:00:00.123450Z"
            ]
        );
    }
}
