//! The vendor's own time, from the headers of an answer.
//!
//! Expiries are compared with it, so that a wrong clock of the device does not matter.

use anykey_core::{SignedDuration, Timestamp};
use http::HeaderMap;
use http::header::{AGE, DATE};

/// A cache on the way may have kept an answer for so long that its time says nothing about now.
const OLDEST: i64 = 86_400;

/// The vendor's time when the answer left for this client: its `Date`, and the `Age` that a cache on the way added.
///
/// `None` without a readable `Date`, and when `Age` is unreadable or more than a day. Resolution is one second.
pub(crate) fn answered_at(headers: &HeaderMap) -> Option<Timestamp> {
    let text = |name| headers.get(name).map(|value| value.to_str().ok());
    let date = httpdate::parse_http_date(text(DATE)??.trim()).ok()?;
    let age = match text(AGE) {
        Some(seconds) => seconds?.trim().parse::<i64>().ok().filter(|age| (0..=OLDEST).contains(age))?,
        None => 0,
    };
    Timestamp::try_from(date).ok()?.checked_add(SignedDuration::from_secs(age)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(headers: &[(&'static str, &'static str)]) -> Option<String> {
        let pair = |&(name, value): &(&'static str, &'static str)| {
            (http::HeaderName::from_static(name), http::HeaderValue::from_static(value))
        };
        answered_at(&headers.iter().map(pair).collect()).map(|at| at.to_string())
    }

    #[test]
    fn the_time_is_the_vendors_whatever_was_cached_on_the_way() {
        const DATE: (&str, &str) = ("date", "Fri, 30 Oct 2026 08:15:41 GMT");
        let at = |text: &str| Some(text.to_owned());
        assert_eq!(read(&[DATE]), at("2026-10-30T08:15:41Z"));
        assert_eq!(read(&[("age", "19"), DATE]), at("2026-10-30T08:16:00Z"));
        assert_eq!(read(&[("date", "Friday, 30-Oct-26 08:15:41 GMT")]), at("2026-10-30T08:15:41Z"));
        for age in ["-1", "86401", "99999999999999999999", "soon", ""] {
            assert_eq!(read(&[("age", age), DATE]), None, "{age}");
        }
        for date in ["", "now", "Fri, 30 Oct 2026", "2026-10-30T08:15:41Z", "Fri, 30 Oct 99999 08:15:41 GMT"]
        {
            assert_eq!(read(&[("date", date)]), None, "{date}");
        }
        assert_eq!(read(&[("age", "0")]), None);
    }
}
