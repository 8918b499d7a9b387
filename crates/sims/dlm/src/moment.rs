//! Times as the database stores them and as messages show them.
//!
//! Every stored time is UTC, in whole seconds and without a zone, also when the site has another time zone.

use anykey_core::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

/// The date that the database stores for what is no date. A key with it never expires.
pub(crate) const ZERO: &str = "0000-00-00 00:00:00";
const FORMAT: &str = "%Y-%m-%d %H:%M:%S";

/// A time as it is stored: UTC, whole seconds.
pub(crate) fn stored(instant: Timestamp) -> String {
    instant.strftime(FORMAT).to_string()
}

/// The instant of a stored time; `None` for the zero date.
pub(crate) fn instant(text: &str) -> Option<Timestamp> {
    let civil = DateTime::strptime(FORMAT, text).ok()?;
    TimeZone::UTC.to_timestamp(civil).ok()
}

/// What the database makes of a text in a column for times: an offset is dropped, so that the clock time stays, and
/// what is no date becomes the zero date, which never expires.
pub(crate) fn from_text(text: &str) -> String {
    let civil = |format, text| DateTime::strptime(format, text).ok();
    let date = text.get(..10).unwrap_or(text);
    let day = jiff::civil::Date::strptime("%Y-%m-%d", date).ok();
    let time = text.get(..19).map(|text| text.replace('T', " "));
    let parsed = match (day, time) {
        (Some(day), _) if text.len() == 10 => Some(day.at(0, 0, 0, 0)),
        (Some(_), Some(time)) => civil(FORMAT, &time),
        _ => None,
    };
    parsed.map_or_else(|| ZERO.to_owned(), |civil| civil.strftime(FORMAT).to_string())
}

/// A time as the site shows it.
pub(crate) fn shown(instant: Timestamp, zone: &TimeZone) -> String {
    instant.to_zoned_datetime(zone.clone()).strftime("%B %-d, %Y, %-I:%M %P %Z").to_string()
}

/// Whether a text has the one form that `create` accepts. It does not have to be a date: `2030-13-45 00:00:00` is
/// accepted, and stored as zero.
pub(crate) fn has_stored_form(text: &str) -> bool {
    let shape = text.bytes().map(|byte| if byte.is_ascii_digit() { b'0' } else { byte });
    shape.eq("0000-00-00 00:00:00".bytes())
}

/// The message with which PHP's parser of dates refuses a text; `None` if it accepts it.
///
/// An update takes whatever that parser takes, such as `tomorrow`, and then stores the text itself, which is no date
/// to the database. Only the beginnings that the recordings show are known here.
pub(crate) fn refusal(text: &str) -> Option<String> {
    const WORDS: [&str; 12] = [
        "now",
        "today",
        "tomorrow",
        "yesterday",
        "midnight",
        "noon",
        "next",
        "last",
        "first",
        "monday",
        "+",
        "@",
    ];
    let lower = text.to_lowercase();
    let starts_with_date = text.len() >= 8
        && text.get(..5).is_some_and(|year| {
            year.ends_with('-') && year.bytes().take(4).all(|byte| byte.is_ascii_digit())
        });
    if starts_with_date || WORDS.iter().any(|word| lower.starts_with(word)) {
        return None;
    }
    let (place, reason) = if text.bytes().all(|byte| byte.is_ascii_digit()) {
        (8, "Unexpected character")
    } else {
        (0, "The timezone could not be found in the database")
    };
    let letter = text.chars().nth(place).unwrap_or_default();
    let (start, call) = ("DateTime::__construct(): Failed to parse time string", "at position");
    Some(format!("{start} ({text}) {call} {place} ({letter}): {reason}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_date_becomes_zero() {
        for (text, expected) in [
            ("2031-05-06", "2031-05-06 00:00:00"),
            ("2031-05-06T07:08:09Z", "2031-05-06 07:08:09"),
            ("2031-05-06 07:08:09+02:00", "2031-05-06 07:08:09"),
            ("2030-02-31 00:00:00", ZERO),
            ("tomorrow", ZERO),
            ("@1893456000", ZERO),
            (ZERO, ZERO),
        ] {
            assert_eq!(from_text(text), expected, "{text}");
        }
        assert!(has_stored_form("2030-13-45 00:00:00") && !has_stored_form("2030-01-02"));
        assert!(refusal("tomorrow").is_none() && refusal("garbage").is_some());
    }
}
