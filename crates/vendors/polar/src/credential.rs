//! Which plane a credential opens, and what else the configuration puts into headers.

#[cfg(feature = "webhooks")]
use anykey_core::adapter;
use anykey_core::adapter::ErrorExt as _;
use anykey_core::{Error, ErrorKind, Result, SecretString};
use anykey_http::BearerToken;
use http::HeaderValue;
use secrecy::ExposeSecret;

use crate::Plane;

/// How access tokens begin: of an organization, of a person, and of an app.
const ORGANIZATION_PREFIXES: &[&str] = &["polar_oat_", "polar_pat_", "polar_at_"];
/// How sessions begin: a customer's and a member's.
const SESSION_PREFIXES: &[&str] = &["polar_cst_", "polar_mst_"];
/// How webhook secrets begin, before and since September 2026.
const WEBHOOK_PREFIXES: &[&str] = &["polar_whs_", "whsec_"];

/// The plane that the two fields choose, and the credential to send on it.
///
/// # Errors
///
/// [`ErrorKind::Config`] when both are set, or when one holds what belongs into the other. No token is repeated.
pub(crate) fn choose(
    token: Option<SecretString>,
    session_token: Option<SecretString>,
) -> Result<(Plane, Option<BearerToken>)> {
    for secret in token.iter().chain(&session_token) {
        if starts_with(secret, WEBHOOK_PREFIXES) {
            return Err(config("the credential is a webhook secret; put it into `webhook_secrets`"));
        }
    }
    match (token, session_token) {
        (Some(_), Some(_)) => Err(config(
            "`token` and `session_token` are both set; keep the one for the keys that the app works with",
        )),
        (Some(token), None) if starts_with(&token, SESSION_PREFIXES) => {
            Err(config("`token` holds a customer's or member's session; put it into `session_token`"))
        }
        (None, Some(token)) if starts_with(&token, ORGANIZATION_PREFIXES) => Err(config(
            "`session_token` holds an access token of the organization; put it into `token`, on a server only",
        )),
        (Some(token), None) => Ok((Plane::Organization, Some(bearer("token", token)?))),
        (None, Some(token)) => Ok((Plane::Portal, Some(bearer("session_token", token)?))),
        (None, None) => Ok((Plane::Public, None)),
    }
}

/// Refuses what is no webhook secret but is easily taken for one: it would only be noticed when every delivery is
/// refused.
///
/// # Errors
///
/// [`ErrorKind::Config`], without repeating the secret.
#[cfg(feature = "webhooks")]
pub(crate) fn check_webhook_secret(secret: &SecretString) -> Result<()> {
    adapter::check_webhook_secret(secret)?;
    let text = secret.expose_secret();
    let message = if text.starts_with("v1,") {
        "the webhook secret is a signature (`v1,…`); copy the secret from the endpoint's settings"
    } else if starts_with(secret, ORGANIZATION_PREFIXES) || starts_with(secret, SESSION_PREFIXES) {
        "the webhook secret is an access token; copy the secret from the endpoint's settings"
    } else if starts_with(secret, WEBHOOK_PREFIXES) && has_more_than_a_secret(text) {
        "the webhook secret holds what Polar's secrets do not, such as a comment, a semicolon or a second secret; copy it \
         again"
    } else {
        return Ok(());
    };
    Err(config(message))
}

/// Whether a text that begins as Polar's own secrets do goes on with a comment, a second secret, or without its end.
#[cfg(feature = "webhooks")]
fn has_more_than_a_secret(text: &str) -> bool {
    text.contains([';', ',', '#', '\u{2026}']) || text.contains("...")
}

/// The value of the header `Polar-Version`.
///
/// # Errors
///
/// [`ErrorKind::Config`] unless it is written `YYYY-MM`: Polar answers 404 to every other form.
pub(crate) fn version_header(api_version: &str) -> Result<HeaderValue> {
    let invalid = || config("`api_version` is not written as YYYY-MM, such as 2026-10");
    let (year, month) = api_version.split_once('-').ok_or_else(invalid)?;
    let digits = |text: &str, length| text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit());
    let is_month = month.parse::<u8>().is_ok_and(|month| (1..=12).contains(&month));
    if !digits(year, 4) || !digits(month, 2) || !is_month {
        return Err(invalid());
    }
    HeaderValue::try_from(api_version).map_err(|_| invalid())
}

/// Whether a secret begins with one of `prefixes`.
fn starts_with(token: &SecretString, prefixes: &[&str]) -> bool {
    prefixes.iter().any(|prefix| token.expose_secret().starts_with(prefix))
}

/// The credential of the field `field`.
///
/// # Errors
///
/// `Config`, naming the field, if it cannot be sent in a header.
fn bearer(field: &str, token: SecretString) -> Result<BearerToken> {
    BearerToken::new(token).map_err(|error| error.in_context(&format!("`{field}`")))
}

/// A `Config` error with a message of this adapter.
fn config(message: &'static str) -> Error {
    Error::new(ErrorKind::Config, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(token: Option<&str>, session_token: Option<&str>) -> Result<Plane> {
        choose(token.map(SecretString::from), session_token.map(SecretString::from)).map(|(plane, _)| plane)
    }

    #[test]
    fn the_credential_chooses_the_plane() {
        assert_eq!(chosen(None, None).unwrap(), Plane::Public);
        for token in ["polar_oat_x", "polar_pat_x", "polar_at_o_x", "a-token-of-next-year"] {
            assert_eq!(chosen(Some(token), None).unwrap(), Plane::Organization);
        }
        for token in ["polar_cst_x", "polar_mst_x", "a-session-of-next-year"] {
            assert_eq!(chosen(None, Some(token)).unwrap(), Plane::Portal);
        }
    }

    #[test]
    fn a_credential_in_the_wrong_place_is_explained_and_never_repeated() {
        for (token, session_token, named) in [
            (Some("polar_oat_planted"), Some("polar_cst_planted"), "both set"),
            (Some("polar_cst_planted"), None, "put it into `session_token`"),
            (Some("polar_mst_planted"), None, "put it into `session_token`"),
            (None, Some("polar_oat_planted"), "put it into `token`"),
            (None, Some("polar_pat_planted"), "put it into `token`"),
            (None, Some("polar_at_u_planted"), "put it into `token`"),
            (Some("whsec_planted"), None, "`webhook_secrets`"),
            (None, Some("polar_whs_planted"), "`webhook_secrets`"),
            (Some("planted with blanks"), None, "`token`: "),
            (None, Some("planted\n"), "`session_token`: "),
        ] {
            let error = chosen(token, session_token).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Config);
            assert!(error.to_string().contains(named), "{error}");
            assert!(!format!("{error} {error:?}").contains("planted"), "{error}");
        }
    }

    #[cfg(feature = "webhooks")]
    #[test]
    fn what_is_taken_for_a_webhook_secret_is_refused_and_never_repeated() {
        for (secret, named) in [
            ("\"polar_whs_planted\"", "quotes"),
            ("'whsec_planted'", "quotes"),
            ("<whsec_planted>", "brackets"),
            ("WEBHOOK_SECRET=planted", "name"),
            ("v1,planted", "signature"),
            ("\u{feff}whsec_planted", "byte order mark"),
            ("whsec_pla\nnted-planted", "line break"),
            (" whsec_planted", "white space"),
            ("https://example.com/planted", "URL"),
            ("polar_oat_planted", "access token"),
            ("polar_cst_planted", "access token"),
            ("export WEBHOOK_SECRET=planted", "name"),
            ("whsec_****************", "masked"),
            ("polar_whs_planted;", "semicolon"),
            ("polar_whs_planted # live", "comment"),
            ("whsec_planted,whsec_planted", "second secret"),
            ("polar_whs_abcd...planted", "copy it"),
        ] {
            let error = check_webhook_secret(&secret.into()).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Config);
            assert!(error.to_string().contains(named) && !error.to_string().contains("planted"), "{error}");
        }
        for secret in [
            "polar_whs_ovyN6cPrTv56",
            "whsec_AAECAwQ=",
            "any text of the seller's own, with \"quotes\" in it",
        ] {
            check_webhook_secret(&secret.into()).unwrap();
        }
    }

    #[test]
    fn an_api_version_is_a_year_and_a_month() {
        assert_eq!(version_header("2026-10").unwrap(), "2026-10");
        for wrong in ["", "2026", "2026-13", "2026-00", "26-10", "2026-1", "2026-10-01", "latest", "2026-+1"]
        {
            assert_eq!(version_header(wrong).unwrap_err().kind(), ErrorKind::Config, "{wrong}");
        }
    }
}
