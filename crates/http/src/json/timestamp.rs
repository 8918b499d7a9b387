//! Instants in a body.

use std::fmt;

use anykey_core::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::Offset;
use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer};

/// An instant of an answer's JSON, in any form of RFC 3339. For wire structs.
///
/// The form that vendors write, UTC with `Z`, is read more than twice as fast as by the general parser; a page of
/// a listing has hundreds of them.
///
/// ```
/// use anykey_http::JsonTimestamp;
///
/// let utc: JsonTimestamp = serde_json::from_str(r#""2026-10-30T08:15:41.998120Z""#)?;
/// let paris: JsonTimestamp = serde_json::from_str(r#""2026-10-30T09:15:41.99812+01:00""#)?;
/// assert_eq!(utc, paris);
/// # Ok::<_, serde_json::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct JsonTimestamp(pub Timestamp);

impl JsonTimestamp {
    /// Reads `text`; `None` when it is no instant.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        utc(text.as_bytes()).or_else(|| text.parse().ok()).map(Self)
    }

    /// Reads `text` as [`parse`](Self::parse) does, and what vendors write beside RFC 3339; `None` when it is no
    /// date.
    ///
    /// A date without a zone is in UTC, as Polar means it (its answer to a `PATCH` repeats the date that was sent).
    /// A date without a time is its first instant. A date after [`Timestamp::MAX`], such as the end of the year
    /// 9999, is `Timestamp::MAX`.
    ///
    /// ```
    /// use anykey_http::JsonTimestamp;
    ///
    /// let day = JsonTimestamp::parse_leniently("2026-10-30");
    /// assert_eq!(day, JsonTimestamp::parse("2026-10-30T00:00:00Z"));
    /// assert_eq!(JsonTimestamp::parse_leniently("soon"), None);
    /// ```
    #[must_use]
    pub fn parse_leniently(text: &str) -> Option<Self> {
        Self::parse(text)
            .or_else(|| Self::parse(&format!("{text}Z")))
            .or_else(|| Self::parse(&format!("{text}T00:00:00Z")))
            .or_else(|| is_past_the_last(text).then_some(Self(Timestamp::MAX)))
    }
}

impl From<JsonTimestamp> for Timestamp {
    fn from(timestamp: JsonTimestamp) -> Self {
        timestamp.0
    }
}

impl<'de> Deserialize<'de> for JsonTimestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(InstantVisitor)
    }
}

/// Reads a text as an instant.
struct InstantVisitor;

impl Visitor<'_> for InstantVisitor {
    type Value = JsonTimestamp;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an instant")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<JsonTimestamp, E> {
        JsonTimestamp::parse(text).ok_or_else(|| E::custom("no instant"))
    }
}

/// Whether `text` is a date of a year with five digits or more, or one of the last two days of the year 9999,
/// whose hours [`Timestamp`] has no instants for.
fn is_past_the_last(text: &str) -> bool {
    let date = text.split(['T', 't', ' ']).next().unwrap_or_default();
    let mut parts = date.strip_prefix('+').unwrap_or(date).split('-');
    let mut part = || parts.next().and_then(|part| part.parse::<u32>().ok());
    let (Some(year), Some(month), Some(day)) = (part(), part(), part()) else { return false };
    let is_a_date = (1..=12).contains(&month) && (1..=31).contains(&day);
    is_a_date && (year > 9_999 || (year == 9_999 && month == 12 && day >= 30)) && parts.next().is_none()
}

/// Reads `YYYY-MM-DDTHH:MM:SS[.fraction]Z`; `None` for every other form, a leap second among them.
fn utc(text: &[u8]) -> Option<Timestamp> {
    let (whole, rest) = text.split_first_chunk::<19>()?;
    let [y0, y1, y2, y3, b'-', m0, m1, b'-', d0, d1, b'T', h0, h1, b':', n0, n1, b':', s0, s1] = *whole
    else {
        return None;
    };
    let nanosecond = match rest {
        [b'Z'] => 0,
        [b'.', digits @ .., b'Z'] if (1..=9).contains(&digits.len()) => {
            let missing = u32::try_from(9_usize.checked_sub(digits.len())?).ok()?;
            number(digits)?.checked_mul(10_i32.pow(missing))?
        }
        _ => return None,
    };
    let pair = |tens, ones| i8::try_from(number(&[tens, ones])?).ok();
    let year = i16::try_from(number(&[y0, y1, y2, y3])?).ok()?;
    let time = DateTime::new(
        year,
        pair(m0, m1)?,
        pair(d0, d1)?,
        pair(h0, h1)?,
        pair(n0, n1)?,
        pair(s0, s1)?,
        nanosecond,
    );
    Offset::UTC.to_timestamp(time.ok()?).ok()
}

/// The number that these ASCII digits write; `None` for anything else.
fn number(digits: &[u8]) -> Option<i32> {
    digits.iter().try_fold(0, |number, digit| {
        let value = digit.wrapping_sub(b'0');
        (value < 10).then(|| number * 10 + i32::from(value))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_day_is_the_one_that_the_general_parser_reads() {
        let mut seen = 0;
        for year in (0..=9_999).step_by(7).chain([1_600, 1_900, 2_000, 2_024, 2_100, 9_999]) {
            for month in 0..=13 {
                for day in [0, 1, 28, 29, 30, 31, 32] {
                    let text = format!("{year:04}-{month:02}-{day:02}T23:59:58.012Z");
                    let general: Option<Timestamp> = text.parse().ok();
                    assert_eq!(utc(text.as_bytes()), general, "{text}");
                    seen += usize::from(general.is_some());
                }
            }
        }
        assert!(seen > 50_000, "{seen}");
    }

    #[test]
    fn a_fraction_has_one_to_nine_digits() {
        for fraction in [".1", ".12", ".998120", ".123456789", ".000000001", ""] {
            let text = format!("2026-10-30T08:15:41{fraction}Z");
            assert_eq!(utc(text.as_bytes()), Some(text.parse().unwrap()), "{text}");
        }
    }

    #[test]
    fn what_is_not_written_like_that_is_left_to_the_general_parser() {
        for text in [
            "",
            "Z",
            "2026-10-30",
            "2026-10-30T08:15:41",
            "2026-10-30t08:15:41z",
            "2026-10-30 08:15:41Z",
            "2026-10-30T08:15:41.Z",
            "2026-10-30T08:15:41.1234567890Z",
            "2026-10-30T08:15:60Z",
            "2026-10-30T24:00:00Z",
            "2026-10-30T08:60:00Z",
            "2026-10-30T08:15:41+00:00",
            "2026-1a-30T08:15:41Z",
            "2026-10-30T08:15:4éZ",
            "+02026-10-30T08:15:41Z",
        ] {
            assert_eq!(utc(text.as_bytes()), None, "{text}");
            assert_eq!(JsonTimestamp::parse(text).map(Timestamp::from), text.parse().ok(), "{text}");
        }
    }

    #[test]
    fn every_form_of_a_date_is_the_same_instant() {
        let instant: Timestamp = "2030-01-02T01:04:05Z".parse().unwrap();
        for text in [
            "2030-01-02T01:04:05Z",
            "2030-01-02T01:04:05.000000Z",
            "2030-01-02T03:04:05+02:00",
            "2030-01-02T01:04:05",
            "2030-01-02 01:04:05",
            "2030-01-02T01:04:05.000000",
        ] {
            assert_eq!(JsonTimestamp::parse_leniently(text), Some(JsonTimestamp(instant)), "{text}");
        }
        assert_eq!(
            JsonTimestamp::parse_leniently("2030-01-02"),
            Some(JsonTimestamp("2030-01-02T00:00:00Z".parse().unwrap()))
        );
    }

    #[test]
    fn a_date_after_the_last_instant_is_the_last_instant() {
        for text in [
            "9999-12-31T23:59:59Z",
            "9999-12-30T23:59:59",
            "9999-12-31T23:59:59.999999+00:00",
            "9999-12-31",
            "10000-01-01T00:00:00Z",
            "+10000-01-01T00:00:00Z",
            "+262142-12-31T23:59:59.999Z",
        ] {
            assert_eq!(JsonTimestamp::parse_leniently(text), Some(JsonTimestamp(Timestamp::MAX)), "{text}");
        }
        for text in ["", "soon", "9999", "9999-12", "9999-13-31", "10000-01-32", "9998-02-30", "99999-1-1-1"]
        {
            assert_eq!(JsonTimestamp::parse_leniently(text), None, "{text}");
        }
    }
}
