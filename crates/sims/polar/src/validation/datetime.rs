//! Dates and times as pydantic reads them: RFC 3339 and several variations, plain dates, and Unix numbers.

use jiff::SignedDuration;
use jiff::civil::DateTime;

use super::error::{FieldError, Loc, Parsed};
use crate::json::{Json, Number};
use crate::moment::{Moment, civil_text};

/// Unix numbers above this are milliseconds.
const SECONDS_END: u64 = 20_000_000_000;
/// The zero of Unix numbers.
const EPOCH: DateTime = DateTime::constant(1970, 1, 1, 0, 0, 0, 0);
/// The server's texts for a number beyond its calendar.
const TOO_LATE: &str = "dates after 9999 are not supported as unix timestamps";
const TOO_EARLY: &str = "dates before 0000 are not supported as unix timestamps";
/// The year 0 is read, and has no date in Python.
const YEAR_ZERO: &str = "year 0 is out of range";

/// A date and time as sent by a caller, with its zone if it has one.
#[derive(Clone, Copy)]
pub(crate) struct SentTime {
    civil: DateTime,
    /// Seconds east of UTC.
    offset: Option<i32>,
}

impl SentTime {
    /// The stored instant. Without a zone the time is in UTC. `None` if the year in UTC is not from 1 to 9999, which
    /// is an unhandled error of the server.
    pub(crate) fn moment(self) -> Option<Moment> {
        let to_utc = SignedDuration::from_secs(-i64::from(self.offset.unwrap_or(0)));
        let in_utc = self.civil.checked_add(to_utc).ok()?;
        (1..=9999).contains(&in_utc.year()).then(|| Moment::from_civil(in_utc))
    }

    /// Whether it has no zone.
    pub(crate) const fn is_naive(self) -> bool {
        self.offset.is_none()
    }

    /// The text in the answer to the same request.
    pub(crate) fn echo(self) -> String {
        let civil = civil_text(self.civil);
        match self.offset {
            None => civil,
            Some(0) => format!("{civil}Z"),
            Some(offset) => {
                let minutes = offset.unsigned_abs() / 60;
                let sign = if offset < 0 { '-' } else { '+' };
                format!("{civil}{sign}{:02}:{:02}", minutes / 60, minutes % 60)
            }
        }
    }

    /// Seconds since 1970 with microseconds, or milliseconds if the number is too large for seconds.
    fn from_unix(seconds: i64, micros: i64) -> Result<Self, &'static str> {
        let (seconds, micros) = if seconds.unsigned_abs() > SECONDS_END {
            (seconds / 1_000, (seconds % 1_000) * 1_000)
        } else {
            (seconds, micros)
        };
        let since = SignedDuration::from_micros(micros).checked_add(SignedDuration::from_secs(seconds));
        let beyond = if seconds < 0 { TOO_EARLY } else { TOO_LATE };
        let civil = since.and_then(|since| EPOCH.checked_add(since).ok()).ok_or(beyond)?;
        if civil.year() < 0 { Err(TOO_EARLY) } else { Ok(Self { civil, offset: Some(0) }) }
    }
}

/// Parses a date-time: RFC 3339 with some variations, a date, or a Unix number.
pub(crate) fn date_time(input: &Json, loc: &Loc) -> Parsed<SentTime> {
    let no_datetime = |problem: &'static str| {
        let message = format!("Input should be a valid datetime, {problem}");
        vec![FieldError::new("datetime_parsing", loc, message, input).context("error", problem.into())]
    };
    let sent = match input {
        Json::String(text) => sent_time(text).map_err(|problem| {
            let message = format!("Input should be a valid datetime or date, {problem}");
            let error = FieldError::new("datetime_from_date_parsing", loc, message, input);
            vec![error.context("error", problem.into())]
        })?,
        Json::Number(number) => from_number(number).map_err(no_datetime)?,
        _ => {
            return Err(vec![FieldError::new(
                "datetime_type",
                loc,
                "Input should be a valid datetime",
                input,
            )]);
        }
    };
    if sent.civil.year() == 0 { Err(no_datetime(YEAR_ZERO)) } else { Ok(sent) }
}

/// A Unix number as a JSON number.
fn from_number(number: &Number) -> Result<SentTime, &'static str> {
    match number {
        Number::Whole(digits) => SentTime::from_unix(digits.parse().map_err(|_| TOO_LATE)?, 0),
        Number::Float(float) => from_decimal(&float.to_string()).ok_or(TOO_LATE)?,
    }
}

/// Parses a text as a date-time, a Unix number or a date. The error is that of the date.
fn sent_time(text: &str) -> Result<SentTime, &'static str> {
    if let Some(sent) = rfc3339(text.as_bytes()) {
        return Ok(sent);
    }
    if let Some(sent) = from_decimal(text) {
        return sent;
    }
    let civil = date(text.as_bytes())?;
    if text.len() > 10 {
        return Err("unexpected extra characters at the end of the input");
    }
    Ok(SentTime { civil, offset: None })
}

/// A Unix number in decimal digits; `None` if `text` is not one.
fn from_decimal(text: &str) -> Option<Result<SentTime, &'static str>> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let seconds = whole.parse::<i64>().ok()?;
    if !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let micros = format!("{fraction:0<6}").get(..6).and_then(|digits| digits.parse::<i64>().ok())?;
    Some(SentTime::from_unix(seconds, if whole.starts_with('-') { -micros } else { micros }))
}

/// The first ten characters, as a date at midnight.
fn date(text: &[u8]) -> Result<DateTime, &'static str> {
    if text.len() < 10 {
        return Err("input is too short");
    }
    let separator = "invalid date separator, expected `-`";
    let year = digits(text, 0, 4).ok_or("invalid character in year")?;
    expect(text, 4, b"-").ok_or(separator)?;
    let month = digits(text, 5, 2).ok_or("invalid character in month")?;
    expect(text, 7, b"-").ok_or(separator)?;
    let day = digits(text, 8, 2).ok_or("invalid character in day")?;
    if !(1..=12).contains(&month) {
        return Err("month value is outside expected range of 1-12");
    }
    let out_of_range = "day value is outside expected range";
    let narrow = |value| i8::try_from(value).map_err(|_| out_of_range);
    DateTime::new(year, narrow(month)?, narrow(day)?, 0, 0, 0, 0).map_err(|_| out_of_range)
}

/// Date, separator and time of day; seconds, fraction and zone may be missing.
fn rfc3339(text: &[u8]) -> Option<SentTime> {
    let day = date(text).ok()?;
    expect(text, 10, b"Tt _")?;
    let hour = digits(text, 11, 2)?;
    expect(text, 13, b":")?;
    let minute = digits(text, 14, 2)?;
    let (second, mut at) = match expect(text, 16, b":") {
        Some(()) => (digits(text, 17, 2)?, 19),
        None => (0, 16),
    };
    let mut nanos = 0;
    if expect(text, at, b".,").is_some() {
        let fraction: Vec<u8> = text.iter().skip(at + 1).copied().take_while(u8::is_ascii_digit).collect();
        at += 1 + fraction.len();
        let micros = fraction.iter().copied().chain(std::iter::repeat(b'0')).take(6);
        nanos = micros.fold(0, |sum, digit| sum * 10 + i32::from(digit - b'0')) * 1_000;
        if fraction.is_empty() {
            return None;
        }
    }
    let narrow = |value: i16| i8::try_from(value).ok();
    let civil = DateTime::new(
        day.year(),
        day.month(),
        day.day(),
        narrow(hour)?,
        narrow(minute)?,
        narrow(second)?,
        nanos,
    );
    Some(SentTime { civil: civil.ok()?, offset: zone(text.get(at..)?)? })
}

/// Parses the zone: empty, `Z`, or an offset with or without a colon.
fn zone(text: &[u8]) -> Option<Option<i32>> {
    let Some(first) = text.first() else { return Some(None) };
    let (sign, minutes_at) = match (first, text.len()) {
        (b'Z' | b'z', 1) => return Some(Some(0)),
        (b'+', 6) => (1, 4),
        (b'-', 6) => (-1, 4),
        (b'+', 5) => (1, 3),
        (b'-', 5) => (-1, 3),
        _ => return None,
    };
    if minutes_at == 4 {
        expect(text, 3, b":")?;
    }
    let (hours, minutes) = (digits(text, 1, 2)?, digits(text, minutes_at, 2)?);
    (hours < 24 && minutes < 60).then(|| Some(sign * (i32::from(hours) * 3_600 + i32::from(minutes) * 60)))
}

/// Parses this many decimal digits from `start`.
fn digits(text: &[u8], start: usize, count: usize) -> Option<i16> {
    text.get(start..start + count)?
        .iter()
        .try_fold(0, |number: i16, byte| byte.is_ascii_digit().then(|| number * 10 + i16::from(byte - b'0')))
}

/// Expects one of these characters at a position.
fn expect(text: &[u8], at: usize, any_of: &[u8]) -> Option<()> {
    any_of.contains(text.get(at)?).then_some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sent_text_is_echoed_and_utc_is_stored() {
        for (sent, echo, stored) in [
            ("2030-01-02T03:04:05Z", "2030-01-02T03:04:05Z", "2030-01-02T03:04:05Z"),
            ("2030-01-02T03:04:05+02:00", "2030-01-02T03:04:05+02:00", "2030-01-02T01:04:05Z"),
            ("2030-01-02T03:04:05-0330", "2030-01-02T03:04:05-03:30", "2030-01-02T06:34:05Z"),
            ("2030-01-02T03:04:05", "2030-01-02T03:04:05", "2030-01-02T03:04:05Z"),
            ("2030-01-02 03:04", "2030-01-02T03:04:00", "2030-01-02T03:04:00Z"),
            ("2030-01-02", "2030-01-02T00:00:00", "2030-01-02T00:00:00Z"),
            ("2030-01-02T03:04:05.1234569Z", "2030-01-02T03:04:05.123456Z", "2030-01-02T03:04:05.123456Z"),
            ("1893456000", "2030-01-01T00:00:00Z", "2030-01-01T00:00:00Z"),
            ("1893456000.5", "2030-01-01T00:00:00.500000Z", "2030-01-01T00:00:00.500000Z"),
            ("1893456000500", "2030-01-01T00:00:00.500000Z", "2030-01-01T00:00:00.500000Z"),
        ] {
            let time = sent_time(sent).unwrap();
            assert_eq!(
                (time.echo(), time.moment().unwrap().to_string()),
                (echo.to_owned(), stored.to_owned()),
                "{sent}"
            );
        }
    }

    #[test]
    fn errors_describe_an_invalid_date() {
        for (sent, problem) in [
            ("tomorrow", "input is too short"),
            ("day after tomorrow", "invalid character in year"),
            ("2030/01/02", "invalid date separator, expected `-`"),
            ("2030-13-02", "month value is outside expected range of 1-12"),
            ("2030-02-30", "day value is outside expected range"),
            ("2030-01-02T25:00:00Z", "unexpected extra characters at the end of the input"),
            ("2030-01-02T03:04:05+0", "unexpected extra characters at the end of the input"),
        ] {
            assert_eq!(sent_time(sent).err(), Some(problem), "{sent}");
        }
    }
}
