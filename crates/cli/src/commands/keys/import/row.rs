//! A row of a file as a key: pure.

use anykey::{
    ActivationLimit, ActivationUse, Expiry, KeyCode, LicenseKey, LicenseKeyId, LicenseStatus, Usage,
};

use super::table::TableRow;
use crate::args::value::{instant, status};

/// What the keys' provider is called.
pub(super) const VENDOR: &str = "file";

/// The key that `row` describes.
///
/// # Errors
///
/// A sentence that names the field and does not repeat a code.
pub(super) fn key(row: &TableRow) -> Result<LicenseKey, String> {
    // Without one it is known by its line, so that a journal finds it again.
    let id = row.get("id").map_or_else(|| format!("line {}", row.line), str::to_owned);
    let word = row.get("status").map_or(Ok(LicenseStatus::Active), status)?;
    let mut key = LicenseKey::new(VENDOR, LicenseKeyId::from(id), code(row)?, word);
    key.expiry = expiry(row)?;
    key.activations = ActivationUse { used: number(row, "activations_used")?, limit: limit(row)? };
    let used = number(row, "usage")?;
    let usage_limit = number(row, "usage_limit")?;
    key.usage = (used.is_some() || usage_limit.is_some())
        .then(|| Usage { used: used.unwrap_or_default(), limit: usage_limit });
    key.customer = row.get("customer").map(Into::into);
    key.product = row.get("product").map(Into::into);
    key.origin.subscription = row.get("subscription").map(Into::into);
    Ok(key)
}

fn code(row: &TableRow) -> Result<KeyCode, String> {
    let text = row.get("key").ok_or("`key` is missing")?;
    if text.starts_with("****") {
        return Err("its code is masked; export it with --show-keys".to_owned());
    }
    let code = KeyCode::parse(text).map_err(|error| error.message().to_owned())?;
    // What is taken off when a person pastes a key would make another key here.
    if code.expose() != text.trim() {
        return Err(
            "its code has line breaks, invisible characters, or quotation marks or brackets around it"
                .to_owned(),
        );
    }
    Ok(code)
}

fn expiry(row: &TableRow) -> Result<Expiry, String> {
    match (row.get("expiry"), row.get("expires_at")) {
        (None | Some("at"), Some(at)) => {
            instant(at).map(Expiry::At).map_err(|error| format!("`expires_at`: {error}"))
        }
        (None | Some("never"), None) => Ok(Expiry::Never),
        (Some("with_subscription"), None) => Ok(Expiry::FollowsSubscription),
        (Some("unknown"), None) => Ok(Expiry::Unknown),
        (Some("at"), None) => Err("`expires_at` is missing".to_owned()),
        (Some("never" | "with_subscription" | "unknown"), Some(_)) => {
            Err("`expiry` and `expires_at` contradict each other".to_owned())
        }
        _ => Err("`expiry` is none of never, at, with_subscription and unknown".to_owned()),
    }
}

fn limit(row: &TableRow) -> Result<ActivationLimit, String> {
    match (row.get("activation_rule"), number(row, "activation_limit")?) {
        (None | Some("at_most"), Some(limit)) => Ok(ActivationLimit::AtMost(limit)),
        (None | Some("unlimited"), None) => Ok(ActivationLimit::Unlimited),
        (Some("not_allowed"), None) => Ok(ActivationLimit::NotAllowed),
        (Some("unknown"), None) => Ok(ActivationLimit::Unknown),
        (Some("at_most"), None) => Err("`activation_limit` is missing".to_owned()),
        (Some("unlimited" | "not_allowed" | "unknown"), Some(_)) => {
            Err("`activation_rule` and `activation_limit` contradict each other".to_owned())
        }
        _ => Err("`activation_rule` is none of at_most, unlimited, not_allowed and unknown".to_owned()),
    }
}

fn number<N: std::str::FromStr>(row: &TableRow, field: &str) -> Result<Option<N>, String> {
    let text = row.get(field);
    text.map(|text| text.parse().map_err(|_| format!("`{field}` is no number that it can be"))).transpose()
}

#[cfg(test)]
mod tests {
    use super::super::table::of_csv;
    use super::*;

    fn read(header: &str, cells: &str) -> Result<LicenseKey, String> {
        let rows = of_csv(&format!("key,{header}\nSHOP-1234-ABCDEF,{cells}\n")).unwrap();
        key(&rows[0])
    }

    #[test]
    fn a_row_of_a_code_alone_is_a_key_as_create_makes_it() {
        let key = read("product", "pdt_1").unwrap();
        assert_eq!((key.id.as_str(), key.code.expose()), ("line 2", "SHOP-1234-ABCDEF"));
        assert_eq!((key.status, key.expiry), (LicenseStatus::Active, Expiry::Never));
        assert_eq!((key.activations.limit, key.usage), (ActivationLimit::Unlimited, None));
    }

    #[test]
    fn what_a_listing_says_is_read_as_it_was_meant() {
        let expiry =
            |word: &str, at: &str| read("expiry,expires_at", &format!("{word},{at}")).map(|key| key.expiry);
        let end = Expiry::At("2027-06-01T00:00:00Z".parse().unwrap());
        assert_eq!(expiry("at", "2027-06-01T00:00:00Z"), Ok(end));
        assert_eq!(expiry("", "2027-06-01"), Ok(end));
        assert_eq!(expiry("unknown", ""), Ok(Expiry::Unknown));
        assert_eq!(expiry("with_subscription", ""), Ok(Expiry::FollowsSubscription));
        for (word, at) in [("at", ""), ("never", "2027-06-01"), ("soon", ""), ("at", "tomorrow")] {
            assert!(expiry(word, at).is_err(), "{word} {at}");
        }
        let limit = |rule: &str, limit: &str| {
            read("activation_rule,activation_limit", &format!("{rule},{limit}"))
                .map(|key| key.activations.limit)
        };
        assert_eq!(limit("at_most", "3"), Ok(ActivationLimit::AtMost(3)));
        assert_eq!(limit("", "3"), Ok(ActivationLimit::AtMost(3)));
        assert_eq!(limit("unknown", ""), Ok(ActivationLimit::Unknown));
        for (rule, number) in [("at_most", ""), ("unlimited", "3"), ("", "-1"), ("", "many"), ("some", "")] {
            assert!(limit(rule, number).is_err(), "{rule} {number}");
        }
    }

    #[test]
    fn a_masked_code_is_an_error() {
        let rows = of_csv("key\n****-ABCDEF\n").unwrap();
        assert_eq!(key(&rows[0]).unwrap_err(), "its code is masked; export it with --show-keys");
    }
}
