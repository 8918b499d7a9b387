//! The credential of every call: HTTP Basic with the consumer key and its secret.
//!
//! The server also takes both from the query. That form is not used, because a query is written to access logs.

use anykey_core::{Error, ErrorKind, Result, SecretString};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::HeaderValue;
use secrecy::ExposeSecret;

/// The value of the header `Authorization`, marked as sensitive, so that no trace prints it.
///
/// # Errors
///
/// `Config` for what is no consumer key or no consumer secret, such as a pasted pair or a secret with a line break.
/// The message contains neither.
pub(crate) fn authorization(key: &str, secret: &SecretString) -> Result<HeaderValue> {
    check("consumer_key", "ck_", key)?;
    check("consumer_secret", "cs_", secret.expose_secret())?;
    let encoded = STANDARD.encode(format!("{key}:{}", secret.expose_secret()));
    let mut header = HeaderValue::try_from(format!("Basic {encoded}"))
        .map_err(|_| Error::new(ErrorKind::Config, "the consumer key cannot be sent in a header"))?;
    header.set_sensitive(true);
    Ok(header)
}

/// Whether `text` has the form that the plugin generates: the prefix and 40 hexadecimal digits (recordings of
/// November 2026).
fn check(field: &'static str, prefix: &'static str, text: &str) -> Result<()> {
    if text.contains(char::is_whitespace) {
        return Err(Error::new(ErrorKind::Config, format!("`{field}` holds white space")));
    }
    let rest = text.strip_prefix(prefix).unwrap_or_default();
    if rest.len() == 40 && rest.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Ok(());
    }
    let message = format!("`{field}` is not what the plugin makes: `{prefix}` and 40 hexadecimal digits");
    Err(Error::new(ErrorKind::Config, message))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_header_is_basic_and_sensitive() {
        let (key, secret) = (format!("ck_{:040}", 1), format!("cs_{:040}", 2));
        let header = authorization(&key, &secret.clone().into()).unwrap();
        assert!(header.is_sensitive());
        let encoded = header.to_str().unwrap().strip_prefix("Basic ").unwrap();
        assert_eq!(STANDARD.decode(encoded).unwrap(), format!("{key}:{secret}").into_bytes());
    }

    #[test]
    fn what_is_no_consumer_key_is_an_error_without_it() {
        let good = (format!("ck_{:040}", 1), format!("cs_{:040}", 2));
        for (key, secret) in [
            (good.1.as_str(), good.1.as_str()),
            (good.0.as_str(), good.0.as_str()),
            ("", good.1.as_str()),
            (good.0.as_str(), "cs_planted"),
        ] {
            let error = authorization(key, &secret.into()).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Config);
            assert!(!error.to_string().contains("planted"), "{error}");
        }
    }
}
