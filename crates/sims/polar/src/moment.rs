//! Instants of the server: stored in microseconds, written as Python writes them.

use std::fmt;

use anykey_core::{SignedDuration, Timestamp};
use jiff::Span;
use jiff::civil::DateTime;
use serde::{Serialize, Serializer};

use super::Timeframe;

const EPOCH: DateTime = DateTime::constant(1970, 1, 1, 0, 0, 0, 0);

/// An instant as stored in the database: whole microseconds, in UTC, up to the end of the year 9999.
///
/// [`Timestamp`] ends a day earlier, but the vendor accepts `9999-12-31T23:59:59Z` as an expiry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Moment {
    /// Microseconds since 1970.
    micros: i64,
}

impl Moment {
    /// The instant of the civil time `civil` in UTC.
    pub(super) fn from_civil(civil: DateTime) -> Self {
        let since = civil.duration_since(EPOCH).as_micros();
        Self { micros: i64::try_from(since).unwrap_or(i64::MAX) }
    }

    /// The civil time in UTC.
    fn civil(self) -> DateTime {
        EPOCH.checked_add(SignedDuration::from_micros(self.micros)).unwrap_or(DateTime::MAX)
    }

    /// Adds seconds, which may be negative.
    pub(super) fn plus_seconds(self, seconds: i64) -> Self {
        Self { micros: self.micros.saturating_add(seconds.saturating_mul(1_000_000)) }
    }

    /// Adds calendar units: a month after 31 January is the last day of February.
    pub(super) fn plus(self, count: u32, timeframe: Timeframe) -> Self {
        let span = match timeframe {
            Timeframe::Day => Span::new().try_days(count),
            Timeframe::Month => Span::new().try_months(count),
            Timeframe::Year => Span::new().try_years(count),
        };
        let civil = span.and_then(|span| self.civil().checked_add(span));
        Self::from_civil(civil.unwrap_or(DateTime::MAX))
    }

    /// Seconds until `later`, rounded to the nearest; zero if `later` has passed.
    pub(super) fn seconds_until(self, later: Self) -> u64 {
        let micros = u64::try_from(later.micros.saturating_sub(self.micros)).unwrap_or(0);
        micros.saturating_add(500_000) / 1_000_000
    }

    /// Converts to a timestamp. The last day of the year 9999 becomes the latest timestamp.
    pub(super) fn to_timestamp(self) -> Timestamp {
        Timestamp::from_microsecond(self.micros).unwrap_or(Timestamp::MAX)
    }
}

impl From<Timestamp> for Moment {
    fn from(timestamp: Timestamp) -> Self {
        Self { micros: timestamp.as_microsecond() }
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}Z", civil_text(self.civil()))
    }
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Formats date and time without a zone: with six fractional digits, or none when there are no microseconds.
pub(super) fn civil_text(civil: DateTime) -> String {
    let micros = civil.subsec_nanosecond() / 1_000;
    let fraction = if micros == 0 { String::new() } else { format!(".{micros:06}") };
    format!(
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}{fraction}",
        civil.year(),
        civil.month(),
        civil.day(),
        civil.hour(),
        civil.minute(),
        civil.second(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moment(text: &str) -> Moment {
        Moment::from(text.parse::<Timestamp>().unwrap())
    }

    #[test]
    fn writes_six_digits_or_none() {
        assert_eq!(moment("2026-08-30T08:40:34.5Z").to_string(), "2026-08-30T08:40:34.500000Z");
        assert_eq!(moment("2026-08-30T08:40:34.000000999Z").to_string(), "2026-08-30T08:40:34Z");
    }

    #[test]
    fn adds_months_and_years_by_the_calendar() {
        assert_eq!(moment("2027-01-31T10:00:00Z").plus(1, Timeframe::Month), moment("2027-02-28T10:00:00Z"));
        assert_eq!(moment("2028-02-29T10:00:00Z").plus(1, Timeframe::Year), moment("2029-02-28T10:00:00Z"));
        assert_eq!(moment("2027-02-28T10:00:00Z").plus(1, Timeframe::Day), moment("2027-03-01T10:00:00Z"));
    }

    #[test]
    fn reaches_the_last_second_of_the_year_9999() {
        let last = Moment::from_civil(DateTime::constant(9999, 12, 31, 23, 59, 59, 0));
        assert_eq!(last.to_string(), "9999-12-31T23:59:59Z");
        assert_eq!(last.to_timestamp(), Timestamp::MAX);
    }

    #[test]
    fn rounds_seconds_to_the_nearest() {
        let now = moment("2027-01-01T00:00:00Z");
        assert_eq!(now.seconds_until(moment("2027-01-01T00:00:59.6Z")), 60);
        assert_eq!(now.seconds_until(moment("2027-01-01T00:00:00.4Z")), 0);
        assert_eq!(now.seconds_until(moment("2026-01-01T00:00:00Z")), 0);
    }
}
