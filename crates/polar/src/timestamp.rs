//! Dates as Polar writes them.

use std::borrow::Cow;

use anykey_core::Timestamp;
use serde::de::IgnoredAny;
use serde::{Deserialize, Deserializer};

/// A date of an answer; empty when it cannot be read.
///
/// All but one are UTC with `Z`. The answer to a `PATCH` repeats `expires_at` as it was sent: with an offset,
/// or without any zone, which means UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Moment(pub(crate) Option<Timestamp>);

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Written<'a> {
            Text(#[serde(borrow)] Cow<'a, str>),
            Other(IgnoredAny),
        }

        Written::deserialize(deserializer).map(|written| match written {
            Written::Text(text) => Self(read(&text)),
            Written::Other(_) => Self(None),
        })
    }
}

fn read(text: &str) -> Option<Timestamp> {
    let parse = |text: &str| text.parse().ok();
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
