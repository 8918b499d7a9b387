//! Dates as Polar writes them.

use std::fmt;

use anykey_core::Timestamp;
use anykey_http::JsonTimestamp;
use serde::de::{IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

/// A date of an answer; empty when it cannot be read.
///
/// All but one are UTC with `Z`. The answer to a `PATCH` repeats `expires_at` as it was sent: with an offset,
/// or without any zone, which means UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Moment(pub(crate) Option<Timestamp>);

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(MomentVisitor)
    }
}

struct MomentVisitor;

impl<'de> Visitor<'de> for MomentVisitor {
    type Value = Moment;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a date")
    }

    fn visit_str<E>(self, text: &str) -> Result<Moment, E> {
        Ok(Moment(read(text)))
    }

    fn visit_bool<E>(self, _: bool) -> Result<Moment, E> {
        Ok(Moment(None))
    }

    fn visit_i64<E>(self, _: i64) -> Result<Moment, E> {
        Ok(Moment(None))
    }

    fn visit_u64<E>(self, _: u64) -> Result<Moment, E> {
        Ok(Moment(None))
    }

    fn visit_f64<E>(self, _: f64) -> Result<Moment, E> {
        Ok(Moment(None))
    }

    fn visit_unit<E>(self) -> Result<Moment, E> {
        Ok(Moment(None))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, items: A) -> Result<Moment, A::Error> {
        IgnoredAny.visit_seq(items).map(|_| Moment(None))
    }

    fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<Moment, A::Error> {
        IgnoredAny.visit_map(members).map(|_| Moment(None))
    }
}

fn read(text: &str) -> Option<Timestamp> {
    let parse = |text: &str| JsonTimestamp::parse(text).map(Timestamp::from);
    parse(text)
        .or_else(|| parse(&format!("{text}Z")))
        .or_else(|| parse(&format!("{text}T00:00:00Z")))
        .or_else(|| is_past_the_last(text).then_some(Timestamp::MAX))
}

/// Polar's dates end with the year 9999, [`Timestamp`] some hours earlier.
fn is_past_the_last(text: &str) -> bool {
    text.starts_with("9999-12-3")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moment(json: &str) -> Option<Timestamp> {
        serde_json::from_str::<Moment>(json).unwrap().0
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
            assert_eq!(moment(&format!("\"{text}\"")), Some(instant), "{text}");
        }
        assert_eq!(moment("\"2030-01-02\""), Some("2030-01-02T00:00:00Z".parse().unwrap()));
    }

    #[test]
    fn the_last_day_of_the_year_9999_is_the_last_instant() {
        assert_eq!(moment("\"9999-12-31T23:59:59Z\""), Some(Timestamp::MAX));
        assert_eq!(moment("\"9999-12-30T23:59:59\""), Some(Timestamp::MAX));
    }

    #[test]
    fn what_is_no_date_is_unreadable_and_breaks_nothing() {
        for json in ["\"soon\"", "\"\"", "1893456000", "{}", "true"] {
            assert_eq!(moment(json), None, "{json}");
        }
    }
}
