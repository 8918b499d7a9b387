//! How single values are written on the command line.

use anykey::{ActivationLimit, LicenseStatus, MetadataValue, Timestamp};
use clap_complete::engine::{ArgValueCandidates, CompletionCandidate};
use url::Url;

use super::VerificationTime;
use crate::output::{Order, Row as _};
use crate::view::KeyView;

/// `2027-01-31T12:00:00Z`, any offset, or `2027-01-31`: the start of that day in UTC.
pub(crate) fn instant(text: &str) -> Result<Timestamp, String> {
    let is_date = !text.contains(['T', 't', ' ']);
    let parsed = if is_date { format!("{text}T00:00:00Z").parse() } else { text.parse() };
    parsed.map_err(|_| "write a date such as 2027-01-31, or a time such as 2027-01-31T12:00:00Z".to_owned())
}

/// An address of http or https that a path can follow. It is printed, and its user name and password would not be sent.
pub(crate) fn web_address(text: &str) -> Result<Url, String> {
    let ends_with_its_path = |url: &Url| url.query().is_none() && url.fragment().is_none();
    let has_no_user = |url: &Url| url.username().is_empty() && url.password().is_none();
    let url = Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
    url.filter(ends_with_its_path).filter(has_no_user).ok_or_else(|| {
        "write an address such as http://127.0.0.1:8790, without a user name, a query and a fragment"
            .to_owned()
    })
}

/// `now`, `sent`, or a time as [`instant`] reads it.
pub(crate) fn verification_time(text: &str) -> Result<VerificationTime, String> {
    match text {
        "now" => Ok(VerificationTime::Now),
        "sent" => Ok(VerificationTime::Sent),
        time => {
            instant(time).map(VerificationTime::Time).map_err(|error| format!("{error}; or `now` or `sent`"))
        }
    }
}

/// A field of a key, with `-` in front for the largest first.
pub(crate) fn order(text: &str) -> Result<Order, String> {
    let name = text.strip_prefix('-').unwrap_or(text);
    match KeyView::FIELDS.iter().find(|field| **field == name) {
        Some(field) => Ok(Order { field, is_descending: text.starts_with('-') }),
        None => Err(format!("write one of {}", KeyView::FIELDS.join(", "))),
    }
}

/// The fields that [`order`] reads, for the completions of a shell.
pub(crate) fn fields() -> ArgValueCandidates {
    ArgValueCandidates::new(|| KeyView::FIELDS.iter().map(CompletionCandidate::new).collect())
}

/// A status by its own name; any other word is taken as a vendor's.
#[expect(clippy::unnecessary_wraps, reason = "the shape of a value parser")]
pub(crate) fn status(text: &str) -> Result<LicenseStatus, String> {
    Ok(match text.to_ascii_lowercase().as_str() {
        "active" => LicenseStatus::Active,
        "inactive" => LicenseStatus::Inactive,
        "expired" => LicenseStatus::Expired,
        "disabled" => LicenseStatus::Disabled,
        "revoked" => LicenseStatus::Revoked,
        _ => LicenseStatus::Other(text.into()),
    })
}

/// A number, `unlimited` or `none`.
pub(crate) fn activation_limit(text: &str) -> Result<ActivationLimit, String> {
    match text {
        "unlimited" => Ok(ActivationLimit::Unlimited),
        "none" => Ok(ActivationLimit::NotAllowed),
        number => number
            .parse()
            .map(ActivationLimit::AtMost)
            .map_err(|_| "write a number, `unlimited`, or `none` for a key without activations".to_owned()),
    }
}

/// A number or `unlimited`: what a new key can have.
pub(crate) fn creatable_limit(text: &str) -> Result<ActivationLimit, String> {
    match activation_limit(text) {
        Ok(limit @ (ActivationLimit::Unlimited | ActivationLimit::AtMost(_))) => Ok(limit),
        _ => Err("write a number or `unlimited`".to_owned()),
    }
}

/// `NAME=VALUE`: a value that reads as JSON's true, false, number or quoted text is that, any other is text.
pub(crate) fn named_value(text: &str) -> Result<(String, MetadataValue), String> {
    let (name, value) = text
        .split_once('=')
        .filter(|(name, _)| !name.is_empty())
        .ok_or_else(|| "write it as NAME=VALUE".to_owned())?;
    let value = serde_json::from_str(value).unwrap_or_else(|_| MetadataValue::from(value));
    Ok((name.to_owned(), value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_the_start_of_the_day_in_utc() {
        let midnight: Timestamp = "2027-01-31T00:00:00Z".parse().unwrap();
        assert_eq!(instant("2027-01-31"), Ok(midnight));
        assert_eq!(instant("2027-01-31T02:00:00+02:00"), Ok(midnight));
        assert!(instant("tomorrow").is_err());
        assert!(instant("2027-02-30").is_err());
    }

    #[test]
    fn limits_are_spelled_out() {
        assert_eq!(activation_limit("3"), Ok(ActivationLimit::AtMost(3)));
        assert_eq!(activation_limit("none"), Ok(ActivationLimit::NotAllowed));
        assert!(activation_limit("-1").is_err());
        assert!(creatable_limit("none").is_err());
    }

    #[test]
    fn named_values_keep_their_type() {
        let value = |text| named_value(text).unwrap().1;
        assert_eq!(value("cores=8"), MetadataValue::Integer(8));
        assert_eq!(value("pro=true"), MetadataValue::Bool(true));
        assert_eq!(value("version=\"8\""), MetadataValue::from("8"));
        assert_eq!(value("os=linux"), MetadataValue::from("linux"));
        assert_eq!(value("list=[1]"), MetadataValue::from("[1]"));
        assert!(named_value("=x").is_err() && named_value("x").is_err());
    }

    #[test]
    fn a_path_can_follow_a_web_address() {
        assert!(web_address("https://shop.example/hooks").is_ok());
        for wrong in [
            "shop.example",
            "ftp://shop.example",
            "http://shop.example/?a=b",
            "http://shop.example/#a",
            "https://ada@shop.example/",
            "https://ada:planted@shop.example/",
        ] {
            assert!(web_address(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn an_unknown_status_word_is_the_vendors() {
        assert_eq!(status("Active"), Ok(LicenseStatus::Active));
        assert_eq!(status("paused"), Ok(LicenseStatus::Other("paused".into())));
    }
}
